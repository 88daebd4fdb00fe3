import type { Finding } from '../finding.ts';
import type { Rule } from './rule.ts';

/**
 * The one place for what needs Git history: promotions per day and week, cooldown, drift, group budgets, freeze windows,
 * flapping and holds. Until the history is read, the answer is "undetermined", which closes the auto lane of published
 * cycles; a local run says so and goes on, because nothing it writes is live before a person commits it. A clamped step
 * beyond the first is never taken on trust: each needs evidence newer than the last promotion (product.md §4).
 */
export const history: Rule = {
  name: 'history',
  check: ({ candidate: { patch }, live, planned }, { published, policy, parameters }) => {
    const findings: Finding[] = [
      {
        code: 'HISTORY_UNDETERMINED',
        effect: published ? 'manual_only' : 'note',
        required: `${policy.budgets.promotions_per_day} a day, ${policy.budgets.promotions_per_week} a week`,
      },
    ];
    const base = parameters.get(patch.target);
    if (planned !== patch.value && base?.value !== live?.value) {
      findings.push({ code: 'STEP_UNPROVEN', effect: 'manual_only' });
    }
    return findings;
  },
};
