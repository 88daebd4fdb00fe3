import {
  type AutoApplyPolicy,
  buildHistoryView,
  type HistoryView,
  historyStart,
  type Move,
  parsePolicy,
} from '../governance/index.ts';
import { type HistoryEvent, type HistorySource, type LiveChange, readHistory } from '../history/index.ts';
import { POLICY_PATH } from '../kernel/governed-paths.ts';
import type { Instant } from '../kernel/instant.ts';
import { ok, type Result } from '../kernel/result.ts';
import type { PolicyText } from './gather.ts';
import { readMergedProposal } from './read-merged-proposal.ts';
import type { GovernedSource } from './work-tree-port.ts';

/** The history of a commit as far back as its policy looks. Fails with HISTORY_TOO_SHALLOW. */
export async function readHistoryView(
  source: HistorySource,
  head: string,
  policy: AutoApplyPolicy,
  now: Instant,
): Promise<Result<HistoryView>> {
  const since = historyStart(policy, now);
  const history = await readHistory(source, { head, now, since, readProposal: readMergedProposal });
  if (!history.ok) return history;
  return ok(buildHistoryView(history.value.events.flatMap(movesOf)), history.problems);
}

/**
 * The same for a local run, which publishes nothing and so never fails for it: null, and the rules say "undetermined", with a
 * policy that cannot be read and in a clone that does not reach back far enough.
 */
export async function readLocalHistory(
  source: HistorySource,
  head: string,
  { workTree, clock }: { readonly workTree: Pick<GovernedSource, 'readText'>; readonly clock: Instant },
  policyText?: PolicyText,
): Promise<HistoryView | null> {
  const policy = parsePolicy(policyText?.text ?? workTree.readText(POLICY_PATH));
  if (!policy.ok) return null;
  const view = await readHistoryView(source, head, policy.value, clock);
  return view.ok ? view.value : null;
}

/** What an event did to live values. What a later commit settled counts as if it had never been live (ADR 0009). */
function movesOf(event: HistoryEvent): readonly Move[] {
  if (event.kind === 'policy' || (event.kind === 'unexplained' && event.settledBy !== null)) return [];
  const { kind, time: at } = event;
  // A parameter that comes into being changes no value that was live.
  const changes = event.changes.filter(({ before }) => before !== null);
  return changes.map((change) => ({
    target: change.target,
    from: change.before?.value ?? null,
    to: change.after?.value ?? null,
    at,
    kind,
    byOperators: kind === 'promotion' && isByOperators(event.proposals, change),
  }));
}

/** The proposal that set the value last went through the manual lane. */
function isByOperators(
  proposals: Extract<HistoryEvent, { kind: 'promotion' }>['proposals'],
  { target }: LiveChange,
): boolean {
  const own = proposals.filter(({ changes }) => changes.some((change) => change.target === target));
  return own.at(-1)?.lane === 'manual';
}
