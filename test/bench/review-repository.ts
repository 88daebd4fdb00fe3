import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnvironment } from '../support/cli/run-peak.ts';
import { writeGovernedFolder, writePatchFiles } from './data.ts';

const PEAK = join(import.meta.dirname, '../../bin/peak.js');
const BASE_DATE = '2026-11-22T02:00:00Z';

/** A base and a promotion on it. */
export interface ReviewRepository {
  readonly base: string;
  readonly head: string;
}

/** A repository with so many evidence files about so many targets on its base, and on a branch what `peak cycle` makes of them. */
export function writeReviewRepository(folder: string, files: number, targets: number): ReviewRepository {
  writeGovernedFolder(folder, targets);
  writePatchFiles(folder, files, targets);
  writeFileSync(join(folder, '.gitignore'), '.peak/\n');
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
  return { base: git('rev-parse', 'main'), head: git('rev-parse', 'peak/promotion/manual') };
}
