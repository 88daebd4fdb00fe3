import { type AutoApplyPolicy, isNeverTarget } from '../governance/index.ts';
import type { CommitLog } from '../history/index.ts';
import { AppError } from '../kernel/app-error.ts';
import { EVIDENCE_PATH } from '../kernel/governed-paths.ts';
import { type Problem, problem, warning } from '../kernel/problem.ts';
import { findQuarantineReason } from '../learning/index.ts';
import { isEvidencePath, readCommitted, type Texts } from './committed-files.ts';
import type { GitRepository, PathChange, TreeFile } from './git-port.ts';
import type { Survey } from './publishing-port.ts';
import type { WorkTree } from './work-tree-port.ts';

/** Evidence that the base commit does not have: from the work tree, and carried on branches that are not merged yet. */
export interface NewEvidence {
  readonly texts: Texts;
  /** Left out, each with its reason. */
  readonly warnings: readonly Problem[];
  readonly problems: readonly Problem[];
}

/** Where evidence is looked for. */
export interface EvidencePlaces {
  readonly git: GitRepository & CommitLog;
  readonly workTree: WorkTree;
  readonly survey: Pick<Survey, 'base' | 'heads'>;
}

/** What is known of the base and the work tree already. */
export interface EvidenceKnown {
  readonly committed: ReadonlyMap<string, TreeFile>;
  readonly changes: readonly PathChange[];
  readonly policy: AutoApplyPolicy;
}

/**
 * Collects new evidence. What an unmerged branch of ours holds is carried on, so that evidence never dies with the machine that
 * produced it; but not what the base once had and has deleted, which is people's decision. A file that holds a secret, or a value
 * that is never shown, is quarantined: named, and not published.
 */
export async function collectNewEvidence(
  places: EvidencePlaces,
  { committed, changes, policy }: EvidenceKnown,
): Promise<NewEvidence> {
  const warnings: Problem[] = [];
  const found: FoundFile[] = [...(await readCarried(places, committed))];
  const untracked = changes.filter(({ path, state }) => state === 'untracked' && isEvidencePath(path));
  for (const { path } of untracked) {
    const text = readUntracked(places.workTree, path, warnings);
    if (text !== null && isCleared(path, text, policy, warnings))
      found.push({ path, text, where: 'the work tree' });
  }
  const { texts, problems } = withoutClashes(found);
  return { texts, problems: [...findInnerRepositories(changes), ...problems], warnings };
}

/** Git does not look into a repository inside this one: what lies there would count here, and be left out of what is published. */
function findInnerRepositories(changes: readonly PathChange[]): readonly Problem[] {
  return changes
    .filter(({ path }) => path.startsWith(`${EVIDENCE_PATH}/`) && path.endsWith('/'))
    .map(({ path }) => problem('INNER_REPOSITORY', {}, { file: path }));
}

/** Evidence on our branches that is not on the base, and never was. */
async function readCarried(
  { git, survey: { base, heads } }: EvidencePlaces,
  committed: ReadonlyMap<string, TreeFile>,
): Promise<readonly FoundFile[]> {
  const isMissing = (path: string) => isEvidencePath(path) && !committed.has(path);
  const found: (FoundFile & { readonly oid: string })[] = [];
  for (const [branch, head] of heads) {
    const carried = await readCommitted(git, head, [EVIDENCE_PATH], isMissing);
    for (const [path, text] of carried.texts)
      found.push({ path, text, where: branch, oid: carried.files.get(path)?.oid ?? '' });
  }
  if (found.length === 0) return [];
  const former = await readFormer(git, base);
  return found.filter(({ path, oid }) => !former.has(fileKey(path, oid)));
}

/**
 * Every evidence file that the base replaced or deleted. The whole history and not just the part since the branch left it: a squash
 * merge brings a branch's files to the base without any commit in common.
 */
async function readFormer(git: CommitLog, base: string): Promise<ReadonlySet<string>> {
  const commits = await git.changesAlong({ after: null, until: base }, [EVIDENCE_PATH]);
  return new Set(
    commits.flatMap(({ files }) =>
      files.flatMap(({ path, before }) => (before === null ? [] : [fileKey(path, before.oid)])),
    ),
  );
}

/** A file of the same name with other content is another file. */
function fileKey(path: string, oid: string): string {
  return `${oid} ${path}`;
}

interface FoundFile {
  readonly path: string;
  readonly text: string;
  readonly where: string;
}

/** The same file in two places counts once; another one of the same name is a problem. */
function withoutClashes(found: readonly FoundFile[]): { texts: Texts; problems: readonly Problem[] } {
  const files = new Map<string, FoundFile>();
  const problems: Problem[] = [];
  for (const file of found) {
    const known = files.get(file.path);
    if (known === undefined) files.set(file.path, file);
    else if (known.text !== file.text) {
      problems.push(problem('EVIDENCE_CHANGED', { branch: known.where }, { file: file.path }));
    }
  }
  return { texts: new Map([...files].map(([path, { text }]) => [path, text])), problems };
}

function isCleared(path: string, text: string, policy: AutoApplyPolicy, warnings: Problem[]): boolean {
  const reason = findQuarantineReason(path, text, (target) => isNeverTarget(target, policy));
  if (reason !== null) warnings.push(warning('EVIDENCE_QUARANTINED', { reason }, { file: path }));
  return reason === null;
}

/** A file that cannot be read is left out and named; it is still there for the next run. */
function readUntracked(workTree: WorkTree, path: string, warnings: Problem[]): string | null {
  try {
    return workTree.readText(path);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    warnings.push(warning('FILE_UNREADABLE', { reason: error.message }, { file: path }));
    return null;
  }
}
