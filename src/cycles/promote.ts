import {
  type Derivation,
  derive,
  type EffectiveMode,
  formatProposalFolder,
  type HistoryView,
  type Mode,
  type PromotionProposal,
  parsePolicy,
  parseProposalMeta,
  resolveMode,
} from '../governance/index.ts';
import {
  AUTO_TOML_BACKUP_PATH,
  AUTO_TOML_PATH,
  LEARNING_OVERRIDE_PATH,
  POLICY_PATH,
  PROPOSALS_PATH,
} from '../kernel/governed-paths.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { formatOverrideFile } from '../liveconfig/index.ts';
import { type Gathered, type GatherOptions, gather } from './gather.ts';
import { type WriteState, writeWhenChanged } from './learn.ts';
import type { WorkTree } from './work-tree-port.ts';

export interface PromoteRequest extends GatherOptions {
  readonly requestedMode: Mode | null;
  /** HEAD of the repository, or null outside Git. */
  readonly baseCommit: string | null;
  /** That of the base commit; null (default) where it is not known. */
  readonly history?: HistoryView | null;
  readonly dryRun: boolean;
  /** Whether `learning.override.toml` is written, too (`peak cycle`). */
  readonly writeOverride: boolean;
}

/** A proposal and where it stands; `kept` when an equal change set has a folder already. */
export interface PlacedProposal {
  readonly proposal: PromotionProposal;
  /** The id of the folder that stands for it: an older one when it was kept. */
  readonly id: string;
  readonly path: string;
  readonly state: 'written' | 'kept' | 'dry_run';
}

/** The outcome of both loops in a work tree. */
export interface PromoteReport {
  readonly gathered: Gathered;
  readonly mode: EffectiveMode;
  readonly derivation: Derivation;
  readonly proposals: readonly PlacedProposal[];
  readonly autoToml: { readonly before: string | null; readonly after: string; readonly state: WriteState };
  /** Null when it was not asked for. */
  readonly overrideState: WriteState | null;
}

/**
 * System 2 in a work tree (product.md §4). `disabled` writes nothing; `manual_only` writes proposal folders;
 * `bounded_auto` writes them, and the auto lane's changes into `auto.toml`, whose former text goes to the backup.
 */
export function promoteCycle(workTree: WorkTree, request: PromoteRequest): Result<PromoteReport> {
  const run = (): Result<PromoteReport> => {
    const gathered = gather(workTree, request);
    if (!gathered.ok) return gathered;
    const mode = resolveMode(
      gathered.value.policy,
      request.requestedMode,
      gathered.value.policyText.text,
      gathered.value.policyText.file,
    );
    if (!mode.ok) return mode;
    const derivation = deriveFrom(gathered.value, mode.value, request);
    return writeOutcome(workTree, gathered.value, mode.value, derivation, request);
  };
  return request.dryRun || isSwitchedOff(workTree, request) ? run() : workTree.exclusively(run);
}

/** A run that may write nothing takes no lock either, which would be a trace. */
function isSwitchedOff(workTree: WorkTree, { policy, requestedMode }: PromoteRequest): boolean {
  const parsed = parsePolicy(policy?.text ?? workTree.readText(POLICY_PATH));
  return requestedMode === 'disabled' || (parsed.ok && parsed.value.promotion.mode === 'disabled');
}

/** Both loops on gathered inputs, for a work tree. */
function deriveFrom(gathered: Gathered, mode: EffectiveMode, request: PromoteRequest): Derivation {
  return derive({
    ...gathered,
    effectiveMode: mode.mode,
    requestedMode: request.requestedMode,
    baseCommit: request.baseCommit,
    clock: request.clock,
    published: false,
    history: request.history ?? null,
    declined: [],
  });
}

function writeOutcome(
  workTree: WorkTree,
  gathered: Gathered,
  mode: EffectiveMode,
  derivation: Derivation,
  request: PromoteRequest,
): Result<PromoteReport> {
  const dryRun = request.dryRun || mode.mode === 'disabled';
  const placed = placeProposals(workTree, derivation.proposals, gathered, dryRun);
  if (!placed.ok) return placed;
  const overrideText = formatOverrideFile(derivation.learningOverride);
  const overrideState = request.writeOverride
    ? writeWhenChanged(workTree, LEARNING_OVERRIDE_PATH, gathered.learningOverrideText, overrideText, dryRun)
    : null;
  const before = gathered.autoTomlText;
  const hasAuto = derivation.proposals.some(({ lane }) => lane === 'auto');
  const after = hasAuto ? formatOverrideFile(derivation.autoTomlAfter('auto')) : (before ?? '');
  const state = hasAuto ? writeAutoToml(workTree, before, after, dryRun) : 'unchanged';
  return ok({
    gathered,
    mode,
    derivation,
    proposals: placed.value,
    autoToml: { before, after, state },
    overrideState,
  });
}

/** The backup is written first, and only when the content changes. */
function writeAutoToml(
  workTree: WorkTree,
  before: string | null,
  after: string,
  dryRun: boolean,
): WriteState {
  if (before !== null && before !== after && !dryRun) workTree.write(AUTO_TOML_BACKUP_PATH, before);
  return writeWhenChanged(workTree, AUTO_TOML_PATH, before, after, dryRun);
}

/** Looks at all folders before it writes the first: one that cannot be read stops everything. */
function placeProposals(
  workTree: WorkTree,
  proposals: readonly PromotionProposal[],
  { policy }: Gathered,
  dryRun: boolean,
): Result<readonly PlacedProposal[]> {
  const names = proposals.length === 0 ? [] : workTree.listNames(PROPOSALS_PATH);
  const standing = proposals.map((proposal) => findEqual(workTree, names, proposal));
  const problems = standing.flatMap((found) => (found.ok ? [] : found.problems));
  if (problems.length > 0) return fail(...problems);
  return ok(
    proposals.map((proposal, i): PlacedProposal => {
      const existing = standing[i]?.ok ? standing[i].value : null;
      const id = existing ?? proposal.proposalId;
      const path = `${PROPOSALS_PATH}/${id}`;
      if (existing !== null) return { proposal, id, path, state: 'kept' };
      if (dryRun) return { proposal, id, path, state: 'dry_run' };
      return {
        proposal,
        id,
        path,
        state: writeProposal(workTree, path, proposal, policy) ? 'written' : 'kept',
      };
    }),
  );
}

function writeProposal(
  workTree: WorkTree,
  path: string,
  proposal: PromotionProposal,
  policy: Gathered['policy'],
): boolean {
  const files = [...formatProposalFolder(proposal, policy)];
  return workTree.writeFolder(
    path,
    new Map(files.map(([file, text]) => [file.slice(path.length + 1), text])),
  );
}

/** The newest folder with an equal change set, or null. */
function findEqual(
  workTree: WorkTree,
  names: readonly string[],
  { changeSetDigest }: PromotionProposal,
): Result<string | null> {
  const suffix = `_${changeSetDigest.slice(0, 8)}`;
  for (const name of names
    .filter((name) => name.startsWith('live_promotion_') && name.endsWith(suffix))
    .reverse()) {
    const file = `${PROPOSALS_PATH}/${name}/proposal_meta.json`;
    const text = workTree.readText(file);
    const meta = parseProposalMeta(text ?? '', file);
    if (!meta.ok) return meta;
    if (meta.value.change_set_digest === changeSetDigest) return ok(name);
  }
  return ok(null);
}
