import { POLICY_PATH } from '../kernel/governed-paths.ts';
import { failed } from './review-finding.ts';
import type { Verdict } from './verdict.ts';

/** The same verdict where the killswitch is on at the tip, which a merge group's own base need not hold yet (judge.md §6). */
export function stopPromotion(verdict: Verdict): Verdict {
  if (verdict.kind !== 'promotion') return verdict;
  const findings = [failed('KILLSWITCH', { file: POLICY_PATH })];
  const rule = { rule: 'killswitch-at-the-tip', outcome: 'failed' as const, findings };
  return { ...verdict, conclusion: 'failure', rules: [...verdict.rules, rule] };
}
