import {
  type HistoryEvent,
  isSameOverride,
  type Ledgers,
  type Override,
  planRollback,
  type TargetLedger,
} from '../history/index.ts';
import type { Instant } from '../kernel/instant.ts';
import { type Problem, problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';

/** What an operator wants taken back. `to`: everything since a commit, given by what was settled there. */
export type RollbackScope =
  | { readonly kind: 'proposal'; readonly id: string }
  | { readonly kind: 'target'; readonly target: string }
  | { readonly kind: 'to'; readonly revision: string; readonly settledThen: Ledgers }
  | { readonly kind: 'all' };

/** One target's way back. `undone`: the promotions that it takes back, null where none of the history set the value. */
export interface WayBack {
  readonly target: string;
  /** The override that it gets; undefined: none, its base value. */
  readonly to: Override;
  readonly undone: readonly (string | null)[];
}

/** What stands now, target by target. */
export interface Standing {
  readonly ledgers: Ledgers;
  readonly events: readonly HistoryEvent[];
  /** The overrides that stand in the file; those of the history where it cannot be read. */
  readonly overrides: ReadonlyMap<string, Override>;
}

/**
 * What a rollback takes back. `ways` move values; `noted` are promotions whose going moves no value of a target, because a later one covers them
 * or because the value before them is the same: the record says so, and later ways back lead past them. `done`: when and where the proposal was taken back already.
 */
export interface RollbackPlan {
  readonly ways: readonly WayBack[];
  readonly noted: readonly string[];
  readonly done: { readonly commit: string; readonly time: Instant } | null;
}

/**
 * Plans a rollback key by key: each target goes to what was settled right before its latest standing promotion, never to a value that only passed
 * through; others stay. Pure. Problems: ROLLBACK_UNKNOWN, ROLLBACK_NOT_BACK.
 */
export function planWaysBack(scope: RollbackScope, standing: Standing): Result<RollbackPlan> {
  const plan = planAll(scope, standing);
  if (!plan.ok) return plan;
  // In a work tree, a way that was gone already is not committed yet; one that moves no value of the history is only noted.
  const ways = plan.value.ways.filter(
    ({ target, to }) => !isSameOverride(to, standing.overrides.get(target)),
  );
  const still = plan.value.ways.filter(({ target, to }) =>
    isSameOverride(to, standing.ledgers.of(target).settled),
  );
  const noted = still.flatMap(({ undone }) => undone.flatMap((id) => id ?? []));
  return ok({ ...plan.value, ways, noted: [...new Set([...plan.value.noted, ...noted])] });
}

function planAll(scope: RollbackScope, standing: Standing): Result<RollbackPlan> {
  switch (scope.kind) {
    case 'proposal':
      return planProposal(scope.id, standing);
    case 'target': {
      const way = wayOf(scope.target, standing);
      return ok(planOf(way === null ? [] : [way], []));
    }
    case 'to':
      return planTo(scope.settledThen, standing);
    case 'all':
      return ok(
        planOf(
          allTargets(standing).flatMap((target) => removal(target, standing)),
          [],
        ),
      );
  }
}

function planOf(ways: readonly WayBack[], noted: readonly string[]): RollbackPlan {
  return { ways, noted, done: null };
}

function planProposal(id: string, standing: Standing): Result<RollbackPlan> {
  const ids = promotedIds(standing.events).filter((known) => known === id || known.endsWith(`_${id}`));
  const [found] = ids;
  if (found === undefined || ids.length > 1) {
    const known = [...standingIds(standing.ledgers)].sort().reverse().slice(0, 5).join(', ');
    return fail(problem('ROLLBACK_UNKNOWN', { id, known }));
  }
  const { restore, covered } = planRollback(standing, found);
  const ways = [...restore].map(([target, to]) => ({ target, to, undone: [found] }));
  if (ways.length > 0 || covered.length > 0)
    return ok(planOf(sorted(ways), covered.length > 0 ? [found] : []));
  return ok({ ways: [], noted: [], done: undoneAt(found, standing.events) });
}

/** The latest way back of one target; null where nothing is to be taken back. */
function wayOf(target: string, { ledgers, overrides }: Standing): WayBack | null {
  const ledger = ledgers.of(target);
  const now = overrides.get(target);
  if (ledger.isUnsettled && !isSameOverride(now, ledger.settled))
    return { target, to: ledger.settled, undone: [] };
  const top = ledger.standing.at(-1);
  if (top !== undefined) return { target, to: top.before, undone: [top.proposalId] };
  return now === undefined ? null : { target, to: undefined, undone: [null] };
}

/** A target without an override keeps its base value; its promotions count as taken back all the same. */
function removal(target: string, { ledgers, overrides }: Standing): readonly WayBack[] {
  const undone = ledgers.of(target).standing.map(({ proposalId }) => proposalId);
  if (overrides.get(target) === undefined && undone.length === 0) return [];
  return [{ target, to: undefined, undone: undone.length === 0 ? [null] : undone }];
}

function planTo(settledThen: Ledgers, standing: Standing): Result<RollbackPlan> {
  const problems: Problem[] = [];
  const ways: WayBack[] = [];
  for (const target of allTargets(standing)) {
    const to = settledThen.of(target).settled;
    if (isSameOverride(to, standing.overrides.get(target))) continue;
    const undone = undoneBy(standing.ledgers.of(target), to);
    if (undone === null) problems.push(problem('ROLLBACK_NOT_BACK', { target }));
    else ways.push({ target, to, undone });
  }
  return problems.length > 0 ? fail(...problems) : ok(planOf(ways, []));
}

/** The promotions between a target's value of then and now; null where no way back leads there. */
function undoneBy(ledger: TargetLedger, to: Override): readonly (string | null)[] | null {
  const at = ledger.standing.findLastIndex(({ before }) => isSameOverride(before, to));
  if (at !== -1) return ledger.standing.slice(at).map(({ proposalId }) => proposalId);
  if (isSameOverride(ledger.settled, to)) return [];
  if (to !== undefined) return null;
  const all = ledger.standing.map(({ proposalId }) => proposalId);
  return all.length === 0 ? [null] : all;
}

function allTargets({ ledgers, overrides }: Standing): readonly string[] {
  return [...new Set([...overrides.keys(), ...[...ledgers.entries()].map(([target]) => target)])].sort();
}

function sorted(ways: readonly WayBack[]): readonly WayBack[] {
  return [...ways].sort((a, b) => (a.target < b.target ? -1 : 1));
}

function promotedIds(events: readonly HistoryEvent[]): readonly string[] {
  return events.flatMap((event) => (event.kind === 'promotion' ? event.proposals.map(({ id }) => id) : []));
}

/** Proposals of which something stands. */
function standingIds(ledgers: Ledgers): ReadonlySet<string> {
  const entries = [...ledgers.entries()].flatMap(([, { standing }]) => standing);
  return new Set(entries.flatMap(({ proposalId }) => proposalId ?? []));
}

function undoneAt(id: string, events: readonly HistoryEvent[]): RollbackPlan['done'] {
  const event = events.findLast(
    (one) => one.kind === 'rollback' && one.undone.some(({ proposalId }) => proposalId === id),
  );
  return event === undefined ? null : { commit: event.commit, time: event.time };
}
