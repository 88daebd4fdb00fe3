import { execFileSync } from 'node:child_process';
import { AUTO_TOML_PATH, BASE_CONFIG_PATH, POLICY_PATH } from '../../src/kernel/governed-paths.ts';
import { FastImport } from '../support/history/fast-import.ts';
import { autoToml, proposalFiles } from '../support/history/proposal-files.ts';

const TARGETS = Array.from({ length: 30 }, (_, i) => `portfolio.parameter_${String(i).padStart(2, '0')}`);
const START_SECONDS = 1_700_000_000;
/** A commit every ten minutes. */
const PACE_SECONDS = 600;

/** A repository with this many first-parent commits, of which this many merge a promotion; answers the head. */
export async function writeHistoryRepository(
  folder: string,
  commits: number,
  promotions: number,
): Promise<string> {
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', folder]);
  const importer = new FastImport(folder);
  const values = new Map<string, number>();
  const base = `[portfolio]\n${TARGETS.map((target) => `${target.split('.')[1]} = 1.0`).join('\n')}\n`;
  const start = {
    [BASE_CONFIG_PATH]: base,
    [POLICY_PATH]: '[promotion]\nmode = "manual_only"\n',
    [AUTO_TOML_PATH]: autoToml(TARGETS, values),
  };
  let seconds = START_SECONDS;
  let head = importer.commit({ branch: 'main', parents: [], files: start, seconds });
  for (let i = 1; i < commits; i += 1) {
    seconds += PACE_SECONDS;
    const isPromotion = Math.floor((i * promotions) / commits) > Math.floor(((i - 1) * promotions) / commits);
    if (isPromotion) head = promote(importer, head, { number: i, seconds, values });
    else
      head = importer.commit({
        branch: 'main',
        parents: [head],
        files: { [`src/file${i % 200}.txt`]: `${i}\n` },
        seconds,
      });
    await importer.drain();
  }
  const id = await importer.idOf(head);
  await importer.end();
  return id;
}

function promote(
  importer: FastImport,
  head: string,
  { number, seconds, values }: { number: number; seconds: number; values: Map<string, number> },
): string {
  const target = TARGETS[number % TARGETS.length] as string;
  const old = values.get(target) ?? 1;
  const next = old === 1.25 ? 1.5 : 1.25;
  values.set(target, next);
  const files = {
    ...proposalFiles({ number, changes: [{ target, old, new: next }] }),
    [AUTO_TOML_PATH]: autoToml(TARGETS, values),
  };
  // A side branch costs fast-import its caches: one promotion in ten is a merge, the others look like squash merges.
  if (number % 10 !== 0) return importer.commit({ branch: 'main', parents: [head], files, seconds });
  const side = importer.commit({ branch: 'side', parents: [head], files, seconds: seconds - 60 });
  return importer.commit({ branch: 'main', parents: [head, side], files, seconds });
}
