import type { World } from '../compose.ts';
import type { ChangePlace } from '../cycles/operator-change.ts';
import { problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { parseAskingComment } from '../review/index.ts';
import { findRepositoryFault } from './repository-fault.ts';

/** Where an operator's change may go. */
export type PublishPlace = 'none' | 'branch' | 'github';

/** Options of every command that an operator changes something with. */
export interface ChangePlaceOptions {
  readonly publish: PublishPlace;
  /** `PULL/COMMENT`, for a pull request only. */
  readonly askedBy?: string;
  /** `owner/name`, for a pull request only. */
  readonly repository?: string;
}

/** Opens the place that `--publish` names. */
export async function openChangePlace(
  world: World,
  { publish, askedBy: text, repository }: ChangePlaceOptions,
): Promise<Result<ChangePlace>> {
  const askedBy = text === undefined ? null : parseAskingComment(text);
  if (text !== undefined && (askedBy === null || publish !== 'github')) {
    const reason = askedBy === null ? 'is no PULL/COMMENT, as 12/345' : 'is for --publish github';
    return fail(problem('ARGUMENT_INVALID', { argument: '--asked-by', reason }));
  }
  const fault = findRepositoryFault({ publish, repository });
  if (fault !== null) return fail(fault);
  if (publish === 'none') {
    return ok({ kind: 'none', workTree: world.workTree, git: await world.openRepository() });
  }
  const publishing = await world.openPublishing(publish, { askedBy: 'operator', repository });
  return publishing.ok ? ok({ kind: publish, ...publishing.value, askedBy }) : publishing;
}
