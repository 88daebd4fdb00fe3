import { buildMergeMessage } from '../review/index.ts';
import { evaluatePull } from './evaluate-pull.ts';
import type { JudgeDesk } from './judge-desk.ts';
import type { Judged } from './judge-memory.ts';

/** What became of an automatic merge. `closed`: it is not for the auto lane (any more). */
export type AutoMergeAnswer =
  | { readonly state: 'merged'; readonly commit: string; readonly judged: Judged }
  | { readonly state: 'closed' | 'refused' | 'moved' };

/** Whether a verdict lets the judge merge without a hand. */
export function isForAutoMerge({ verdict, isBotOwn }: Judged): boolean {
  return isBotOwn && verdict.lane === 'auto' && verdict.conclusion === 'success';
}

/**
 * Merges a promotion of the auto lane: judged once more right before, with protection and access read anew, and only the head that was
 * judged. What GitHub refuses is an answer.
 */
export async function autoMerge(desk: JudgeDesk, number: number): Promise<AutoMergeAnswer> {
  const { memory, access } = desk;
  memory.rules.forget();
  memory.repository.forget();
  const judged = await evaluatePull(desk, number);
  if (judged === null || !isForAutoMerge(judged)) return { state: 'closed' };
  const rules = await memory.rules.of(judged.branch, () => access.branchRules(judged.branch));
  // A queue merges by itself, and in its own order (judge.md §6).
  if (rules === null || rules.mergeQueue) return { state: 'closed' };
  const repository = await memory.repository.of('', () => access.repository());
  const allowed = (rules.mergeMethods ?? repository.mergeMethods).filter((method) =>
    repository.mergeMethods.includes(method),
  );
  const method = (['merge', 'squash'] as const).find((one) => allowed.includes(one));
  if (method === undefined) return { state: 'refused' };
  const { head } = judged.verdict;
  const answer = await desk.merging.merge({
    number,
    head,
    method,
    ...buildMergeMessage(judged.verdict, number),
  });
  return answer.state === 'merged' ? { ...answer, judged } : answer;
}
