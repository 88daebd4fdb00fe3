import type { AutoApplyPolicy } from '../governance/index.ts';
import type { Demand } from './approvals.ts';
import { findClaimed } from './derive-again.ts';
import type { Judgement } from './judgement.ts';
import { noted, type ReviewFinding } from './review-finding.ts';
import { viewRollback } from './rollback.ts';
import { changesNothingLive } from './rules/config.ts';
import { directionOf } from './rules/policy.ts';

/** The lane a change is judged in, and why it is not the auto lane. Only promotions have one. */
export interface LaneView {
  readonly lane: 'auto' | 'manual';
  readonly findings: readonly ReviewFinding[];
}

/** Auto only for the bot's own, on a protected base, with every guardrail kept and evidence trusted by induction (judge.md §4.4). */
export function viewLane(judgement: Judgement): LaneView {
  const { people, isProtected, isEvidenceTrusted } = judgement.snapshot;
  const meta = findClaimed(judgement)?.meta;
  const claimed = meta?.ok === true ? meta.value.lane : 'manual';
  const reasons: ReviewFinding[] = [];
  if (claimed === 'auto') {
    if (people?.isBotOwn !== true) reasons.push(noted('LANE_NOT_BOT'));
    if (isProtected !== true) reasons.push(noted('LANE_UNPROTECTED'));
    if (isEvidenceTrusted !== true) reasons.push(noted('LANE_EVIDENCE_UNTRUSTED'));
  }
  const lane = claimed === 'auto' && reasons.length === 0 ? 'auto' : 'manual';
  return { lane, findings: [noted('LANE', { observed: lane, children: reasons })] };
}

const NOBODY: Demand = {
  count: 0,
  by: 'operators',
  names: [],
  withTicks: false,
  canBeHeld: false,
  needsBacker: false,
};

/** A first policy: a repository admin has to agree (judge.md §3). */
export const ADMIN: Demand = { ...NOBODY, count: 1, by: 'admins', names: ['admins of the repository'] };

/** Who has to agree to a change (judge.md §3 – §5), by the policy of the tip. */
export function demandOf(judgement: Judgement, policy: AutoApplyPolicy): Demand {
  const demand = demandOfKind(judgement, policy);
  return demand.by === 'admins' ? demand : { ...demand, names: policy.approvals.operators };
}

function demandOfKind(judgement: Judgement, policy: AutoApplyPolicy): Demand {
  const { approvals } = policy;
  const { kind } = judgement;
  switch (kind) {
    case 'promotion':
      if (viewLane(judgement).lane === 'auto') return { ...NOBODY, canBeHeld: true };
      return { ...NOBODY, count: approvals.manual, withTicks: true, canBeHeld: true };
    case 'rollback': {
      const isFree = viewRollback(judgement).isFree;
      return { ...NOBODY, count: isFree ? approvals.rollback : approvals.manual, needsBacker: true };
    }
    case 'evidence':
      if (judgement.snapshot.own.some(({ after }) => after === null)) return loosening(policy);
      return judgement.snapshot.people?.isBotOwn === true ? NOBODY : { ...NOBODY, count: approvals.evidence };
    case 'policy':
      if (directionOf(judgement) !== 'stricter') return loosening(policy);
      return { ...NOBODY, count: approvals.policy_tightening, needsBacker: true };
    case 'config':
      return changesNothingLive(judgement) ? NOBODY : { ...NOBODY, count: approvals.manual };
    case 'machinery':
      return loosening(policy);
    case 'first_policy':
      return ADMIN;
    case 'unrelated':
      return NOBODY;
  }
}

function loosening({ approvals }: AutoApplyPolicy): Demand {
  return { ...NOBODY, count: approvals.policy_loosening };
}

/** A repair of a policy that cannot be read: by the operators of its last readable version (judge.md §3). */
export function demandOfRepair(lastReadable: AutoApplyPolicy): Demand {
  return { ...loosening(lastReadable), names: lastReadable.approvals.operators };
}
