/** `npm run demo` as a newcomer starts it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/cli/governed-folder.ts';
import { cleanEnvironment, peakCommand, runCommand } from '../support/cli/run-peak.ts';

const ROOT = join(import.meta.dirname, '../..');

test('the demo promotes, refuses, rolls back and audits under a judge, and leaves one clone', async () => {
  const temp = temporaryFolder();
  const [, bin = ''] = peakCommand();
  const run = await runCommand([process.execPath, '--import', 'tsx', 'scripts/demo.ts'], {
    cwd: ROOT,
    env: { ...cleanEnvironment(), SOURCE_DATE_EPOCH: undefined, TMPDIR: temp, PEAK_DEMO_BIN: bin },
  });
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  const parts = run.stdout.split('\n── ');
  const has = (part: number, ...words: readonly string[]) => {
    for (const word of words) expect(parts[part]).toContain(word);
  };
  has(3, 'peak-publisher[bot]', 'peak/promotion/manual', '- [ ]');
  has(4, 'peak/governance', 'APPROVALS_MISSING', 'TICKS_MISSING', '405');
  has(5, 'success', '--env paper\n1.0\n', '--env live\n1.25\n');
  has(6, '"conclusion":"success"', '"login":"olivia"');
  has(7, 'LIVE_CONFIG_INVALID', '405');
  has(8, 'success', '--env live\n1.0\n');
  has(9, 'unexplained 0', 'Promotions  1 of 1');
  const folders = readdirSync(temp).filter((name) => name.startsWith('peak-'));
  expect(folders).toEqual([expect.stringMatching(/^peak-demo-/)]);
  expect(readdirSync(join(temp, folders[0] ?? ''))).toEqual(['trading']);
}, 240_000);
