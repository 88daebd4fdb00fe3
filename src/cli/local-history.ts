import type { World } from '../compose.ts';
import type { PolicyText } from '../cycles/gather.ts';
import type { HistoryView } from '../governance/index.ts';
import { AppError } from '../kernel/app-error.ts';
import { type Problem, warning } from '../kernel/problem.ts';

/** The commit at HEAD, null outside Git, and what rules may know of its history. */
export interface LocalHistory {
  readonly baseCommit: string | null;
  readonly history: HistoryView | null;
  readonly warnings: readonly Problem[];
}

/**
 * Reads HEAD and its history; what reads it is loaded only inside Git. A repository that git refuses to read for its owner counts as
 * none, and is named.
 */
export async function openLocalHistory(
  world: World,
  root: string,
  policy?: PolicyText,
): Promise<LocalHistory> {
  try {
    const repository = await world.openRepository();
    const baseCommit = (await repository?.resolve('HEAD')) ?? null;
    if (repository === null || baseCommit === null) return { baseCommit, history: null, warnings: [] };
    const { readLocalHistory } = await import('../cycles/read-history-view.ts');
    const history = await readLocalHistory(repository, baseCommit, world, policy);
    return { baseCommit, history, warnings: [] };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'GIT_REFUSED') throw error;
    const args = { reason: error.message, hint: error.hint ?? '' };
    const warnings = [warning('BASE_COMMIT_UNKNOWN', args, { file: root })];
    return { baseCommit: null, history: null, warnings };
  }
}
