import {
  type AutoApplyPolicy,
  type Derivation,
  derive,
  type EffectiveMode,
  type HistoryView,
  LANES,
  type Mode,
  resolveMode,
} from '../governance/index.ts';
import type { CommitLog } from '../history/index.ts';
import { AppError } from '../kernel/app-error.ts';
import { LEARNING_OVERRIDE_PATH } from '../kernel/governed-paths.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { formatOverrideFile } from '../liveconfig/index.ts';
import { LANE_BRANCHES } from '../review/index.ts';
import { type BranchContent, evidenceContent, findLimitFaults, laneContent } from './branch-content.ts';
import { sourceOf } from './committed-files.ts';
import { type DeclinedChanges, findDeclined } from './find-declined.ts';
import { type Gathered, gather, withMore } from './gather.ts';
import type { GitRepository } from './git-port.ts';
import { modifiedFaults, type PublishInputs, readPublishInputs } from './publish-inputs.ts';
import type { CallCount, Publisher, PublishingPort, Survey } from './publishing-port.ts';
import { readHistoryView } from './read-history-view.ts';
import type { Progress, WorkTree } from './work-tree-port.ts';
import { type PublishedBranch, writeBranches } from './write-branches.ts';

/** A lost race against another run is read again from the start; more than this in a row is no race. */
const MAX_TRIES = 5;

/** Failures after which the truth is what can be read now. */
const READ_AGAIN = ['GIT_REF_MOVED', 'GITHUB_INTERRUPTED'];

export interface PublishRequest {
  readonly clock: Instant;
  readonly requestedMode: Mode | null;
  readonly dryRun: boolean;
  readonly onProgress?: Progress | undefined;
}

export interface PublishReport {
  readonly gathered: Gathered;
  readonly mode: EffectiveMode;
  readonly derivation: Derivation;
  readonly newEvidence: readonly string[];
  readonly branches: readonly PublishedBranch[];
  readonly publisher: Publisher;
  readonly calls: readonly CallCount[];
}

/** Who takes part in publishing: what is read, and where it goes. */
export interface PublishParts {
  readonly git: GitRepository & CommitLog;
  readonly workTree: WorkTree;
  readonly target: PublishingPort;
}

/**
 * Both loops on committed files plus new evidence, and one commit per lane on a branch of ours, with a pull request where there are
 * any (product.md §6). The work tree, the index and the current branch stay untouched. An unchanged change set on an unmoved base
 * writes nothing.
 */
export async function publishCycle(
  parts: PublishParts,
  request: PublishRequest,
): Promise<Result<PublishReport>> {
  for (let tries = MAX_TRIES; ; tries -= 1) {
    try {
      return await publishOnce(parts, request);
    } catch (error) {
      if (!(error instanceof AppError) || !READ_AGAIN.includes(error.code) || tries === 1) throw error;
    }
  }
}

async function publishOnce(parts: PublishParts, request: PublishRequest): Promise<Result<PublishReport>> {
  const survey = await parts.target.survey('all');
  if (!survey.ok) return survey;
  const inputs = await readPublishInputs(parts.git, parts.workTree, survey.value);
  if (!inputs.ok) return inputs;
  const gathered = gather(sourceOf(inputs.value.texts), request);
  if (!gathered.ok) return gathered;
  const mode = decideMode(gathered.value, request.requestedMode, survey.value.publisher);
  if (!mode.ok) return mode;
  const history = await readHistoryView(parts.git, survey.value.base, gathered.value.policy, request.clock);
  if (!history.ok) return history;
  const known = { survey: survey.value, inputs: inputs.value, history: history.value };
  const loops = await runLoops(parts, known, gathered.value, {
    ...request,
    ...mode.value,
  });
  const { derivation, warnings } = loops;
  const derivedOverride = formatOverrideFile(derivation.learningOverride);
  if (inputs.value.overrideModified && parts.workTree.readText(LEARNING_OVERRIDE_PATH) !== derivedOverride)
    return fail(...modifiedFaults([LEARNING_OVERRIDE_PATH]));
  const { policy } = gathered.value;
  const disabled = mode.value.effective.mode === 'disabled';
  const contents = disabled ? [] : planContents(derivation, policy, inputs.value, request.clock);
  const faults = findLimitFaults(derivation, contents, inputs.value.committed);
  if (faults.length > 0) return fail(...faults);
  const written = await writeBranches(
    { ...parts, survey: survey.value, committed: inputs.value.committed, policy },
    contents,
    { ...request, disabled },
  );
  const more = [...history.problems, ...inputs.value.warnings, ...warnings, ...written.warnings];
  return ok({
    gathered: { ...gathered.value, warnings: withMore(gathered.value.warnings, more) },
    mode: mode.value.effective,
    derivation,
    newEvidence: [...inputs.value.evidence.keys()].sort(),
    branches: written.branches,
    publisher: survey.value.publisher,
    calls: parts.target.calls(),
  });
}

interface DecidedMode {
  readonly effective: EffectiveMode;
  /** What is recorded as asked for, so that a judge arrives at the same. */
  readonly requestedMode: Mode | null;
}

/** The workflow's own token does not count as the bot (judge.md §1): with it, there is no auto lane to propose for. */
function decideMode(gathered: Gathered, requested: Mode | null, publisher: Publisher): Result<DecidedMode> {
  const { policy, policyText } = gathered;
  const effective = resolveMode(policy, requested, policyText.text);
  if (!effective.ok) return effective;
  if (publisher.kind !== 'token' || effective.value.mode !== 'bounded_auto')
    return ok({ effective: effective.value, requestedMode: requested });
  return ok({ effective: { ...effective.value, mode: 'manual_only' }, requestedMode: 'manual_only' });
}

/** What is read before anything is derived. */
interface Known {
  readonly survey: Survey;
  readonly inputs: PublishInputs;
  readonly history: HistoryView;
}

/** Derives, and derives again without what operators have declined. */
async function runLoops(
  { git, target }: PublishParts,
  { survey, inputs, history }: Known,
  gathered: Gathered,
  request: PublishRequest & DecidedMode,
): Promise<{ derivation: Derivation; warnings: readonly Problem[] }> {
  const { clock, effective, requestedMode } = request;
  const run = (declined: DeclinedChanges['declined']) =>
    derive({
      ...gathered,
      effectiveMode: effective.mode,
      requestedMode,
      baseCommit: survey.base,
      clock,
      published: true,
      history,
      declined,
    });
  const derivation = run([]);
  if (target.pulls === null || derivation.proposals.length === 0) return { derivation, warnings: [] };
  const { declined, warnings } = await findDeclined({
    git,
    pulls: target.pulls,
    survey,
    committed: inputs.committed,
    derivation,
    operators: gathered.policy.approvals.operators,
    clock,
    maxAgeDays: gathered.policy.evidence.max_age_days,
  });
  return { derivation: declined.length === 0 ? derivation : run(declined), warnings };
}

/** What our branches should hold: the lanes' proposals, or else the new evidence. */
function planContents(
  derivation: Derivation,
  policy: AutoApplyPolicy,
  { evidence }: PublishInputs,
  clock: Instant,
): readonly BranchContent[] {
  const lanes = LANES.flatMap((lane) => laneContent(LANE_BRANCHES[lane], lane, derivation, policy, evidence));
  return lanes.length > 0 ? lanes : evidenceContent(derivation, clock, evidence);
}
