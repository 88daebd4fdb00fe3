import type { AutoApplyPolicy } from '../governance/index.ts';
import { MODES } from '../governance/index.ts';
import { parseInstant } from '../kernel/instant.ts';

/** Which way a key moved. In doubt `looser`: then more people have to agree. */
export type Direction = 'looser' | 'stricter';

/** One key of the policy that differs. */
export interface PolicyChange {
  /** Dotted, e.g. `bounds.leverage.max`; a list's entry stands behind it in brackets. */
  readonly key: string;
  readonly path: readonly string[];
  readonly direction: Direction;
  /** As JSON; `none` where there is nothing. */
  readonly before: string;
  readonly after: string;
}

type Rule<T> = (before: T, after: T) => Direction;
type Budgets = AutoApplyPolicy['budgets'];
type Section<T> = (before: T, after: T, path: readonly string[]) => readonly PolicyChange[];

/** What can be said of one value by itself. */
const always: Rule<unknown> = () => 'looser';
const higherIsLooser: Rule<number> = (before, after) => (after > before ? 'looser' : 'stricter');
const lowerIsLooser: Rule<number> = (before, after) => (after < before ? 'looser' : 'stricter');
const moreIsLooser: Rule<readonly string[]> = (before, after) =>
  after.every((item) => before.includes(item)) ? 'stricter' : 'looser';
const lessIsLooser: Rule<readonly string[]> = (before, after) =>
  before.every((item) => after.includes(item)) ? 'stricter' : 'looser';

type Bounds = AutoApplyPolicy['bounds'][string];
type Limit = AutoApplyPolicy['hard_limits'][string];
type Hold = AutoApplyPolicy['holds'][string];
type Release = AutoApplyPolicy['releases'][string];

/**
 * Every key of the policy, and which way is looser (judge.md §3, class policy). The types make it exhaustive: a key that is added
 * to the schema does not compile until its direction is decided here.
 */
const SECTIONS: { readonly [S in keyof AutoApplyPolicy]: Section<AutoApplyPolicy[S]> } = {
  promotion: keys({
    mode: (before, after) => (MODES.indexOf(after) > MODES.indexOf(before) ? 'looser' : 'stricter'),
    lock: (before) => (before ? 'looser' : 'stricter'),
  }),
  eligibility: keys({ targets: moreIsLooser, min_confidence: lowerIsLooser }),
  never: keys({ targets: lessIsLooser, tags: lessIsLooser }),
  // A tag brings bounds, limits and the never-list alike: no direction is safe to tell.
  tags: entries(always),
  // An entry opens the auto lane, or stands in the place of wider or narrower ones; only narrowing one is surely stricter.
  bounds: entries((before: Bounds | undefined, after: Bounds | undefined) =>
    before !== undefined && after !== undefined && isNarrower(before, after) ? 'stricter' : 'looser',
  ),
  hard_limits: entries((before: Limit | undefined, after: Limit | undefined) =>
    after !== undefined && keepsWithin(before ?? {}, after) ? 'stricter' : 'looser',
  ),
  auto: keys({
    min_confidence: lowerIsLooser,
    on_step_exceeded: (_, after) => (after === 'clamp' ? 'looser' : 'stricter'),
    min_test_health: lowerIsLooser,
    max_test_health_age_hours: higherIsLooser,
  }),
  evidence: keys({
    max_age_days: higherIsLooser,
    auto_max_age_days: higherIsLooser,
    // Which evidence outweighs which can turn either way.
    half_life_days: always,
  }),
  // A pattern holds whatever it covers; only one that ends earlier, or is gone, lets anything through.
  holds: entries((before: Hold | undefined, after: Hold | undefined) =>
    after !== undefined && (before === undefined || endOf(after) >= endOf(before)) ? 'stricter' : 'looser',
  ),
  releases: entries((_, after: Release | undefined) => (after === undefined ? 'stricter' : 'looser')),
  budgets: keys<Budgets>({
    promotions_per_day: higherIsLooser,
    promotions_per_week: higherIsLooser,
    cooldown_hours: lowerIsLooser,
    // A shorter look back forgets more.
    window_days: lowerIsLooser,
    max_drift_share: higherIsLooser,
    max_group_share: higherIsLooser,
    // Without it a hold ends by people only.
    hold_days: (before, after) =>
      (after ?? Number.POSITIVE_INFINITY) < (before ?? Number.POSITIVE_INFINITY) ? 'looser' : 'stricter',
    freeze: (before: Budgets['freeze'], after: Budgets['freeze']) =>
      lessIsLooser(before.map(show), after.map(show)),
  }),
  // Changing who approves, or how many, is loosening whichever way (judge.md §3).
  approvals: keys({
    operators: always,
    manual: always,
    evidence: always,
    policy_loosening: always,
    policy_tightening: always,
    rollback: always,
  }),
  machinery: keys({ paths: lessIsLooser }),
  // A branch that is judged by a policy of its own gives its heads checks: as many people as for changing who approves.
  judge: keys({ branches: always }),
  config: keys({ layers: always }),
};

/** Every key that differs between two policies, in the order of the schema. */
export function diffPolicies(before: AutoApplyPolicy, after: AutoApplyPolicy): readonly PolicyChange[] {
  return (Object.keys(SECTIONS) as (keyof AutoApplyPolicy)[]).flatMap((name) =>
    diffSection(name, before, after),
  );
}

function diffSection<S extends keyof AutoApplyPolicy>(
  name: S,
  before: AutoApplyPolicy,
  after: AutoApplyPolicy,
): readonly PolicyChange[] {
  return SECTIONS[name](before[name], after[name], [name]);
}

/** What all changes together are: mixed is loosening; null where no key changed (comments, layout). */
export function overallDirection(changes: readonly PolicyChange[]): Direction | null {
  if (changes.length === 0) return null;
  return changes.some(({ direction }) => direction === 'looser') ? 'looser' : 'stricter';
}

/** A table with fixed keys, each with its rule. */
function keys<T extends object>(rules: { readonly [K in keyof T]-?: Rule<T[K]> }): Section<T> {
  return (before, after, path) =>
    (Object.keys(rules) as (keyof T & string)[]).flatMap((key) =>
      isSame(before[key], after[key])
        ? []
        : [toChange([...path, key], rules[key](before[key], after[key]), before[key], after[key])],
    );
}

/** A table with names of the operators' own. */
function entries<V>(rule: Rule<V | undefined>): Section<Readonly<Record<string, V>>> {
  return (before, after, path) =>
    [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((name) => {
      const [old, next] = [own(before, name), own(after, name)];
      return isSame(old, next) ? [] : [toChange([...path, name], rule(old, next), old, next)];
    });
}

function own<V>(table: Readonly<Record<string, V>>, name: string): V | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function toChange(
  path: readonly string[],
  direction: Direction,
  before: unknown,
  after: unknown,
): PolicyChange {
  return { key: path.join('.'), path, direction, before: show(before), after: show(after) };
}

function show(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}

/** By value; the order of a list says nothing, but for layers, whose order decides. */
function isSame(a: unknown, b: unknown): boolean {
  return show(a) === show(b);
}

/** When a hold ends, in milliseconds; one without an end never does. */
function endOf({ until }: Hold): number {
  return (until === undefined ? null : parseInstant(until)) ?? Number.POSITIVE_INFINITY;
}

/** Closed ranges and steps within the old ones; another riskier direction frees other rollbacks. */
function isNarrower(before: Bounds, after: Bounds): boolean {
  const { min, max, max_step: step, riskier } = before;
  return after.min >= min && after.max <= max && after.max_step <= step && after.riskier === riskier;
}

function keepsWithin(before: Limit, after: Limit): boolean {
  const keepsMin = before.min === undefined || (after.min !== undefined && after.min >= before.min);
  const keepsMax = before.max === undefined || (after.max !== undefined && after.max <= before.max);
  return keepsMin && keepsMax;
}
