import { type Decimal, distance } from '../kernel/decimal.ts';
import { DAY_MS, type Instant, instantFromMs } from '../kernel/instant.ts';
import type { Scalar } from '../kernel/scalar.ts';
import { boundsOf } from './bounds-of.ts';
import type { Finding } from './finding.ts';
import { type HistoryView, type Move, WEEK_DAYS } from './history-view.ts';
import type { AutoApplyPolicy } from './policy-schema.ts';
import { ShareSum } from './share-sum.ts';
import { tagsOf } from './tags.ts';

/** A change that every rule by itself lets pass, and that now claims its share of what may change at all. */
export interface BudgetClaim {
  readonly target: string;
  readonly confidence: number | null;
  readonly live: Scalar;
  readonly planned: Scalar;
}

export interface BudgetContext {
  readonly policy: AutoApplyPolicy;
  readonly now: Instant;
  readonly history: HistoryView;
}

/**
 * Gives budgets that several changes share to those that come first: by confidence, highest first, then by target (product.md §4).
 * Answers why a claim gets nothing; a claim without an answer has its share. The order of the claims does not matter.
 */
export function allocateBudgets(
  claims: readonly BudgetClaim[],
  context: BudgetContext,
): ReadonlyMap<BudgetClaim, readonly Finding[]> {
  const refused = new Map<BudgetClaim, readonly Finding[]>();
  const counts = new Counts(context);
  const groups = new Groups(context);
  for (const claim of [...claims].sort(compareClaims)) {
    const findings = [...counts.check(), ...groups.check(claim)];
    if (findings.length > 0) refused.set(claim, findings);
    if (findings.some(({ effect }) => effect === 'pending')) continue;
    counts.take();
    groups.take(claim);
  }
  return refused;
}

function compareClaims(a: BudgetClaim, b: BudgetClaim): number {
  if (a.confidence !== b.confidence) return (b.confidence ?? 0) - (a.confidence ?? 0);
  if (a.target !== b.target) return a.target < b.target ? -1 : 1;
  return JSON.stringify(a.planned) < JSON.stringify(b.planned) ? -1 : 1;
}

/** Whether a move counts as a changed target: rollbacks are free, edits of the base configuration are no promotions. */
function isCounted({ kind }: Move): boolean {
  return kind === 'promotion' || kind === 'unexplained';
}

/** Changed targets by UTC day. */
class Counts {
  readonly #policy: AutoApplyPolicy;
  readonly #today: number;
  /** Counted changes, this cycle's included, by UTC day. */
  readonly #days = new Map<number, number>();

  constructor({ policy, now, history }: BudgetContext) {
    this.#policy = policy;
    this.#today = dayOf(now);
    for (const { at } of history.moves.filter(isCounted)) this.#add(dayOf(at));
  }

  take(): void {
    this.#add(this.#today);
  }

  #add(day: number): void {
    this.#days.set(day, (this.#days.get(day) ?? 0) + 1);
  }

  check(): readonly Finding[] {
    const { promotions_per_day: perDay, promotions_per_week: perWeek } = this.#policy.budgets;
    return [
      ...this.#checkSpan('DAY_BUDGET_SPENT', 1, perDay),
      ...this.#checkSpan('WEEK_BUDGET_SPENT', WEEK_DAYS, perWeek),
    ];
  }

  /** At most `limit` changes within a span of days that ends today. */
  #checkSpan(code: Finding['code'], days: number, limit: number): readonly Finding[] {
    const usedOn = (today: number) =>
      [...this.#days].reduce((sum, [day, count]) => sum + (day > today - days ? count : 0), 0);
    const used = usedOn(this.#today);
    if (used < limit) return [];
    const waiting = Array.from({ length: days }, (_, i) => this.#today + 1 + i);
    const free = waiting.find((day) => usedOn(day) < limit);
    const until = free === undefined ? {} : { until: instantFromMs(free * DAY_MS) };
    return [{ code, effect: 'pending', observed: String(used), required: String(limit), ...until }];
  }
}

function dayOf(at: Instant): number {
  return Math.floor(at / DAY_MS);
}

/** How far one change goes, and the width of the bounds that it is a share of. */
interface Share {
  readonly at: Instant;
  readonly amount: Decimal;
  readonly width: Decimal;
}

/** Moves of all targets that carry one tag, as shares of their bounds' widths. */
class Groups {
  readonly #context: BudgetContext;
  readonly #byTag = new Map<string, Share[]>();
  readonly #windowMs: number;

  constructor(context: BudgetContext) {
    const { history, policy, now } = context;
    this.#context = context;
    this.#windowMs = policy.budgets.window_days * DAY_MS;
    for (const { target, from, to, at, kind } of history.moves) {
      if (kind !== 'rollback' && at > now - this.#windowMs)
        this.#add(target, this.#share(target, from, to, at));
    }
  }

  take({ target, live, planned }: BudgetClaim): void {
    this.#add(target, this.#share(target, live, planned, this.#context.now));
  }

  check({ target, live, planned }: BudgetClaim): readonly Finding[] {
    const own = this.#share(target, live, planned, this.#context.now);
    const limit = this.#context.policy.budgets.max_group_share;
    if (own === null) return [];
    return this.#tagsOf(target).flatMap((tag): readonly Finding[] => {
      const shares = this.#byTag.get(tag) ?? [];
      if (!exceeds([...shares, own], limit)) return [];
      const finding = { code: 'GROUP_BUDGET_SPENT', observed: tag, required: String(limit) } as const;
      // No waiting helps a change that is too large by itself: people decide.
      if (exceeds([own], limit)) return [{ ...finding, effect: 'manual_only' }];
      const left = shares.findIndex((_, i) => !exceeds([...shares.slice(i + 1), own], limit));
      const last = shares[left]?.at ?? this.#context.now;
      return [{ ...finding, effect: 'pending', until: instantFromMs(last + this.#windowMs) }];
    });
  }

  #add(target: string, share: Share | null): void {
    if (share === null) return;
    for (const tag of this.#tagsOf(target)) this.#byTag.set(tag, [...(this.#byTag.get(tag) ?? []), share]);
  }

  #tagsOf(target: string): readonly string[] {
    return tagsOf(target, [], this.#context.policy);
  }

  /** Null for what has no distance or no bounds. */
  #share(target: string, from: Scalar | null, to: Scalar | null, at: Instant): Share | null {
    if (typeof from !== 'number' || typeof to !== 'number') return null;
    const width = narrowestWidth(target, this.#context.policy);
    return width === null ? null : { at, amount: distance(from, to), width };
  }
}

function exceeds(shares: readonly Share[], limit: number): boolean {
  const sum = new ShareSum();
  for (const { amount, width } of shares) sum.add(amount, width);
  return sum.exceeds(limit);
}

/** The width of the narrowest bounds of a target; null where it has none. */
export function narrowestWidth(target: string, policy: AutoApplyPolicy): Decimal | null {
  const widths = boundsOf(target, policy).map(({ min, max }) => distance(max, min));
  return widths.reduce<Decimal | null>(
    (least, width) => (least === null || width.lt(least) ? width : least),
    null,
  );
}
