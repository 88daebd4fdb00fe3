import { editPolicy, type Mode, modeOf, type PolicyAction, type PolicyEdit } from '../governance/index.ts';
import type { CommitLog } from '../history/index.ts';
import { POLICY_PATH } from '../kernel/governed-paths.ts';
import { formatInstant, type Instant } from '../kernel/instant.ts';
import { type Problem, problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { looksLikeSecret } from '../kernel/secret.ts';
import { findTargetFault } from '../kernel/target.ts';
import { listParameters, valueAt } from '../liveconfig/index.ts';
import { isReleaseStanding } from './find-standing-release.ts';
import type { GitRepository } from './git-port.ts';
import { loadBaseConfig } from './load-config.ts';
import {
  type ChangeBase,
  type ChangePlace,
  type OperatorChange,
  openChangeBase,
  type PlacedChange,
  placeChange,
} from './operator-change.ts';
import { readModeChanges } from './read-mode-changes.ts';
import { targetHint } from './target-hint.ts';
import type { WorkTree } from './work-tree-port.ts';

/** What is asked of the policy. `mode` null: what it was before the last `disabled`. */
export type PolicyRequest =
  | { readonly kind: 'mode'; readonly mode: Mode | null; readonly reason: string | null }
  | (Exclude<PolicyAction, { kind: 'mode' }> & { readonly reason: string });

/** What was asked, and what became of it; `placed` is null where it held already. */
export interface PolicyReport {
  readonly action: PolicyAction;
  readonly reason: string | null;
  readonly edit: PolicyEdit;
  readonly placed: PlacedChange | null;
}

/**
 * Edits the policy where the change belongs. Reads the policy and nothing else, so that the killswitch works without network, with a
 * damaged `auto.toml` and without a base configuration. It takes no lock: a run that hangs must not keep anybody from stopping it.
 */
export async function changePolicy(
  place: ChangePlace,
  request: PolicyRequest,
  {
    clock,
    dryRun,
    log,
  }: { readonly clock: Instant; readonly dryRun: boolean; readonly log: PolicyLog | null },
): Promise<Result<PolicyReport>> {
  const base = await openChangeBase(place, [POLICY_PATH]);
  if (!base.ok) return base;
  const text = base.value.read(POLICY_PATH);
  if (text !== null && typeof text !== 'string') return fail(text);
  const action = await resolveAction(request, { text, base: base.value, log });
  if (!action.ok) return action;
  const { commit: head } = base.value;
  const isStanding =
    request.kind === 'release' &&
    text !== null &&
    log !== null &&
    head !== null &&
    (await isReleaseStanding(log, text, { ...request, head, now: clock }));
  const edit = editPolicy(text, action.value, clock);
  if (!edit.ok) return fail(...edit.problems.map(advise));
  const report = { action: action.value, reason: request.reason, edit: edit.value };
  if (isStanding || edit.value.before === edit.value.after)
    return ok({ ...report, placed: null }, edit.problems);
  const change = toChange(report);
  const placed = await placeChange(place, change, { base: base.value, clock, dryRun });
  return placed.ok ? ok({ ...report, placed: placed.value }, edit.problems) : placed;
}

/** Who wants to stop promotion, and cannot, has to hear that it is stopped. */
function advise(found: Problem): Problem {
  if (found.code !== 'TOML_INVALID') return found;
  const hint =
    'nothing is promoted with a policy that is not valid TOML, so it needs no killswitch; repair it, or git restore the file';
  return { ...found, args: { ...found.args, hint } };
}

/** Former versions of the policy. */
export type PolicyLog = CommitLog & Pick<GitRepository, 'list' | 'read'>;

async function resolveAction(
  request: PolicyRequest,
  {
    text,
    base,
    log,
  }: { readonly text: string | null; readonly base: ChangeBase; readonly log: PolicyLog | null },
): Promise<Result<PolicyAction>> {
  if (request.kind !== 'mode') return ok(request);
  const { mode } = request;
  if (mode !== null) return ok({ kind: 'mode', mode });
  const now = text === null ? null : modeOf(text);
  if (now !== null && now !== 'disabled') return ok({ kind: 'mode', mode: now });
  const former = log === null || base.commit === null ? null : await findFormerMode(log, base.commit);
  if (former !== null) return ok({ kind: 'mode', mode: former });
  const reason = 'is needed: no former version of the policy says a mode other than disabled';
  return fail(problem('ARGUMENT_INVALID', { argument: '--mode', reason, hint: '--mode manual_only' }));
}

/** The mode that the newest version of the policy says that is not switched off, on the first-parent line of a commit. */
async function findFormerMode(log: PolicyLog, commit: string): Promise<Mode | null> {
  const changes = await readModeChanges(log, { after: null, until: commit });
  return changes.findLast(({ after }) => after !== null && after !== 'disabled')?.after ?? null;
}

/**
 * Checks what an operator typed: a hold of a mistyped target would protect nothing, and a reason stands in Git for ever. Where the base
 * configuration cannot be loaded, the target is taken as it is.
 */
export function findHoldFaults(workTree: WorkTree, target: string, reason: string): readonly Problem[] {
  const faults = findReleaseFaults(target, reason);
  const base = loadBaseConfig((path) => workTree.readText(path), {});
  if (faults.length > 0 || !base.ok || valueAt(base.value.tree, target) !== undefined) return faults;
  const hint = targetHint(target, listParameters(base.value.tree).keys(), 'peak config show lists all');
  const unknown = {
    argument: `target "${target}"`,
    reason: 'is no parameter of the base configuration',
    hint,
  };
  return [problem('ARGUMENT_INVALID', unknown)];
}

/** The same for a release: a parameter that is gone can be released, too. */
export function findReleaseFaults(target: string, reason: string): readonly Problem[] {
  const fault = findTargetFault(target);
  const faults = findReasonFaults(reason);
  return fault === null
    ? faults
    : [problem('ARGUMENT_INVALID', { argument: `target "${target}"`, reason: fault }), ...faults];
}

/** What keeps a text from being a reason in Git. */
export function findReasonFaults(text: string): readonly Problem[] {
  const say = (reason: string) => [problem('ARGUMENT_INVALID', { argument: '--reason', reason })];
  if (text.trim() === '') return say('is empty');
  if (text.length > 500) return say('is longer than 500 characters');
  return text.split(/\s+/).some(looksLikeSecret)
    ? say('holds what looks like a secret, and would stay in Git')
    : [];
}

const WORDS = {
  tightening: 'It tightens the policy: an operator needs nobody else ([approvals] policy_tightening).',
  loosening: 'It loosens the policy: it needs approvals ([approvals] policy_loosening).',
} as const;

function toChange({ action, reason, edit }: Omit<PolicyReport, 'placed'>): OperatorChange {
  const { name, title, effect } = describe(action, edit);
  return {
    name: `policy/${name}`,
    title,
    sentences: [
      effect,
      WORDS[edit.direction],
      ...(action.kind === 'hold' && action.until !== null ? [`Until: ${formatInstant(action.until)}`] : []),
      ...(reason === null ? [] : [`Reason: ${reason}`]),
    ],
    files: new Map([[POLICY_PATH, edit.after]]),
    localFiles: new Map(),
    alone: null,
  };
}

function describe(action: PolicyAction, { modeBefore }: PolicyEdit) {
  switch (action.kind) {
    case 'mode':
      return action.mode === 'disabled'
        ? {
            name: 'disable',
            title: 'Disable promotion (killswitch)',
            effect: 'Nothing is proposed or merged from now on. What is live stays live.',
          }
        : {
            name: 'enable',
            title: `Set the promotion mode to ${action.mode}`,
            effect: `The mode is ${modeBefore ?? 'none that is known'} before.`,
          };
    case 'hold':
      return {
        name: 'hold',
        title: `Hold ${action.target}`,
        effect: `${action.target} does not enter the auto lane. People can still promote it.`,
      };
    case 'release':
      return {
        name: 'release',
        title: `Release ${action.target}`,
        effect: `${action.target} may enter the auto lane again.`,
      };
  }
}
