import type { RevisionReader } from '../../cycles/revision-port.ts';
import { gitOutput, type RunGit } from './git-process.ts';
import { isObjectId } from './object-id.ts';
import { resolveCommit } from './refs.ts';

/** Binds the port to a repository; see there. */
export function createRevisionReader(run: RunGit): RevisionReader {
  return {
    resolveRevision: (word) => resolveRevision(run, word),
    revisionNames: () => readNames(run),
  };
}

/** A name, and steps back from it. */
const STEPS = /^([^~^]+)((?:[~^]\d{0,9})*)$/;

/** The name is ours to resolve, since git would take a tag for a branch of the same name; git walks from the commit that it is. */
async function resolveRevision(run: RunGit, word: string): Promise<string | null> {
  const [, name = '', steps = ''] = STEPS.exec(word) ?? [];
  if (name === '') return null;
  const start = await resolveCommit(run, name === '@' ? 'HEAD' : name);
  if (start === null || steps === '') return start;
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${start}${steps}^{commit}`];
  const { exitCode, stdout } = await run(args);
  const oid = stdout.toString('latin1').trim();
  return exitCode === 0 && isObjectId(oid) ? oid : null;
}

async function readNames(run: RunGit): Promise<readonly string[]> {
  const kinds = ['refs/heads', 'refs/remotes', 'refs/tags'];
  const output = await gitOutput(run, ['for-each-ref', '--format=%(refname)', ...kinds]);
  const refs = output.toString('utf8').split('\n');
  return refs.flatMap((ref) => (ref === '' ? [] : [ref.split('/').slice(2).join('/')]));
}
