import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openWorkTree } from '../../src/adapters/files/index.ts';
import { promoteCycle } from '../../src/cycles/promote.ts';
import { DERIVATION_VERSION } from '../../src/governance/index.ts';
import { instantFromMs } from '../../src/kernel/instant.ts';

const INPUT = join(import.meta.dirname, 'derivation', 'input');
const EXPECTED = join(import.meta.dirname, 'derivation', `expected-v${DERIVATION_VERSION}`);
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Every file below a folder, path → text. */
function readTree(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    paths.sort().map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );
}

// When this fails, the same inputs no longer give the same bytes: raise DERIVATION_VERSION and add a folder
// expected-vN beside this one, so that a judge of one version never mistakes the other's artifacts for forged ones.
test('the derivation of this version yields the pinned bytes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'peak-golden-'));
  folders.push(folder);
  cpSync(INPUT, folder, { recursive: true });
  const before = readTree(folder);
  const report = promoteCycle(openWorkTree(folder), {
    clock: instantFromMs(1_795_300_000_000),
    requestedMode: null,
    baseCommit: null,
    dryRun: false,
    writeOverride: true,
  });
  expect(report.ok).toBe(true);
  const changed = Object.entries(readTree(folder)).filter(([path, text]) => before[path] !== text);
  expect(Object.fromEntries(changed)).toEqual(readTree(EXPECTED));
});
