import type { World } from '../compose.ts';
import type { ChangePlace } from '../cycles/operator-change.ts';
import { ok, type Result } from '../kernel/result.ts';

/** Where an operator's change may go. */
export type PublishPlace = 'none' | 'branch' | 'github';

/** Opens the place that `--publish` names. */
export async function openChangePlace(world: World, publish: PublishPlace): Promise<Result<ChangePlace>> {
  if (publish === 'none') {
    return ok({ kind: 'none', workTree: world.workTree, git: await world.openRepository() });
  }
  const publishing = await world.openPublishing(publish);
  return publishing.ok ? ok({ kind: publish, ...publishing.value }) : publishing;
}
