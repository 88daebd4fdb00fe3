import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { personOf, writeCommit } from '../git/commits.ts';
import { type GitStore, openGitStore, writeBlob } from '../git/git-store.ts';
import { ZERO_ID } from '../git/ref-names.ts';
import type { Account, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';
import type { Client } from './client.ts';

/** A commit that somebody makes on their machine and pushes. */
export interface Push {
  readonly author: Account;
  readonly branch: string;
  /** Path → text, or null to remove; the rest stays. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** Branch or commit to start from. Default: the branch itself, or the default branch. */
  readonly from?: string;
  readonly message?: string;
  readonly force?: boolean;
}

/** What became of a push. */
export interface Pushed {
  readonly commit: string;
  readonly ok: boolean;
  /** What git and the forge said. */
  readonly said: string;
}

/** Commits in a repository of its own and pushes it over HTTP, with the client's token. */
export async function pushCommit(
  world: World,
  repository: Repository,
  { client, push }: { readonly client: Client; readonly push: Push },
): Promise<Pushed> {
  const folder = await mkdtemp(join(world.folder, 'work-'));
  try {
    const work = openGitStore(folder);
    await work.text(['init', '--quiet', '--bare', folder]);
    const url = client.gitUrl(repository);
    const start =
      push.from ??
      (repository.refs.has(`refs/heads/${push.branch}`) ? push.branch : repository.defaultBranch);
    const fetched = await work.run(['fetch', '--quiet', url, `+${start}:refs/heads/start`]);
    const commit = await commitOn(world, work, { push, hasParent: fetched.code === 0 });
    const refspec = `${push.force === true ? '+' : ''}${commit}:refs/heads/${push.branch}`;
    const { code, stderr } = await work.run(['push', '--quiet', url, refspec]);
    return { commit, ok: code === 0, said: stderr };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function commitOn(
  world: World,
  work: GitStore,
  { push, hasParent }: { readonly push: Push; readonly hasParent: boolean },
): Promise<string> {
  const env = { GIT_INDEX_FILE: join(work.folder, 'work-index') };
  if (hasParent) await work.text(['read-tree', 'refs/heads/start'], { env });
  const lines: string[] = [];
  for (const [path, content] of Object.entries(push.files ?? {})) {
    const entry = content === null ? `0 ${ZERO_ID}` : `100644 ${await writeBlob(work, Buffer.from(content))}`;
    lines.push(`${entry}\t${path}\0`);
  }
  const input = lines.join('');
  await work.text(['update-index', '-z', '--replace', '--index-info'], { env, input });
  const author = personOf(push.author, world.clock());
  return writeCommit(work, {
    tree: await work.text(['write-tree'], { env }),
    parents: hasParent ? [await work.text(['rev-parse', 'refs/heads/start'])] : [],
    author,
    committer: author,
    message: push.message ?? `change ${push.branch}\n`,
    signed: false,
  });
}
