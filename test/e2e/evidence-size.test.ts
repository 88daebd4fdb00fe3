/** Evidence of 200 MB: no run may need memory for it, whatever it holds. */
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerOf, type CycleAnswer, placesOf } from '../support/cli/answer.ts';
import { type GovernedFolder, governedFolder, temporaryFolder } from '../support/cli/governed-folder.ts';
import { type Run, runPeak, withFaults } from '../support/cli/run-peak.ts';

const HUGE = 200 * 1024 * 1024;
const FILE = 'reports/learning_snippets/huge';
/**
 * A run takes 70 MiB, and up to 260 before the garbage collector looks at what many lines leave behind, no more for twice
 * the file; one that held the file and its text takes 470.
 */
const MEMORY_LIMIT_MIB = 320;

const PATCH = '{"target": "risk.max_position", "new_value": 0.11, "confidence_score": 0.9}';

/** A file with this text at its start and end, and zeros or the filling between them; sparse where it can be. */
function hugeFile(
  folder: GovernedFolder,
  name: string,
  [start, filling, end]: readonly [string, string, string],
): void {
  const file = openSync(folder.path(name), 'w');
  writeSync(file, start);
  if (filling === '') ftruncateSync(file, HUGE);
  else {
    const block = Buffer.alloc(1024 * 1024, filling);
    for (let size = 0; size < HUGE; size += block.length) writeSync(file, block);
  }
  const size = filling === '' ? HUGE : start.length + HUGE;
  writeSync(file, Buffer.from(end), 0, Buffer.byteLength(end), size);
  closeSync(file);
}

async function measured(folder: GovernedFolder): Promise<{ run: Run; memoryMib: number }> {
  const log = join(temporaryFolder(), 'memory');
  const run = await runPeak(folder, ['cycle', '--json'], { env: withFaults({ PEAK_TEST_MEMORY: log }) });
  return { run, memoryMib: Number(readFileSync(log, 'utf8')) / 1024 };
}

async function expectSoundEvidence(folder: GovernedFolder, run: Run, changes: number): Promise<void> {
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  const answer = answerOf<CycleAnswer>(run);
  expect(answer.proposals).toHaveLength(1);
  expect(answer.evidence.recommended_changes).toBe(changes);
  expect(folder.leftovers()).toEqual([]);
}

describe('a file of 200 MB', () => {
  test('in JSON is refused by its size alone', async () => {
    const folder = governedFolder();
    hugeFile(folder, `${FILE}.json`, ['[', '', ']']);
    const { run, memoryMib } = await measured(folder);
    await expectSoundEvidence(folder, run, 9);
    expect(placesOf(answerOf(run))).toEqual(['FILE_TOO_LARGE huge.json']);
    expect(answerOf(run).problems[0]?.message).toContain(String(HUGE + 1));
    expect(memoryMib).toBeLessThan(MEMORY_LIMIT_MIB);
  });

  test('in JSON Lines with one giant line loses that line only', async () => {
    const folder = governedFolder();
    hugeFile(folder, `${FILE}.jsonl`, [`${PATCH}\n{"a": "`, 'x', `"}\n${PATCH}\n${PATCH}`]);
    const { run, memoryMib } = await measured(folder);
    await expectSoundEvidence(folder, run, 12);
    expect(placesOf(answerOf(run))).toEqual(['LINE_TOO_LONG huge.jsonl:2']);
    expect(memoryMib).toBeLessThan(MEMORY_LIMIT_MIB);
  });

  test('in JSON Lines that never ends a line is refused', async () => {
    const folder = governedFolder();
    hugeFile(folder, `${FILE}.jsonl`, ['', '', '']);
    const { run, memoryMib } = await measured(folder);
    await expectSoundEvidence(folder, run, 9);
    expect(placesOf(answerOf(run))).toEqual(['LINE_TOO_LONG huge.jsonl:1']);
    expect(memoryMib).toBeLessThan(MEMORY_LIMIT_MIB);
  });

  test('in JSON Lines of broken lines tells how many there are, and lists the first', async () => {
    const folder = governedFolder();
    hugeFile(folder, `${FILE}.jsonl`, ['', `{"a":${'x'.repeat(5000)}\n`, `\n${PATCH}\n`]);
    const { run, memoryMib } = await measured(folder);
    expect(run.exitCode).toBe(0);
    const answer = answerOf<CycleAnswer>(run);
    expect(answer.evidence.recommended_changes).toBe(10);
    expect(answer.evidence.problems).toBeGreaterThan(40_000);
    expect(answer.problems).toHaveLength(1000);
    expect(memoryMib).toBeLessThan(MEMORY_LIMIT_MIB);
  });
});

describe('documents that take far more memory than space', () => {
  /** Just below and just over the limit of values in one text (src/kernel/json.ts). */
  const most = 199_000;
  const list = (count: number, item: (i: number) => string) =>
    `[${Array.from({ length: count }, (_, i) => item(i)).join(',')}]`;

  test.each<[string, readonly string[], (file: number) => string]>([
    ['lists', [], () => list(most / 2, () => '[]')],
    ['lists in lists', ['SIGNAL_SHAPE'], () => `${'['.repeat(most)}${']'.repeat(most)}`],
    ['too many lists', ['JSON_TOO_MANY_VALUES'], () => list(2_700_000, () => '[]')],
    [
      'keys',
      ['SIGNAL_SHAPE'],
      (file) => `{${Array.from({ length: most }, (_, i) => `"${file}${i}":1`).join(',')}}`,
    ],
    ['patches', [], (file) => list(most / 4, (i) => `{"target":"a.b${i % 9}","value":${file}${i}}`)],
    [
      'targets',
      ['EVIDENCE_LIMIT'],
      (file) => list(most / 4, (i) => `{"target":"a.b${file}x${i}","value":1}`),
    ],
  ])('%s: five documents are read or refused, within the limit of memory', async (_, expected, text) => {
    const folder = governedFolder();
    for (let file = 1; file <= 5; file += 1) folder.write(`${FILE}-${file}.json`, text(file));
    const { run, memoryMib } = await measured(folder);
    expect(run.exitCode).toBe(expected.includes('EVIDENCE_LIMIT') ? 2 : 0);
    expect([...new Set(answerOf(run).problems.map(({ code }) => code))]).toEqual(expected);
    expect(memoryMib).toBeLessThan(MEMORY_LIMIT_MIB);
  });
});

describe('limits of size', () => {
  test('a document just over 8 MiB is refused, one just below is read', async () => {
    const folder = governedFolder();
    const limit = 8 * 1024 * 1024;
    folder.write(`${FILE}-over.json`, PATCH.padEnd(limit + 1));
    folder.write(`${FILE}-below.json`, PATCH.padEnd(limit));
    const run = await runPeak(folder, ['cycle', '--json']);
    await expectSoundEvidence(folder, run, 10);
    expect(placesOf(answerOf(run))).toEqual(['FILE_TOO_LARGE huge-over.json']);
  });
});
