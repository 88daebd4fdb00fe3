import type { Instant } from '../../kernel/instant.ts';
import type { Parameter, Scalar } from '../../kernel/scalar.ts';
import type { HealthObservation } from '../../learning/index.ts';
import type { PromotionCandidate } from '../candidate.ts';
import type { DeclinedChange } from '../declined.ts';
import type { Finding } from '../finding.ts';
import type { HistoryView } from '../history-view.ts';
import type { AutoApplyPolicy, Mode } from '../policy-schema.ts';

/** All that rules may look at. Plain data; time is a value of it. */
export interface RuleContext {
  readonly policy: AutoApplyPolicy;
  readonly mode: Mode;
  readonly now: Instant;
  /** True in a cycle whose result goes to Git for judgement. */
  readonly published: boolean;
  /** Base configuration: target → type and value. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Base configuration with the live overrides applied. */
  readonly live: ReadonlyMap<string, Parameter>;
  /** Values of offline and research runs before this cycle, where they differ from the base. */
  readonly offline: ReadonlyMap<string, Scalar>;
  readonly latestHealth: HealthObservation | null;
  /** What happened before, as far back as the policy's windows go; null where it is not known. */
  readonly history: HistoryView | null;
  /** What operators said no to. */
  readonly declined: readonly DeclinedChange[];
}

/** A candidate and the value it would make live: what the evidence recommends, or the next permitted step towards it. */
export interface PlannedChange {
  readonly candidate: PromotionCandidate;
  /** The live parameter; null when the base configuration has none. */
  readonly live: Parameter | null;
  readonly planned: Scalar;
}

/** One guardrail: facts about a planned change. No finding means that it holds. */
export interface Rule {
  readonly name: string;
  readonly check: (change: PlannedChange, context: RuleContext) => readonly Finding[];
}

/** No finding. */
export const HOLDS: readonly Finding[] = [];
