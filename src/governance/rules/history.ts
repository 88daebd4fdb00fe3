import type { Rule } from './rule.ts';

/**
 * The one place for what needs Git history: promotions per day and week, cooldown, drift, group budgets, freeze windows,
 * flapping and holds. Until the history is read, the answer is "undetermined", which closes the auto lane of published
 * cycles; a local run says so and goes on, because nothing it writes is live before a person commits it.
 */
export const history: Rule = {
  name: 'history',
  check: (_, { published, policy }) => [
    {
      code: 'HISTORY_UNDETERMINED',
      effect: published ? 'manual_only' : 'note',
      required: `${policy.budgets.promotions_per_day} a day, ${policy.budgets.promotions_per_week} a week`,
    },
  ],
};
