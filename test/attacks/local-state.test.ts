/** `.peak/` and the folders beside it are swapped for something else: no run may hang, or touch what lies outside of the root. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { governedFolder, temporaryFolder } from '../support/cli/governed-folder.ts';
import { runPeak } from '../support/cli/run-peak.ts';

test('a folder that leads out of the root is not tidied up', async () => {
  const folder = governedFolder();
  const outside = temporaryFolder();
  mkdirSync(join(outside, '.peak-tmp-theirs'));
  writeFileSync(join(outside, '.peak-tmp-theirs', 'file'), 'precious');
  rmSync(folder.path('config/live_overrides'), { recursive: true });
  symlinkSync(outside, folder.path('config/live_overrides'));
  await runPeak(folder, ['promote']);
  expect(existsSync(join(outside, '.peak-tmp-theirs', 'file'))).toBe(true);
});

test('a lock folder that leads out of the root locks nothing there', async () => {
  const folder = governedFolder();
  const outside = temporaryFolder();
  const theirs = join(outside, `run.lock.${'0'.repeat(8)}.1.${'0'.repeat(16)}.draft`);
  writeFileSync(theirs, '');
  symlinkSync(outside, folder.path('.peak'));
  const run = await runPeak(folder, ['learn']);
  expect(run.exitCode).toBe(3);
  expect(readdirSync(outside)).toHaveLength(1);
});

test.runIf(process.platform === 'linux')('a lock that is a pipe keeps nobody waiting', async () => {
  const folder = governedFolder();
  mkdirSync(folder.path('.peak'));
  spawnSync('mkfifo', [folder.path('.peak/run.lock')]);
  expect(await runPeak(folder, ['learn'])).toMatchObject({ exitCode: 0 });
});
