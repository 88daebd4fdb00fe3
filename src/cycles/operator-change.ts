import { AppError } from '../kernel/app-error.ts';
import { sha256Hex } from '../kernel/digest.ts';
import { formatInstant, type Instant } from '../kernel/instant.ts';
import { type Problem, problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { escapeMarkdown } from '../kernel/text/escape-markdown.ts';
import { escapeCommitLine } from '../kernel/text/escape-trailer.ts';
import { type AskingComment, formatAskedBy } from '../review/index.ts';
import { readCommitted, type Texts } from './committed-files.ts';
import type { TreeComparison } from './comparison-port.ts';
import { type GitRepository, PEAK_COMMITTER } from './git-port.ts';
import type { PublishingPort } from './publishing-port.ts';
import type { BytesOf, WorkTree } from './work-tree-port.ts';

/** A change that an operator makes with a command: a policy edit or a rollback. */
export interface OperatorChange {
  /** What its branch is called below `peak/`, before the digest: `policy/disable`. */
  readonly name: string;
  readonly title: string;
  /** What and why, one sentence each; may hold untrusted text. */
  readonly sentences: readonly string[];
  /** What merging changes. */
  readonly files: Texts;
  /** What is written beside it in a work tree only. */
  readonly localFiles: ReadonlyMap<string, string | BytesOf>;
  /** For a work tree: runs alone, and only while this file still says this. Null: at once, whatever else runs. */
  readonly alone: { readonly path: string; readonly text: string | Problem | null } | null;
}

/** What an operator's change starts from. */
export interface ChangeBase {
  /** Null outside Git, and before the first commit. */
  readonly commit: string | null;
  /** The text of a file there, or null; a problem where there is something that cannot be read. */
  readonly read: (path: string) => string | Problem | null;
}

/** Names files that other texts tell of. */
type NamesMore = (read: ChangeBase['read']) => readonly string[];

type ChangeRepository = GitRepository & Pick<TreeComparison, 'diff'>;

/** Where an operator's change goes. */
export type ChangePlace =
  | { readonly kind: 'none'; readonly workTree: WorkTree; readonly git: GitRepository | null }
  | {
      readonly kind: 'branch' | 'github';
      readonly git: ChangeRepository;
      readonly target: PublishingPort;
      /** The comment that asks for it, which stands behind its pull request; null for none. */
      readonly askedBy: AskingComment | null;
    };

/** What became of a change. `kept`: its branch holds exactly this already. */
export interface PlacedChange {
  readonly state: 'written' | 'committed' | 'kept' | 'dry_run';
  readonly paths: readonly string[];
  readonly branch: string | null;
  readonly commit: string | null;
  /** `isNew`: this run opened it; otherwise it stood open already. */
  readonly pull: { readonly number: number; readonly url: string; readonly isNew: boolean } | null;
}

/**
 * Opens what a change starts from: files of the work tree, or of the commit that is published on. `more` names files that only the texts
 * of the first ones tell of, such as configuration layers. Nothing else is looked at.
 */
export async function openChangeBase(
  place: ChangePlace,
  paths: readonly string[],
  more: NamesMore = () => [],
): Promise<Result<ChangeBase>> {
  if (place.kind === 'none') {
    const commit = (await place.git?.resolve('HEAD')) ?? null;
    return ok({ commit, read: (path) => readSafely(place.workTree, path) });
  }
  const base = await baseOf(place);
  if (!base.ok) return base;
  return ok(await openCommitBase(place.git, base.value, { paths, more }));
}

/** The same for any commit (a full id), for reading. */
export async function openCommitBase(
  git: Pick<GitRepository, 'list' | 'read'>,
  commit: string,
  { paths, more = () => [] }: { readonly paths: readonly string[]; readonly more?: NamesMore },
): Promise<ChangeBase> {
  const first = await readFiles(git, commit, paths);
  const second = await readFiles(
    git,
    commit,
    more((path) => first.get(path) ?? null),
  );
  return { commit, read: (path) => first.get(path) ?? second.get(path) ?? null };
}

async function readFiles(
  git: Pick<GitRepository, 'list' | 'read'>,
  commit: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string | Problem>> {
  const { texts, problems } = await readCommitted(git, commit, paths, () => true);
  return new Map<string, string | Problem>([
    ...texts,
    ...problems.map((found) => [found.file ?? '', found] as const),
  ]);
}

/** What cannot be read is for the caller to judge: the killswitch needs the policy, a rollback can do without `auto.toml`. */
function readSafely(workTree: WorkTree, path: string): string | Problem | null {
  try {
    return workTree.readText(path);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return problem('FILE_UNREADABLE', { reason: error.message }, { file: path });
  }
}

/** A clone's own branches are of no concern to an operator's change, so a foreign commit on one of them stops nothing. */
async function baseOf({
  kind,
  git,
  target,
}: ChangePlace & { kind: 'branch' | 'github' }): Promise<Result<string>> {
  if (kind === 'branch') {
    const head = await git.resolve('HEAD');
    return head === null ? fail(problem('NO_COMMIT')) : ok(head);
  }
  const survey = await target.survey('base');
  return survey.ok ? ok(survey.value.base) : survey;
}

/**
 * Carries a change out where it belongs. In a work tree each file is replaced atomically, the backup first; on a branch it is one commit on
 * the base, under a name with a digest of what it holds, so that it never meets another one; on GitHub a pull request follows. Where somebody
 * else's work has that name, the time makes another one that nobody could take beforehand.
 */
export async function placeChange(
  place: ChangePlace,
  change: OperatorChange,
  { base, clock, dryRun }: { readonly base: ChangeBase; readonly clock: Instant; readonly dryRun: boolean },
): Promise<Result<PlacedChange>> {
  const paths = [...change.files.keys()].sort();
  const none = { paths, branch: null, commit: null, pull: null };
  if (dryRun) return ok({ ...none, state: 'dry_run' });
  if (place.kind === 'none') {
    const written = writeHere(place.workTree, change);
    return written.ok ? ok({ ...none, state: 'written' }) : written;
  }
  if (base.commit === null) return fail(problem('NO_COMMIT'));
  const wanted = { base: base.commit, change, clock };
  const [first, second] = branchNames(wanted);
  const placed = await placeOn(place, { ...wanted, branch: first });
  if (placed.ok || !isTaken(placed)) return placed;
  return placeOn(place, { ...wanted, branch: second });
}

/** The second has no folder but `peak/`: a branch that is named like the first one's folder is in the way of all below it. */
function branchNames({ base, change, clock }: Omit<Wanted, 'branch'>): readonly [string, string] {
  const digest = sha256Hex(JSON.stringify([base, [...change.files].sort()])).slice(0, 8);
  const time = formatInstant(clock).replaceAll(/[-:.]/g, '');
  return [`peak/${change.name}-${digest}`, `peak/${change.name.replaceAll('/', '-')}-${digest}-${time}`];
}

function isTaken({ problems }: Result<PlacedChange>): boolean {
  return problems.some(({ code }) => code === 'FOREIGN_COMMIT' || code === 'BRANCH_REFUSED');
}

/** Fails with FOREIGN_COMMIT where the branch or its pull request is somebody else's, BRANCH_REFUSED where GitHub would not have its name. */
async function placeOn(
  place: ChangePlace & { kind: 'branch' | 'github' },
  wanted: Wanted,
): Promise<Result<PlacedChange>> {
  const { branch, change } = wanted;
  const written = await commitChange(place, wanted);
  if (!written.ok) return written;
  const paths = [...change.files.keys()].sort();
  const placed = { ...written.value, paths, branch };
  const { pulls } = place.target;
  if (pulls === null) return ok({ ...placed, pull: null });
  try {
    const { number, url, isNew } = await pulls.open({
      branch,
      title: change.title,
      body: bodyOf(change, place.askedBy),
    });
    return ok({ ...placed, pull: { number, url, isNew } });
  } catch (error) {
    if (!isMoved(error)) throw error;
    return fail(problem('FOREIGN_COMMIT', { branch, commit: 'a pull request' }));
  }
}

function isMoved(error: unknown): error is AppError {
  return error instanceof AppError && error.code === 'GIT_REF_MOVED';
}

function writeHere(workTree: WorkTree, { files, localFiles, alone }: OperatorChange): Result<null> {
  const write = (): Result<null> => {
    for (const [path, text] of [...localFiles, ...files]) workTree.write(path, text);
    return ok(null);
  };
  if (alone === null) return write();
  return workTree.exclusively(() => {
    const now = readSafely(workTree, alone.path);
    const isSame = typeof now === 'object' ? typeof alone.text === 'object' : now === alone.text;
    return isSame ? write() : fail(problem('CHANGED_MEANWHILE', {}, { file: alone.path }));
  });
}

async function commitChange(
  place: ChangePlace & { kind: 'branch' | 'github' },
  wanted: Wanted,
): Promise<Result<Pick<PlacedChange, 'state' | 'commit'>>> {
  const { branch, base, change, clock } = wanted;
  const standing = place.kind === 'branch' ? await place.git.resolve(`refs/heads/${branch}`) : null;
  if (standing !== null) return keepLocal(place.git, standing, wanted);
  const encoder = new TextEncoder();
  try {
    const commit = await place.target.commit({
      branch,
      expectedHead: null,
      parents: [base],
      baseCommit: base,
      files: new Map([...change.files].map(([path, text]) => [path, encoder.encode(text)])),
      message: `${escapeCommitLine(change.title)}\n\n${change.sentences.map(escapeCommitLine).join('\n')}\n`,
      time: clock,
    });
    return ok({ state: 'committed', commit });
  } catch (error) {
    if (place.kind === 'github' && isMoved(error)) return keepRemote(place, wanted);
    throw error;
  }
}

/** What should stand on a branch: the base, and the change on top of it. */
interface Wanted {
  readonly branch: string;
  readonly base: string;
  readonly change: OperatorChange;
  readonly clock: Instant;
}

/** An earlier run got this far; or somebody who knew the name was faster, and hopes for a pull request in our name. */
async function keepRemote(
  { git, target }: ChangePlace & { kind: 'branch' | 'github' },
  wanted: Wanted,
): Promise<Result<Pick<PlacedChange, 'state' | 'commit'>>> {
  const survey = await target.survey('base');
  if (!survey.ok) return survey;
  const { branch } = wanted;
  const head = survey.value.others.get(branch);
  if (head !== undefined) return keep(git, head, wanted);
  // GitHub would not have this name, and nobody has it: a branch that is named like its folder is in the way, or a rule is.
  return fail(problem('BRANCH_REFUSED', { branch }));
}

/** The branch's name is a digest of what it should hold; what it holds is compared all the same. */
async function keep(
  git: ChangeRepository,
  head: string,
  { branch, base, change }: Wanted,
): Promise<Result<Pick<PlacedChange, 'state' | 'commit'>>> {
  const { texts } = await readCommitted(git, head, [...change.files.keys()], () => true);
  const isSame = [...change.files].every(([path, text]) => texts.get(path) === text);
  const isAll = (await git.diff(base, head)).every(({ path }) => change.files.has(path));
  if (isSame && isAll) return ok({ state: 'kept', commit: head });
  return fail(problem('FOREIGN_COMMIT', { branch, commit: head.slice(0, 12) }));
}

/** In a clone, the committer says whose it is. */
async function keepLocal(
  git: ChangeRepository,
  head: string,
  wanted: Wanted,
): Promise<Result<Pick<PlacedChange, 'state' | 'commit'>>> {
  if ((await git.committer(head)) === PEAK_COMMITTER) return keep(git, head, wanted);
  return fail(problem('FOREIGN_COMMIT', { branch: wanted.branch, commit: head.slice(0, 12) }));
}

function bodyOf({ sentences }: OperatorChange, askedBy: AskingComment | null): string {
  const paragraphs = [
    ...sentences.map(escapeMarkdown),
    ...(askedBy === null ? [] : [formatAskedBy(askedBy)]),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}
