import { parsePolicy } from '../../governance/index.ts';
import { POLICY_PATH } from '../../kernel/governed-paths.ts';
import { countApprovals, type Demand } from '../approvals.ts';
import { ADMIN, demandOf, demandOfRepair, viewLane } from '../demand.ts';
import { digestEffect } from '../effect-digest.ts';
import type { Judgement, ReviewRule } from '../judgement.ts';
import { type ReviewFinding, undetermined } from '../review-finding.ts';

/** The lane, and why. */
export const lane: ReviewRule = { name: 'lane', check: (judgement) => viewLane(judgement).findings };

/** Those who have to agree have agreed (judge.md §4.5). Who has is not known locally, and then never counts as yes. */
export const agreement: ReviewRule = {
  name: 'agreement',
  check: (judgement) => {
    const { snapshot } = judgement;
    const demand = findDemand(judgement);
    if (demand === null)
      return [undetermined('APPROVALS_UNKNOWN', { required: 'no policy says who may agree' })];
    if (snapshot.people === null) return isNobody(demand) ? [] : [unknown(demand)];
    const effect = digestEffect(snapshot.own, snapshot.base.texts.get(POLICY_PATH) ?? null);
    return countApprovals(snapshot.people, demand, { commit: snapshot.head.id, effect });
  },
};

/** Null where nothing says who has to agree. */
function findDemand(judgement: Judgement): Demand | null {
  const { policy, snapshot } = judgement;
  switch (policy.state) {
    case 'read':
      return demandOf(judgement, policy.policy);
    case 'missing':
      return judgement.kind === 'first_policy' ? ADMIN : null;
    case 'unreadable': {
      // The last version that could be read still says who may repair it.
      const last = parsePolicy(snapshot.lastReadablePolicy);
      if (!last.ok) return null;
      return demandOfRepair(last.value);
    }
  }
}

function isNobody({ count, needsBacker }: Demand): boolean {
  return count === 0 && !needsBacker;
}

function unknown({ count, by, needsBacker }: Demand): ReviewFinding {
  const needed = count > 0 ? `${count} by ${by} needed` : 'an operator or the bot has to stand behind it';
  const backer = needsBacker && count > 0 ? ', one of them as author or commander' : '';
  return undetermined('APPROVALS_UNKNOWN', { required: `${needed}${backer}` });
}
