import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnvironment } from '../support/cli/run-peak.ts';
import { writeGovernedFolder, writePatchFiles } from './data.ts';

const PEAK = join(import.meta.dirname, '../../bin/peak.js');
const BASE_DATE = '2026-11-22T02:00:00Z';

const UNLIMITED = '[budgets]\npromotions_per_day = 1000\npromotions_per_week = 1000\n';

/** A repository with so many evidence files about so many targets on its base, and on a branch what `peak cycle` makes of them. */
export function writeReviewRepository(folder: string, files: number, targets: number): void {
  writeGovernedFolder(folder, targets);
  writePatchFiles(folder, files, targets);
  writeFileSync(join(folder, '.gitignore'), '.peak/\n');
  // Only a proposal of all targets is as large as the limit speaks of.
  const policy = join(folder, 'config/promotion.toml');
  writeFileSync(policy, `${readFileSync(policy, 'utf8')}\n${UNLIMITED}`);
  const git = (...args: readonly string[]): string => {
    const person = { NAME: 'Bench', EMAIL: 'bench@example.org', DATE: BASE_DATE };
    const pairs = Object.entries(person).flatMap(([key, value]) => [
      [`GIT_AUTHOR_${key}`, value],
      [`GIT_COMMITTER_${key}`, value],
    ]);
    const env = { ...cleanEnvironment(), ...Object.fromEntries(pairs) };
    return execFileSync('git', args, { cwd: folder, encoding: 'utf8', env, stdio: 'pipe' }).trim();
  };
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'start');
  const cycle = ['cycle', '--publish', 'branch', '--root', folder];
  execFileSync(process.execPath, [PEAK, ...cycle], { stdio: 'pipe' });
}
