import type { input } from 'zod';
import { AutoApplyPolicy } from '../../../src/governance/index.ts';

type PolicyInput = input<typeof AutoApplyPolicy>;

/** The policy of most tests: what is shipped, but in bounded_auto, and with one more parameter without bounds. */
const BASE: PolicyInput = {
  promotion: { mode: 'bounded_auto' },
  eligibility: {
    targets: [
      'portfolio.leverage',
      'portfolio.max_positions',
      'portfolio.rebalance',
      'portfolio.hedged',
      'strategy.trigger_delay',
      'macro.regime_weight',
    ],
  },
  bounds: {
    leverage: { min: 1, max: 2, max_step: 0.25, riskier: 'higher' },
    trigger: { min: 3, max: 15, max_step: 2 },
    macro: { min: 0, max: 0.8, max_step: 0.1 },
  },
};

/** A valid policy. An override replaces its whole table. Throws where the schema refuses it. */
export function buildPolicy(overrides: Partial<PolicyInput> = {}): AutoApplyPolicy {
  return AutoApplyPolicy.parse({ ...BASE, ...overrides });
}
