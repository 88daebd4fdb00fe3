import type { CommitClaims, CommitRecords, NoteFile } from '../../cycles/audit-port.ts';
import type { RunGit } from './git-process.ts';
import { readNamedCommits } from './named-commits.ts';
import { isObjectId } from './object-id.ts';
import { resolveCommit } from './refs.ts';
import { readTreeFiles } from './tree-files.ts';

const NOTES_REF = 'refs/notes/peak';

/** Reads what a repository holds about commits; see the port. Notes lie at the top of their tree, wherever the governed root is. */
export function createCommitRecords(run: RunGit, ref: string = NOTES_REF): CommitRecords {
  return {
    notes: async () => {
      const head = await resolveCommit(run, ref);
      return head === null ? [] : (await readTreeFiles({ run, prefix: '' }, head, [''])).flatMap(toNote);
    },
    claims: (commits) => readClaims(run, commits),
  };
}

/** git spreads notes over folders of two digits, as many as it sees fit (git-notes(1)). */
function toNote({ path, ...file }: { path: string } & Omit<NoteFile, 'commit'>): readonly NoteFile[] {
  const commit = path.replaceAll('/', '');
  const isSpread = /^(?:[0-9a-f]{2}\/)*[0-9a-f]+$/.test(path);
  return isSpread && isObjectId(commit) ? [{ commit, ...file }] : [];
}

/** Nothing in front of the name can hold a bar. */
const CLAIMS = /^([0-9a-f]+)\|([0-9a-f ]*)\|(.*)$/s;

async function readClaims(
  run: RunGit,
  commits: readonly string[],
): Promise<ReadonlyMap<string, CommitClaims>> {
  const found = new Map<string, CommitClaims>();
  for (const line of await readNamedCommits(run, commits, '%H|%P|%an <%ae>')) {
    const [, id, parents = '', author = ''] = CLAIMS.exec(line) ?? [];
    if (id !== undefined) found.set(id, { author, parents: parents.split(' ').filter((one) => one !== '') });
  }
  return found;
}
