/**
 * Which guardrails does a change pass?
 *
 * Invariants: one rule a file, pure, `(change, context) → findings`; a rule only ever adds findings; what it cannot
 * determine it says. Does not belong here: what the findings together mean (`decide.ts`).
 */
import { bounds } from './bounds.ts';
import { cooldown } from './cooldown.ts';
import { drift } from './drift.ts';
import { eligibility } from './eligibility.ts';
import { flapping } from './flapping.ts';
import { freeze } from './freeze.ts';
import { freshness } from './freshness.ts';
import { hardLimits } from './hard-limits.ts';
import { history } from './history.ts';
import { hold } from './hold.ts';
import { killswitch } from './killswitch.ts';
import { never } from './never.ts';
import { newerEvidence } from './newer-evidence.ts';
import type { Rule } from './rule.ts';
import { shape } from './shape.ts';
import { autoConfidence, testHealth } from './trust.ts';

export { declined } from './declined.ts';
export { nextFreeze } from './freeze.ts';
export { hardLimitsOf } from './hard-limits.ts';
export type { PlannedChange, Rule, RuleContext } from './rule.ts';

/** All rules, in the order in which their reasons are told. */
export const RULES: readonly Rule[] = [
  killswitch,
  eligibility,
  never,
  shape,
  hardLimits,
  freshness,
  bounds,
  autoConfidence,
  testHealth,
  history,
  hold,
  flapping,
  newerEvidence,
  cooldown,
  drift,
  freeze,
];
