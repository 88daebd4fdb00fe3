import { appOf } from '../auth/actor.ts';
import { type Person, personOf, readCommit, webFlow, writeCommit } from '../git/commits.ts';
import { typeOf, writeBlob } from '../git/git-store.ts';
import { type Answer, created, ok, paramIn, type RepositoryCall, textOf, textsOf } from '../http/call.ts';
import { invalid, notFound, Refusal } from '../http/refusal.ts';
import { viewGitCommit } from '../views/commit-view.ts';
import { nodeId, repositoryApi } from '../views/urls.ts';
import type { Account, Json } from '../world/model.ts';
import { actorOf } from './actor-of.ts';

/** `POST git/blobs`. */
export async function createBlob({ world, repository, body }: RepositoryCall): Promise<Answer> {
  const encoding = textOf(body, 'encoding') === 'base64' ? 'base64' : 'utf8';
  const sha = await writeBlob(repository.git, Buffer.from(textOf(body, 'content') ?? '', encoding));
  return created({ sha, url: repositoryApi(world, repository, `/git/blobs/${sha}`) });
}

/** `GET git/blobs/{file_sha}`. */
export async function getBlob(call: RepositoryCall): Promise<Answer> {
  const { world, repository } = call;
  const sha = paramIn(call, 'file_sha');
  if ((await typeOf(repository.git, sha)) !== 'blob') throw notFound();
  const content = await repository.git.bytes(['cat-file', 'blob', sha]);
  return ok({
    sha,
    node_id: nodeId('B', repository.id) + sha,
    size: content.length,
    url: repositoryApi(world, repository, `/git/blobs/${sha}`),
    content: content.toString('base64').replace(/.{60}/g, '$&\n'),
    encoding: 'base64',
  });
}

/** `POST git/commits`: an App that names no author gets a signature, https://docs.github.com/authentication/managing-commit-signature-verification/about-commit-signature-verification#signature-verification-for-bots. */
export async function createCommit(call: RepositoryCall): Promise<Answer> {
  const { world, repository, body } = call;
  const { git } = repository;
  const tree = textOf(body, 'tree') ?? '';
  const parents = textsOf(body, 'parents') ?? [];
  if ((await typeOf(git, tree)) !== 'tree') throw invalid('Commit', 'tree', 'Tree SHA does not exist');
  for (const parent of parents) {
    if ((await typeOf(git, parent)) !== 'commit')
      throw invalid('Commit', 'parents', 'Parent SHA does not exist');
  }
  const account = actorOf(call);
  const isOwnWord = body['author'] !== undefined || body['committer'] !== undefined;
  const signed = appOf(call.actor) !== null && !isOwnWord && body['signature'] === undefined;
  const author = readPerson(body['author'], account, world.clock()) ?? personOf(account, world.clock());
  const committer =
    readPerson(body['committer'], account, world.clock()) ?? (signed ? webFlow(world.clock()) : author);
  const message = textOf(body, 'message') ?? '';
  const sha = await writeCommit(git, { tree, parents, author, committer, message, signed });
  return created(viewGitCommit(world, repository, await readCommit(git, sha)));
}

/** `GET git/commits/{commit_sha}`. */
export async function getGitCommit(call: RepositoryCall): Promise<Answer> {
  const sha = paramIn(call, 'commit_sha');
  if ((await typeOf(call.repository.git, sha)) !== 'commit') throw notFound();
  return ok(viewGitCommit(call.world, call.repository, await readCommit(call.repository.git, sha)));
}

function readPerson(value: unknown, account: Account, now: number): Person | null {
  if (typeof value !== 'object' || value === null) return null;
  const { name, email, date } = value as Json;
  const at = typeof date === 'string' ? Date.parse(date) : now;
  if (Number.isNaN(at)) throw new Refusal(422, 'Invalid request.\n\n"date" is not a valid date');
  return {
    name: typeof name === 'string' ? name : account.login,
    email: typeof email === 'string' ? email : account.email,
    seconds: Math.floor(at / 1000),
    zone: '+0000',
  };
}
