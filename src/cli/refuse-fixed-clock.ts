import { type Problem, problem } from '../kernel/problem.ts';
import type { Streams } from './context.ts';

/** Why a command that judges cannot run with a fixed clock (product.md §9); null where the clock is real. */
export function findFixedClock({ variables }: Pick<Streams, 'variables'>): Problem | null {
  if ((variables['SOURCE_DATE_EPOCH'] ?? '') === '') return null;
  const reason = 'must not be set: a judgement is about now';
  return problem('ARGUMENT_INVALID', { argument: 'SOURCE_DATE_EPOCH', reason, hint: 'unset it' });
}
