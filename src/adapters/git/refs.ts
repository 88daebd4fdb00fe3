import { AppError } from '../../kernel/app-error.ts';
import { gitFailure, gitOutput, type RunGit } from './git-process.ts';
import { assertObjectId, isObjectId, isShortObjectId } from './object-id.ts';
import { resolveObjects } from './objects.ts';
import { isRefName } from './ref-name.ts';

/** Answers the commit of HEAD, null when its branch has none yet. */
async function readHead(run: RunGit): Promise<string | null> {
  const output = await run(['rev-parse', '--quiet', '--verify', 'HEAD^{commit}']);
  if (output.exitCode === 0) return output.stdout.toString('latin1').trim();
  // Also how git answers when HEAD is damaged, which must not pass for a repository without history.
  const branch = (await gitOutput(run, ['symbolic-ref', '--quiet', 'HEAD'])).toString('utf8').trim();
  if ((await readRef(run, branch)) === null) return null;
  throw gitFailure(['rev-parse'], output);
}

/** Answers the commit that a name points at, or null; see the port for the order. */
export async function resolveCommit(run: RunGit, name: string): Promise<string | null> {
  if (isObjectId(name)) return peel(run, name);
  if (name === 'HEAD') return readHead(run);
  const refs = name.startsWith('refs/')
    ? [name]
    : ['heads', 'remotes', 'tags'].map((kind) => `refs/${kind}/${name}`);
  const found = refs.every(isRefName) ? await readRefs(run, refs) : new Map<string, string>();
  const oid = refs.map((ref) => found.get(ref)).find((value) => value !== undefined);
  if (oid === undefined) return isShortObjectId(name) ? peel(run, name) : null;
  const commit = await peel(run, oid);
  if (commit === null) throw new AppError('GIT_FAILED', `${name} does not lead to a commit`);
  return commit;
}

/** Answers the object that exactly this ref (`refs/…`) holds, or null when there is no such ref. */
export async function readRef(run: RunGit, ref: string): Promise<string | null> {
  return (await readRefs(run, [ref])).get(ref) ?? null;
}

/**
 * for-each-ref, because rev-parse and show-ref guess: asked for a missing `refs/heads/x` they would accept a tag that
 * is called `refs/heads/x`. It also answers with refs below the one asked, which the caller does not look up.
 */
async function readRefs(run: RunGit, refs: readonly string[]): Promise<Map<string, string>> {
  const args = ['for-each-ref', '--format=%(objectname) %(refname)', ...refs];
  const output = await run(args);
  // git only warns about a ref it cannot read, and then lists it as little as one that does not exist.
  if (output.exitCode !== 0 || output.stderr.includes('ignoring broken ref')) throw gitFailure(args, output);
  const lines = output.stdout.toString('utf8').split('\n');
  return new Map(lines.map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))]));
}

async function peel(run: RunGit, oid: string): Promise<string | null> {
  const [commit] = await resolveObjects(run, [`${oid}^{commit}`]);
  return commit ?? null;
}

/** Answers the committer of a commit, `Name <email>`. */
export async function readCommitter(run: RunGit, commit: string): Promise<string> {
  assertObjectId(commit);
  const output = await gitOutput(run, ['log', '-1', '--no-show-signature', '--format=%cn <%ce>', commit]);
  return output.toString('utf8').trimEnd();
}
