import {
  type Derivation,
  derive,
  type EffectiveMode,
  LANES,
  type Lane,
  type Mode,
  parsePolicy,
  resolveMode,
} from '../governance/index.ts';
import type { CommitLog } from '../history/index.ts';
import { AppError } from '../kernel/app-error.ts';
import {
  AUTO_TOML_PATH,
  BASE_CONFIG_PATH,
  DECISIONS_PATH,
  EVIDENCE_PATH,
  LEARNING_OVERRIDE_PATH,
  POLICY_PATH,
  PROPOSALS_PATH,
} from '../kernel/governed-paths.ts';
import type { Instant } from '../kernel/instant.ts';
import { type Problem, problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { formatOverrideFile } from '../liveconfig/index.ts';
import { type BranchContent, evidenceContent, findLimitFaults, laneContent } from './branch-content.ts';
import { isEvidencePath, proposalIdsIn, readCommitted, sourceOf, type Texts } from './committed-files.ts';
import { type Gathered, gather, type Warnings } from './gather.ts';
import { type GitRepository, PEAK_COMMITTER, type TreeFile } from './git-port.ts';
import { collectNewEvidence } from './new-evidence.ts';
import { readHistoryView } from './read-history-view.ts';
import type { Progress, WorkTree } from './work-tree-port.ts';

/** A lost race against another run is read again from the start; more than this in a row is no race. */
const MAX_TRIES = 5;

/** The branches that this tool owns. */
const LANE_BRANCHES: Readonly<Record<Lane, string>> = {
  auto: 'peak/promotion/auto',
  manual: 'peak/promotion/manual',
};
const EVIDENCE_BRANCH = 'peak/evidence';

export interface PublishRequest {
  readonly clock: Instant;
  readonly requestedMode: Mode | null;
  readonly dryRun: boolean;
  readonly onProgress?: Progress | undefined;
}

/** What became of one branch. `moot`: it stands for a proposal that no longer exists, and was left alone. */
export interface PublishedBranch {
  readonly branch: string;
  readonly state: 'created' | 'updated' | 'unchanged' | 'moot' | 'dry_run';
  readonly commit: string | null;
  readonly proposalId: string | null;
}

export interface PublishReport {
  readonly gathered: Gathered;
  readonly mode: EffectiveMode;
  readonly derivation: Derivation;
  readonly newEvidence: readonly string[];
  readonly branches: readonly PublishedBranch[];
}

/** Everything that a published cycle knows before it derives. */
interface Publication {
  readonly git: GitRepository;
  readonly base: string;
  readonly committed: ReadonlyMap<string, TreeFile>;
  readonly heads: ReadonlyMap<string, string>;
  readonly evidence: Texts;
}

/**
 * Both loops on committed files plus new evidence, and one commit per lane on a local branch (product.md §6). The work
 * tree, the index and the current branch stay untouched. An unchanged change set on an unmoved base writes nothing.
 */
export async function publishBranch(
  git: GitRepository & CommitLog,
  workTree: WorkTree,
  request: PublishRequest,
): Promise<Result<PublishReport>> {
  for (let tries = MAX_TRIES; ; tries -= 1) {
    try {
      return await publishOnce(git, workTree, request);
    } catch (error) {
      const isRace = error instanceof AppError && error.code === 'GIT_REF_MOVED';
      if (!isRace || tries === 1) throw error;
    }
  }
}

async function publishOnce(
  git: GitRepository & CommitLog,
  workTree: WorkTree,
  request: PublishRequest,
): Promise<Result<PublishReport>> {
  const inputs = await readInputs(git, workTree);
  if (!inputs.ok) return inputs;
  const { publication, texts, overrideModified, warnings } = inputs.value;
  const gathered = gather(sourceOf(texts), request);
  if (!gathered.ok) return gathered;
  const mode = resolveMode(gathered.value.policy, request.requestedMode, gathered.value.policyText.text);
  if (!mode.ok) return mode;
  const history = await readHistoryView(git, publication.base, gathered.value.policy, request.clock);
  if (!history.ok) return history;
  const derivation = derive({
    ...gathered.value,
    effectiveMode: mode.value.mode,
    requestedMode: request.requestedMode,
    baseCommit: publication.base,
    clock: request.clock,
    published: true,
    history: history.value,
    declined: [],
  });
  const derivedOverride = formatOverrideFile(derivation.learningOverride);
  if (overrideModified && workTree.readText(LEARNING_OVERRIDE_PATH) !== derivedOverride) {
    return fail(...modifiedFaults([LEARNING_OVERRIDE_PATH]));
  }
  const branches = await writeBranches(publication, derivation, gathered.value, mode.value, request);
  if (!branches.ok) return branches;
  return ok({
    gathered: {
      ...gathered.value,
      warnings: withMore(gathered.value.warnings, [...history.problems, ...warnings]),
    },
    mode: mode.value,
    derivation,
    newEvidence: [...publication.evidence.keys()].sort(),
    branches: branches.value,
  });
}

interface Inputs {
  readonly publication: Publication;
  /** All governed texts of the base, and the new evidence. */
  readonly texts: Texts;
  readonly overrideModified: boolean;
  readonly warnings: readonly Problem[];
}

/** Reads the base commit, our branches and the new evidence, and refuses a work tree whose governed files differ. */
async function readInputs(git: GitRepository, workTree: WorkTree): Promise<Result<Inputs>> {
  const base = await git.resolve('HEAD');
  if (base === null) return fail(problem('NO_COMMIT'));
  const committed = await readCommitted(git, base, [''], isGovernedText);
  const policy = parsePolicy(committed.texts.get(POLICY_PATH) ?? null);
  if (!policy.ok) return policy;
  const { layers } = policy.value.config;
  const isEvidence = (path: string) => path.startsWith(`${EVIDENCE_PATH}/`);
  const isGoverned = (path: string) => isGovernedText(path) || layers.includes(path);
  const layerTexts = await readCommitted(git, base, layers, () => true);
  const heads = await findHeads(git);
  if (!heads.ok) return heads;
  const changes = await git.changes([...GOVERNED_PREFIXES, ...layers]);
  const fresh = await collectNewEvidence(
    { git, workTree },
    committed.files,
    heads.value,
    changes,
    policy.value,
  );
  const dirty = changes.filter(({ path, state }) =>
    state === 'modified' ? isGoverned(path) || isRecord(path) : isGoverned(path) && !isEvidencePath(path),
  );
  const problems = [
    ...committed.problems.filter(({ file = '' }) => isGoverned(file) && !isEvidence(file)),
    ...fresh.problems,
    ...modifiedFaults(dirty.map(({ path }) => path).filter((path) => path !== LEARNING_OVERRIDE_PATH)),
  ];
  if (problems.length > 0) return fail(...problems);
  return ok({
    publication: { git, base, committed: committed.files, heads: heads.value, evidence: fresh.texts },
    texts: new Map([...committed.texts, ...layerTexts.texts, ...fresh.texts]),
    overrideModified: dirty.some(({ path }) => path === LEARNING_OVERRIDE_PATH),
    warnings: [...committed.problems.filter(({ file = '' }) => isEvidence(file)), ...fresh.warnings],
  });
}

const GOVERNED_PREFIXES = [
  POLICY_PATH,
  BASE_CONFIG_PATH,
  AUTO_TOML_PATH,
  LEARNING_OVERRIDE_PATH,
  EVIDENCE_PATH,
  PROPOSALS_PATH,
  DECISIONS_PATH,
];

/** The texts that the loops derive from. */
function isGovernedText(path: string): boolean {
  return (
    [POLICY_PATH, BASE_CONFIG_PATH, AUTO_TOML_PATH, LEARNING_OVERRIDE_PATH].includes(path) ||
    isEvidencePath(path)
  );
}

/** Committed proposals and decisions are immutable; untracked ones are what local runs leave behind. */
function isRecord(path: string): boolean {
  return path.startsWith(`${PROPOSALS_PATH}/`) || path.startsWith(`${DECISIONS_PATH}/`);
}

function withMore({ warnings, warningCount }: Warnings, more: readonly Problem[]): Warnings {
  return { warnings: [...more, ...warnings], warningCount: warningCount + more.length };
}

function modifiedFaults(paths: readonly string[]): readonly Problem[] {
  return paths.map((path) => problem('GOVERNED_FILE_MODIFIED', {}, { file: path }));
}

/** The heads of our branches. A commit of somebody else on one of them: hands off. */
async function findHeads(git: GitRepository): Promise<Result<ReadonlyMap<string, string>>> {
  const heads = new Map<string, string>();
  for (const branch of [...Object.values(LANE_BRANCHES), EVIDENCE_BRANCH]) {
    const head = await git.resolve(`refs/heads/${branch}`);
    if (head === null) continue;
    if ((await git.committer(head)) !== PEAK_COMMITTER)
      return fail(problem('FOREIGN_COMMIT', { branch, commit: head.slice(0, 12) }));
    heads.set(branch, head);
  }
  return ok(heads);
}

async function writeBranches(
  publication: Publication,
  derivation: Derivation,
  gathered: Gathered,
  mode: EffectiveMode,
  request: PublishRequest,
): Promise<Result<readonly PublishedBranch[]>> {
  const contents: BranchContent[] = [];
  if (mode.mode !== 'disabled') {
    for (const lane of LANES)
      contents.push(
        ...laneContent(LANE_BRANCHES[lane], lane, derivation, gathered.policy, publication.evidence),
      );
    if (contents.length === 0)
      contents.push(...evidenceContent(EVIDENCE_BRANCH, derivation, request.clock, publication.evidence));
  }
  const faults = findLimitFaults(derivation, contents);
  if (faults.length > 0) return fail(...faults);
  const written: PublishedBranch[] = [];
  for (const content of contents) written.push(await writeBranch(publication, content, request));
  const left = [...publication.heads].filter(
    ([branch]) => !contents.some((content) => content.branch === branch),
  );
  const moot = left.map(
    ([branch, commit]): PublishedBranch => ({ branch, state: 'moot', commit, proposalId: null }),
  );
  return ok([...written, ...moot]);
}

/** An update has the previous head and the base as parents and the base's tree below: old heads stay reachable. */
async function writeBranch(
  { git, base, committed, heads }: Publication,
  content: BranchContent,
  request: PublishRequest,
): Promise<PublishedBranch> {
  const { branch } = content;
  const head = heads.get(branch) ?? null;
  const standing = head === null ? null : await readStanding(git, head, committed);
  if (standing !== null && content.isAlready(standing)) {
    const [proposalId = null] = proposalIdsIn(standing.keys());
    return { branch, state: 'unchanged', commit: head, proposalId };
  }
  if (request.dryRun) return { branch, state: 'dry_run', commit: null, proposalId: content.proposalId };
  const encoder = new TextEncoder();
  const commit = await git.commit({
    branch,
    expectedHead: head,
    parents: head === null ? [base] : [head, base],
    baseCommit: base,
    files: new Map([...content.files].map(([path, text]) => [path, encoder.encode(text)])),
    message: content.message,
    time: request.clock,
  });
  return { branch, state: head === null ? 'created' : 'updated', commit, proposalId: content.proposalId };
}

/** What a branch adds to the base below `reports/`. */
async function readStanding(
  git: GitRepository,
  head: string,
  committed: ReadonlyMap<string, TreeFile>,
): Promise<Texts> {
  const added = await readCommitted(git, head, ['reports'], (path) => !committed.has(path));
  return added.texts;
}
