import { parseRollbackRecord, type RollbackRecord } from '../governance/index.ts';
import { PROPOSALS_PATH } from '../kernel/governed-paths.ts';
import type { ChangePlace } from './operator-change.ts';
import type { RollbackAim } from './rollback-change.ts';

/** The newest rollback of the work tree that took back what is asked for and is in no commit yet; null for none, and on a branch. */
export async function findPendingRollback(
  place: ChangePlace,
  commit: string | null,
  aim: RollbackAim,
): Promise<string | null> {
  if (place.kind !== 'none') return null;
  const names = place.workTree.listNames(PROPOSALS_PATH).filter((name) => name.startsWith('rollback_'));
  for (const name of [...names].sort().reverse()) {
    const file = `${PROPOSALS_PATH}/${name}/rollback.json`;
    const record = parseRollbackRecord(place.workTree.readText(file) ?? '', file);
    if (!record.ok || !isAbout(record.value, aim)) continue;
    const committed = commit === null ? [] : await place.git?.list(commit, [file]);
    if (committed?.length === 0) return name;
  }
  return null;
}

function isAbout({ targets, proposals }: RollbackRecord, aim: RollbackAim): boolean {
  switch (aim.kind) {
    case 'target':
      return targets.some(({ target }) => target === aim.value);
    case 'proposal':
      return proposals.some((id) => id === aim.value || id.endsWith(`_${aim.value}`));
    case 'to':
    case 'all':
      return true;
  }
}
