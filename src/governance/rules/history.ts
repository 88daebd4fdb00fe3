import { HOLDS, type Rule } from './rule.ts';

/**
 * Whether the past is known at all. Where it is not, budgets, cooldown, drift and holds are undetermined, which closes the auto
 * lane of published cycles; a local run outside Git says so and goes on, because nothing it writes is live before a person
 * commits it.
 */
export const history: Rule = {
  name: 'history',
  check: (_, { published, policy: { budgets }, history: view }) =>
    view !== null
      ? HOLDS
      : [
          {
            code: 'HISTORY_UNDETERMINED',
            effect: published ? 'manual_only' : 'note',
            required: `${budgets.promotions_per_day} a day, ${budgets.promotions_per_week} a week`,
          },
        ],
};
