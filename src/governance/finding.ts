import { formatInstant, type Instant } from '../kernel/instant.ts';

/**
 * What a finding does to its candidate. `note`: nothing; `manual_only`: not in the auto lane; `pending`: not now;
 * `reject_sanity`, `reject_policy`: not at all. The strongest of all findings decides; none can weaken another.
 */
export const EFFECTS = ['note', 'manual_only', 'pending', 'reject_sanity', 'reject_policy'] as const;
export type FindingEffect = (typeof EFFECTS)[number];

/** One fact found by a rule. Observed and required are values as text, ready to show; redacted where they must be. */
export interface Finding {
  readonly code: FindingCode;
  readonly effect: FindingEffect;
  readonly observed?: string;
  readonly required?: string;
  /** When a pending one may be looked at again. */
  readonly until?: Instant;
}

type Words = (observed: string, required: string) => string;

/** Every finding a rule can make: code → words. One place, so that every surface says the same. */
const CATALOGUE = {
  KILLSWITCH: () => 'the mode is disabled: nothing is proposed',
  TARGET_NOT_LISTED: (o) => `${o} is not in [eligibility] targets`,
  CONFIDENCE_TOO_LOW: (o, r) => `confidence ${o} is below ${r}`,
  CONFIDENCE_MISSING: (_, r) => `no evidence gives a confidence; ${r} is needed`,
  NOT_LIVE_READY: () => 'the evidence says that it is not ready for live',
  NEVER_TARGET: () => 'the target is on the never-list',
  NEVER_TAG: (o) => `the tag ${o} is on the never-list`,
  TARGET_UNKNOWN: () => 'the base configuration has no such parameter',
  WRONG_TYPE: (o, r) => `the value is ${o}, the base configuration has ${r}`,
  NO_CHANGE: (o) => `the live value is ${o} already`,
  VALUE_UNSAFE: () => 'the text holds control characters',
  VALUE_HIDDEN: () => 'the value is one that is never shown',
  HARD_LIMIT: (o, r) => `${o} breaks the hard limit ${r}`,
  OLD_VALUE_STALE: (o, r) => `the evidence believes in the old value ${o}; ${r}`,
  EVIDENCE_OLD: (o, r) => `the newest evidence is from ${o}, older than ${r}`,
  EVIDENCE_UNDATED: (o) => `${o} pieces of evidence have no date`,
  NO_BOUNDS: () => 'no bounds are set for the target',
  OUT_OF_BOUNDS: (o, r) => `${o} is outside the bounds ${r}`,
  STEP_EXCEEDED: (o, r) => `a step of ${o} is larger than ${r}`,
  STEP_CLAMPED: (o, r) => `the evidence recommends ${o}; this is the next permitted step towards it, ${r}`,
  CONFIDENCE_NOT_AUTO: (o, r) => `confidence ${o} is below the auto lane's ${r}`,
  EVIDENCE_CONFLICT: (o) =>
    ({
      direction: 'some evidence recommends more than the live value, some less',
      disagreement: 'the evidence recommends different values',
      experiment: 'one experiment was reported with different values',
    })[o] ?? `the evidence conflicts (${o})`,
  TEST_HEALTH_MISSING: () => 'there is no test-health signal',
  TEST_HEALTH_OLD: (o, r) => `the latest test-health signal is from ${o}, older than ${r}`,
  TEST_HEALTH_LOW: (o, r) => `the latest test-health score is ${o}, below ${r}`,
  EVIDENCE_WRONG_TYPE: (o, r) => `left out: ${o}, which is of another type than ${r}`,
  HELD: (o) => `an operator holds the target: ${o}`,
  MODE_NOT_AUTO: (o) => `the mode is ${o}`,
  HISTORY_UNDETERMINED: (_, r) =>
    `not determined: budgets (${r}), cooldown, drift and holds need the Git history of a base commit`,
  STEP_UNPROVEN: () =>
    'not shown: that the evidence is newer than the last promotion, which a further clamped step needs',
  ON_HOLD: (o, r) =>
    `on hold since ${o} (${r === 'rollback' ? 'a rollback' : 'a change that nothing explains'}) until operators promote it`,
  FLAPPING: (o, r) => `${o} was live within the last ${r} and was left again`,
  VALUE_REVERTED: (_, r) => `this value was taken back; it needs evidence from after ${r}`,
  COOLDOWN: (o, r) => `the live value changed at ${o}; the target rests for ${r}`,
  DRIFT: (o, r) => `${o}, which was live: more than the drift budget of ${r}`,
  FROZEN: () => 'a freeze window of the policy holds',
  DAY_BUDGET_SPENT: (o, r) =>
    `${o} of ${r} changes of this UTC day are taken by merges and by more confident changes`,
  WEEK_BUDGET_SPENT: (o, r) =>
    `${o} of ${r} changes of these seven UTC days are taken by merges and by more confident changes`,
  GROUP_BUDGET_SPENT: (o, r) => `moves of the targets tagged ${o} would exceed ${r} of their bounds' width`,
  DECLINED: (o, r) =>
    `an operator said no to this value at ${r}, by closing pull request ${o} or in a comment on it; it waits for 14 days and an experiment that was first reported after that`,
  RULE_FAILED: (o) => `not determined: the rule ${o} failed`,
} satisfies Record<string, Words>;

/** The closed set of finding codes. */
export type FindingCode = keyof typeof CATALOGUE;

/** Whether two findings say the same. */
export function areSame(a: Finding, b: Finding): boolean {
  if (a === b) return true;
  return (
    a.code === b.code &&
    a.effect === b.effect &&
    a.observed === b.observed &&
    a.required === b.required &&
    a.until === b.until
  );
}

/** The words for a finding, lower case, without a full stop. May hold untrusted text. */
export function describeFinding({ code, observed = '', required = '', until }: Finding): string {
  const words = (CATALOGUE[code] as Words)(observed, required);
  return until === undefined ? words : `${words} (until ${formatInstant(until)})`;
}
