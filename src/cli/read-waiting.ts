import type { World } from '../compose.ts';
import { listWaiting, type WaitingProposal } from '../cycles/list-waiting.ts';
import { AppError } from '../kernel/app-error.ts';
import { type Problem, warning } from '../kernel/problem.ts';

/** Proposals that wait on branches of this clone. What git refuses to tell is a warning: the folder itself can be read. */
export async function readWaiting(
  world: World,
  root: string,
): Promise<{ readonly waiting: readonly WaitingProposal[]; readonly warnings: readonly Problem[] }> {
  try {
    return { waiting: await listWaiting(await world.openRepository(), world.workTree), warnings: [] };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const args = { reason: error.message, hint: error.hint ?? '' };
    return { waiting: [], warnings: [warning('BRANCHES_UNKNOWN', args, { file: root })] };
  }
}
