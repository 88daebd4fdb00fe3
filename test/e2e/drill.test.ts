/** `npm run drill`: every way back leads back, and nothing but its temporary copy is touched. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cleanEnvironment, peakCommand } from '../support/cli/run-peak.ts';

const ROOT = join(import.meta.dirname, '../..');

test('npm run drill walks nine ways back', () => {
  peakCommand();
  const said = execFileSync(process.execPath, ['--import', 'tsx', join(ROOT, 'scripts/drill.ts')], {
    cwd: ROOT,
    encoding: 'utf8',
    env: cleanEnvironment() as NodeJS.ProcessEnv,
  });
  expect(said.match(/^back {3}/gm)).toHaveLength(9);
  expect(said).not.toContain('NOT BACK');
}, 120_000);
