import type { Parameter } from '../../../src/kernel/scalar.ts';
import type { LearningContext } from '../../../src/learning/index.ts';
import { NOW } from './at.ts';

/** Base parameters of most tests, one of each type. */
export const PARAMETERS: ReadonlyMap<string, Parameter> = new Map<string, Parameter>([
  ['portfolio.leverage', { type: 'float', value: 1 }],
  ['portfolio.max_positions', { type: 'integer', value: 5 }],
  ['portfolio.rebalance', { type: 'string', value: 'daily' }],
  ['portfolio.hedged', { type: 'boolean', value: false }],
  ['strategy.trigger_delay', { type: 'float', value: 10 }],
  ['macro.regime_weight', { type: 'float', value: 0.3 }],
  ['risk.stop_loss', { type: 'float', value: 0.02 }],
]);

/** What System 1 needs, with nothing overridden and nothing hidden. */
export function buildLearningContext(overrides: Partial<LearningContext> = {}): LearningContext {
  return {
    now: NOW,
    maxAgeDays: 30,
    halfLifeDays: 7,
    parameters: PARAMETERS,
    live: PARAMETERS,
    previous: new Map(),
    isHidden: () => false,
    isAllowed: () => true,
    ...overrides,
  };
}
