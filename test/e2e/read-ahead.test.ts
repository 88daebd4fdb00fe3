import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { readEvidenceFiles } from '../../src/adapters/files/evidence-files.ts';
import { type ReadAhead, startReadAhead } from '../../src/adapters/files/read-ahead.ts';
import { EVIDENCE_PATH } from '../../src/kernel/governed-paths.ts';
import type { Instant } from '../../src/kernel/instant.ts';
import { Evidence } from '../../src/learning/index.ts';

const NOW = Date.UTC(2026, 10, 22) as Instant;
/** From here on the thread reads; before, it is still starting (read-ahead.ts). */
const FIRST = 8000;
const FILES = 20_000;

/** A module as the build made it, where the thread has a file to start from. */
async function built<T>(path: string): Promise<T> {
  const peak = inject('peak');
  if ('fault' in peak) throw new Error(peak.fault);
  return (await import(pathToFileURL(join(dirname(peak.bin), '../dist', path)).href)) as T;
}

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'peak-ahead-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('ReadAhead', () => {
  const CONTENTS = { small: '{"a":1}', empty: '', bytes: '\u{1f9ea}\xff', large: 'x'.repeat(64 * 1024 + 1) };

  function manyPaths(): string[] {
    for (const [name, content] of Object.entries(CONTENTS)) writeFileSync(join(root, name), content);
    symlinkSync(join(root, 'small'), join(root, 'link'));
    mkdirSync(join(root, 'folder'));
    const names = [...Object.keys(CONTENTS), 'link', 'folder', 'missing'];
    return Array.from({ length: FILES }, (_, i) => join(root, names[i % names.length] as string));
  }

  /** The thread starts when the machine lets it. */
  async function startedAhead(paths: readonly string[]): Promise<ReadAhead> {
    const { startReadAhead: start } = await built<{ startReadAhead: typeof startReadAhead }>(
      'adapters/files/read-ahead.js',
    );
    for (let ms = 100; ms < 30_000; ms *= 2) {
      const ahead = start(paths, 2) as ReadAhead;
      await pause(ms);
      if (ahead.take(FIRST) !== null) return ahead;
      ahead.stop();
    }
    throw new Error('the thread has not started');
  }

  test('gives small files as they are, and leaves large, linked and unreadable ones alone', async () => {
    const paths = manyPaths();
    paths[FIRST] = join(root, 'small');
    const ahead = await startedAhead(paths);
    for (let i = FIRST + 1; i < FIRST + 50; i += 1) {
      const name = (paths[i] as string).slice(root.length + 1);
      const content = name === 'large' ? undefined : CONTENTS[name as keyof typeof CONTENTS];
      const found = ahead.take(i);
      const seen = found && { text: found.bytes.toString(), sha256: found.sha256 };
      const sha256 = createHash('sha256')
        .update(content ?? '')
        .digest('hex');
      expect(seen, name).toEqual(content === undefined ? null : { text: content, sha256 });
    }
    ahead.stop();
  });

  test('gives nothing where the thread cannot start', async () => {
    const ahead = startReadAhead(manyPaths(), 2) as ReadAhead;
    await pause(200);
    expect(ahead.take(FIRST)).toBeNull();
  });

  test('is not used for few files, or by one processor', () => {
    expect(startReadAhead(Array(FILES - 1).fill('x'), 2)).toBeNull();
    expect(startReadAhead(Array(FILES).fill('x'), 1)).toBeNull();
  });
});

test('readEvidenceFiles answers alike with and without the thread', async () => {
  const folder = join(root, EVIDENCE_PATH);
  mkdirSync(folder, { recursive: true });
  const faults = ['{', '', '{"target":"a.b","value":NaN}', '[]', `{"id":"x","target":"a.é","value":1}`];
  for (let i = 0; i < FILES; i += 1) {
    const patch = { id: `id-${i % 15_000}`, target: `a.p${i % 50}`, value: i, source_experiment_id: `e${i}` };
    const text = i % 1000 === 999 ? (faults[((i / 1000) % 5) | 0] as string) : JSON.stringify(patch);
    writeFileSync(join(folder, `p${i}.json`), i % 3000 === 2999 ? Buffer.from([0x22, 0xff, 0x22]) : text);
  }
  const here = new Evidence(NOW);
  readEvidenceFiles(root, here);
  const files = await built<{ readEvidenceFiles: typeof readEvidenceFiles }>(
    'adapters/files/evidence-files.js',
  );
  const there = new Evidence(NOW);
  files.readEvidenceFiles(root, there);
  expect(there.problems).toEqual(here.problems);
  expect(there.problems.length).toBeGreaterThan(20);
  expect(there.table.digests).toEqual(here.table.digests);
  expect(there.table.files).toEqual(here.table.files);
  expect(there.table.targets().map((target) => there.table.rowsOf(target))).toEqual(
    here.table.targets().map((target) => here.table.rowsOf(target)),
  );
}, 60_000);
