import type { World } from '../compose.ts';
import type { PolicyText } from '../cycles/gather.ts';
import type { HistoryView } from '../governance/index.ts';

/** The commit at HEAD, null outside Git, and what rules may know of its history; what reads it is loaded only inside Git. */
export async function openLocalHistory(
  world: World,
  policy?: PolicyText,
): Promise<{ readonly baseCommit: string | null; readonly history: HistoryView | null }> {
  const repository = await world.openRepository();
  const baseCommit = (await repository?.resolve('HEAD')) ?? null;
  if (repository === null || baseCommit === null) return { baseCommit, history: null };
  const { readLocalHistory } = await import('../cycles/read-history-view.ts');
  return { baseCommit, history: await readLocalHistory(repository, baseCommit, world, policy) };
}
