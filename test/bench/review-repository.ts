import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnvironment } from '../support/cli/run-peak.ts';
import { writeGovernedFolder, writePatchFiles } from './data.ts';

const PEAK = join(import.meta.dirname, '../../bin/peak.js');
const BASE_DATE = '2026-11-22T02:00:00Z';

export const PROMOTION = 'peak/promotion/manual';
const UNLIMITED = '[budgets]\npromotions_per_day = 1000\npromotions_per_week = 1000\n';

/** Branches beside the promotion's that `review.js` judges, each of them once. */
export const OTHER_HEADS = ['head-1', 'head-2', 'head-3', 'head-4', 'head-5'];
export const OTHER_BASES = ['base-1', 'base-2', 'base-3', 'base-4', 'base-5'];

/**
 * A repository with so many evidence files about so many targets on its base, and on a branch what `peak cycle` makes of them. Other
 * heads are that with a file changed, other bases the base with one more commit.
 */
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
  const [checklist = ''] = git('ls-tree', '-r', '--name-only', PROMOTION, 'reports/live_promotion').split(
    '\n',
  );
  const branch = (name: string, from: string, path: string) => {
    git('checkout', '--quiet', '-b', name, from);
    appendFileSync(join(folder, path), `\n${name}\n`);
    git('add', path);
    git('commit', '--quiet', '--message', name);
  };
  for (const name of OTHER_HEADS) branch(name, PROMOTION, checklist);
  for (const name of OTHER_BASES) branch(name, 'main', 'README.md');
}
