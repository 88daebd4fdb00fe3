/** Several runs on one folder at the same time, and locks that runs left behind. */
import { spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf, type CycleAnswer, saidIn } from '../support/cli/answer.ts';
import {
  createGovernedFolder,
  type GovernedFolder,
  governedFolder,
  temporaryFolder,
} from '../support/cli/governed-folder.ts';
import { cleanEnvironment, peakCommand, type Run, runPeak, withFaults } from '../support/cli/run-peak.ts';

const LOCK = '.peak/run.lock';
/** A process id that no system gives out (above Linux's limit of 2^22). */
const NOBODY = 2 ** 22 + 1;

/** Slow enough that all runs are active at the same time. */
const SLOWLY = withFaults({ PEAK_TEST_PAUSE_MS: '8' });

function lockOf(pid: number, host = hostname()): string {
  return JSON.stringify({ pid, host, token: '0123456789abcdef' });
}

/** Whether something becomes true in time. */
async function until(holds: () => boolean, patienceMs: number): Promise<boolean> {
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(10)) if (holds()) return true;
  return false;
}

async function expectOneOutcome(folder: GovernedFolder, runs: readonly Run[]): Promise<void> {
  for (const run of runs) expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  const proposals = runs.flatMap((run) => answerOf<CycleAnswer>(run).proposals);
  const ids = new Set(proposals.map(({ id }) => id));
  const digests = new Set(proposals.map(({ change_set_digest: digest }) => digest));
  expect(ids.size).toBe(digests.size);
  expect(folder.names('reports/live_promotion')).toEqual([...ids].sort());
  expect(proposals.filter(({ state }) => state === 'written')).toHaveLength(ids.size);
  expect(folder.leftovers()).toEqual([]);
}

/** Runs that wait for a lock until they give up take 15 seconds: they wait while the other tests run. */
const WAITING = [
  { lock: lockOf(process.pid), owner: `process ${process.pid}` },
  { lock: lockOf(NOBODY, 'elsewhere.example'), owner: 'elsewhere.example' },
];
let givenUp: Promise<readonly { folder: GovernedFolder; before: unknown; run: Run; waitedMs: number }[]>;

beforeAll(() => {
  givenUp = Promise.all(
    WAITING.map(async ({ lock }) => {
      const folder = createGovernedFolder();
      folder.write(LOCK, lock);
      const before = folder.snapshot();
      const started = Date.now();
      const run = await runPeak(folder, ['cycle']);
      return { folder, before, run, waitedMs: Date.now() - started };
    }),
  );
});

afterAll(async () => {
  for (const { folder } of await givenUp) rmSync(folder.root, { recursive: true });
});

describe('four runs at once', () => {
  test('with one clock end as one run would', { timeout: 60_000 }, async () => {
    const [alone, folder] = [governedFolder(), governedFolder()];
    for (const one of [alone, folder]) one.setMode('bounded_auto');
    await runPeak(alone, ['cycle']);
    const runs = [1, 2, 3, 4].map(() => runPeak(folder, ['cycle', '--json'], { env: SLOWLY }));
    const ended = await Promise.all(runs);
    await expectOneOutcome(folder, ended);
    expect(folder.snapshot()).toEqual(alone.snapshot());
  });

  test('with different clocks make one folder for each change set', { timeout: 60_000 }, async () => {
    const folder = governedFolder();
    const runs = ['1795300000', '1795300001', '1795300002', '1795300003'].map((clock) =>
      runPeak(folder, ['cycle', '--json'], { env: { ...SLOWLY, SOURCE_DATE_EPOCH: clock } }),
    );
    await expectOneOutcome(folder, await Promise.all(runs));
    expect(folder.names('reports/live_promotion')).toHaveLength(1);
  });

  test('of every writing command leave nothing broken', { timeout: 60_000 }, async () => {
    const folder = governedFolder();
    folder.setMode('bounded_auto');
    const emit = ['signal', 'emit', '--target', 'portfolio.leverage', '--confidence', '0.9', '--value'];
    const commands = [['cycle'], ['promote'], ['learn'], [...emit, '1.2'], [...emit, '1.21']];
    const runs = await Promise.all(commands.map((args) => runPeak(folder, args, { env: SLOWLY })));
    for (const run of runs) expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(folder.leftovers()).toEqual([]);
    expect(await runPeak(folder, ['proposals', '--json'])).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await runPeak(folder, ['status'])).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('commands that only read do not wait for a run', { timeout: 60_000 }, async () => {
    const folder = governedFolder();
    folder.write(LOCK, lockOf(process.pid));
    const started = Date.now();
    for (const args of [['status'], ['proposals'], ['signals'], ['cycle', '--dry-run'], ['config', 'show']])
      expect((await runPeak(folder, args)).exitCode).toBe(0);
    expect(Date.now() - started).toBeLessThan(10_000);
    expect(folder.read(LOCK)).toBe(lockOf(process.pid));
  });
});

describe('the lock', () => {
  test.each([
    ['of a process that is gone', lockOf(NOBODY)],
    ['that is empty, as after a power cut', ''],
    ['that is no JSON', '{"pid": 12'],
    ['of other JSON', '[]'],
    ['that is null', 'null'],
    ['without a usable process id', JSON.stringify({ pid: 'x', host: hostname() })],
  ])('%s is taken over', async (_, content) => {
    const folder = governedFolder();
    folder.write(LOCK, content);
    const run = await runPeak(folder, ['cycle']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(folder.leftovers()).toEqual([]);
  });

  test('of a run killed with SIGKILL is taken over by each of several runs in turn', async () => {
    const folder = governedFolder();
    const killed = await runPeak(folder, ['cycle'], { env: withFaults({ PEAK_TEST_FAULT: 'kill:6' }) });
    expect(killed.signal).toBe('SIGKILL');
    expect(existsSync(folder.path(LOCK))).toBe(true);
    const runs = await Promise.all(
      [1, 2, 3, 4].map(() => runPeak(folder, ['cycle', '--json'], { env: SLOWLY })),
    );
    await expectOneOutcome(folder, runs);
  });

  test('of a dead process is never taken from the live one that took it over', {
    timeout: 60_000,
  }, async () => {
    const folder = governedFolder();
    const flags = temporaryFolder();
    const reached = (name: string, patienceMs: number): Promise<boolean> =>
      until(() => existsSync(`${flags}/${name}.reached`), patienceMs);
    const release = (...names: string[]): void => {
      for (const name of names) writeFileSync(`${flags}/${name}`, '');
    };
    const start = (...holds: string[]): Promise<Run> =>
      runPeak(folder, ['cycle'], {
        env: withFaults({ PEAK_TEST_HOLD: holds.map((hold) => hold.replace('@', `${flags}/`)).join(';') }),
      });
    folder.write(LOCK, lockOf(NOBODY));
    // The slow one has seen the dead lock, and is stopped before it takes it over.
    const slow = start('linkSync,.draft,@slow-takes');
    expect(await reached('slow-takes', 10_000)).toBe(true);
    // Meanwhile the first one takes it over and is stopped in the middle of its work.
    const first = start('mkdirSync,live_promotion,@first-writes');
    expect(await reached('first-writes', 10_000)).toBe(true);
    release('slow-takes');
    const third = start('mkdirSync,live_promotion,@third-writes');
    expect(await reached('third-writes', 1500), 'two runs at once').toBe(false);
    release('first-writes', 'third-writes');
    for (const run of await Promise.all([slow, first, third])) expect(run.exitCode).toBe(0);
    expect(folder.leftovers()).toEqual([]);
  });

  test('that is given up while a run waits lets it go on', { timeout: 60_000 }, async () => {
    const folder = governedFolder();
    folder.write(LOCK, lockOf(process.pid));
    const waiting = runPeak(folder, ['cycle']);
    await sleep(1000);
    expect(folder.names('reports')).toEqual(['learning_snippets']);
    folder.remove(LOCK);
    expect(await waiting).toMatchObject({ exitCode: 0, stderr: '' });
    expect(folder.names('reports/live_promotion')).toHaveLength(1);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'is no obstacle after %s',
    { timeout: 60_000 },
    async (signal) => {
      const folder = governedFolder();
      const [command = '', ...args] = peakCommand();
      const child = spawn(command, [...args, 'cycle'], {
        cwd: folder.root,
        env: { ...cleanEnvironment(), ...withFaults({ PEAK_TEST_PAUSE_MS: '40' }) } as NodeJS.ProcessEnv,
        stdio: 'ignore',
      });
      const ended = new Promise((resolve) => child.on('close', resolve));
      expect(await until(() => existsSync(folder.path(LOCK)), 10_000)).toBe(true);
      child.kill(signal);
      await ended;
      expect(await runPeak(folder, ['cycle'])).toMatchObject({ exitCode: 0, stderr: '' });
      expect(folder.leftovers()).toEqual([]);
    },
  );

  test('of a live process, or of another machine, makes a run give up: exit 3', {
    timeout: 60_000,
  }, async () => {
    for (const [i, { folder, before, run, waitedMs }] of (await givenUp).entries()) {
      expect(waitedMs).toBeGreaterThan(10_000);
      expect(run).toMatchObject({ exitCode: 3, stdout: '' });
      expect(saidIn(run)).toEqual([expect.stringContaining(WAITING[i]?.owner ?? '')]);
      expect(run.stderr).toContain('run.lock');
      expect(run.stderr).toMatch(/^ {2}help: /m);
      expect(folder.snapshot()).toEqual(before);
    }
  });
});
