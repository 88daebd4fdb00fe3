import type { Problem } from '../kernel/problem.ts';
import { prepareDataFolder } from './data-folder.ts';
import { fault, type JudgeSettings, type Variables } from './settings.ts';

/** The oldest git that this project is tried with (ADR 0017); `merge-tree --write-tree` came with 2.38. */
const OLDEST_GIT = [2, 39] as const;

/** What this machine lacks: a folder for mirrors, git. Makes the folder when it is not there. */
export function findMachineFaults(
  variables: Variables,
  { folder }: Pick<JudgeSettings, 'folder'>,
  gitVersion: string | null,
): readonly Problem[] {
  const isNamed = (variables['PEAK_DATA_DIR'] ?? '') !== '';
  return [prepareDataFolder(folder, isNamed), findGitFault(gitVersion)].filter((one) => one !== null);
}

function findGitFault(version: string | null): Problem | null {
  const hint = `install git ${OLDEST_GIT.join('.')} or newer where PATH leads to it`;
  if (version === null) return fault('PATH', 'leads to no git', hint);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_GIT;
  const isNew = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  return isNew ? null : fault('PATH', `leads to git ${version}, which is too old`, hint);
}
