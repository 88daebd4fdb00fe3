/**
 * A kill between any two changes to the file system, and in the middle of each write: no half file is ever visible, and the
 * next run ends where an undisturbed one would have ended.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerOf, type CycleAnswer } from '../support/cli/answer.ts';
import { type GovernedFolder, governedFolder, temporaryFolder } from '../support/cli/governed-folder.ts';
import { inParallel } from '../support/cli/in-parallel.ts';
import { runHere } from '../support/cli/run-here.ts';
import { type Run, runPeak, withFaults } from '../support/cli/run-peak.ts';

type Snapshot = ReadonlyMap<string, string>;

/** Something that writes, from a start at which every one of its files has to change. */
interface Scenario {
  readonly args: readonly string[];
  readonly start: () => GovernedFolder;
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'peak cycle': { args: ['cycle', '--publish', 'none'], start: everythingChanges },
  'peak learn': { args: ['learn'], start: everythingChanges },
  'peak signal emit': {
    args: ['signal', 'emit', '--target', 'portfolio.leverage', '--value', '1.2', '--confidence', '0.9'],
    start: governedFolder,
  },
};

function everythingChanges(): GovernedFolder {
  const folder = governedFolder();
  folder.setMode('bounded_auto');
  folder.write('config/auto/learning.override.toml', '# stale\n[overrides]\n"macro.regime_weight" = 0.9\n');
  return folder;
}

/** What is visible: everything but the state that belongs to runs. */
function visible(folder: GovernedFolder): Snapshot {
  const hidden = folder.leftovers();
  return new Map(
    [...folder.snapshot()].filter(
      ([path]) => !hidden.some((name) => path === name || path.startsWith(`${name}/`)),
    ),
  );
}

/** Files that hold neither what they held before nor what they hold in the end. */
function halfFiles(seen: Snapshot, before: Snapshot, after: Snapshot): readonly string[] {
  const wrong = [...seen].filter(([path, bytes]) => before.get(path) !== bytes && after.get(path) !== bytes);
  const gone = [...before.keys()].filter((path) => !seen.has(path));
  return [...wrong.map(([path]) => path), ...gone];
}

/** Proposal folders that hold only some of their files. */
function partialFolders(seen: Snapshot, after: Snapshot): readonly string[] {
  const filesOf = (from: Snapshot, folder: string): readonly string[] =>
    [...from.keys()].filter((path) => path.startsWith(`${folder}/`));
  const folders = [...after.keys()].flatMap((path) => /^reports\/live_promotion\/[^/]+/.exec(path) ?? []);
  return [...new Set(folders)].filter((folder) => {
    const count = filesOf(seen, folder).length;
    return count !== 0 && count !== filesOf(after, folder).length;
  });
}

async function undisturbed({
  args,
  start,
}: Scenario): Promise<{ after: Snapshot; calls: readonly string[] }> {
  const folder = start();
  const log = join(temporaryFolder(), 'calls');
  const run = await runPeak(folder, args, { env: withFaults({ PEAK_TEST_CALLS: log }) });
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  expect(folder.leftovers()).toEqual([]);
  return { after: folder.snapshot(), calls: changesIn(readFileSync(log, 'utf8')) };
}

/** Changes to the file system among what `fault-preload.js` has logged. */
function changesIn(log: string): readonly string[] {
  return log.split('\n').filter((call) => call !== '' && !call.startsWith('spawn '));
}

/** Runs to the kill, and answers what it left. */
async function killAt({ args }: Scenario, folder: GovernedFolder, fault: string): Promise<Run> {
  const run = await runPeak(folder, args, { env: withFaults({ PEAK_TEST_FAULT: fault }) });
  expect(run.signal).toBe('SIGKILL');
  return run;
}

async function expectConvergence(
  scenario: Scenario,
  faults: readonly string[],
  after: Snapshot,
): Promise<void> {
  await inParallel(faults, async (fault) => {
    const folder = scenario.start();
    const before = folder.snapshot();
    await killAt(scenario, folder, fault);
    const seen = visible(folder);
    expect.soft(halfFiles(seen, before, after), `half files after ${fault}`).toEqual([]);
    expect.soft(partialFolders(seen, after), `partial folders after ${fault}`).toEqual([]);
    // What the next run makes of it shows without a process of its own.
    const run = await runHere(folder, scenario.args);
    expect.soft(run, `the run after ${fault}`).toMatchObject({ exitCode: 0, stderr: '' });
    expect.soft(folder.leftovers(), `leftovers after ${fault}`).toEqual([]);
    expect.soft(visible(folder), `outcome after ${fault}`).toEqual(after);
  });
}

describe.each(Object.entries(SCENARIOS))('%s', (_, scenario) => {
  test('is killed before each of its changes', { timeout: 90_000 }, async () => {
    const { after, calls } = await undisturbed(scenario);
    expect(calls.length).toBeGreaterThan(3);
    const faults = calls.map((_call, i) => `kill:${i + 1}`);
    await expectConvergence(scenario, faults, after);
  });

  test('is killed in the middle of each of its writes', { timeout: 60_000 }, async () => {
    const { after, calls } = await undisturbed(scenario);
    const writes = calls.filter((call) => call.startsWith('write'));
    expect(writes.length).toBeGreaterThan(0);
    const faults = writes.map((_call, i) => `half:${i + 1}`);
    await expectConvergence(scenario, faults, after);
  });
});

describe('after a kill in the middle of a proposal folder', () => {
  const cycle = SCENARIOS['peak cycle'] as Scenario;

  /** A folder of which the first proposal was being written. */
  async function interrupted(): Promise<GovernedFolder> {
    const { calls } = await undisturbed(cycle);
    const patches = calls.findIndex((call) => call.includes('config_patches.json'));
    const folder = cycle.start();
    await killAt(cycle, folder, `kill:${patches + 2}`);
    expect(folder.leftovers().length).toBeGreaterThan(0);
    return folder;
  }

  test('commands that only read answer as if nothing had been there', async () => {
    const folder = await interrupted();
    const before = folder.snapshot();
    for (const args of [
      ['cycle', '--dry-run'],
      ['promote', '--dry-run'],
      ['status'],
      ['proposals'],
      ['signals'],
    ]) {
      const run = await runHere(folder, [...args, '--json']);
      expect.soft(run, args.join(' ')).toMatchObject({ exitCode: 0, stderr: '' });
      expect.soft(answerOf(run), args.join(' ')).toMatchObject({ ok: true, problems: [] });
    }
    expect(folder.snapshot()).toEqual(before);
  });

  test('the next run may be killed, too', async () => {
    const { after } = await undisturbed(cycle);
    const folder = await interrupted();
    const before = visible(folder);
    for (const at of [2, 5, 6, 8, 14]) {
      await killAt(cycle, folder, `kill:${at}`);
      const seen = visible(folder);
      expect(halfFiles(seen, before, after)).toEqual([]);
      expect(partialFolders(seen, after)).toEqual([]);
    }
    expect(await runPeak(folder, cycle.args)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(visible(folder)).toEqual(after);
    expect(folder.leftovers()).toEqual([]);
  });

  test('a run at another time makes its own proposal, and only that', async () => {
    const folder = await interrupted();
    const later = answerOf<CycleAnswer>(
      await runPeak(folder, ['cycle', '--json'], { env: { SOURCE_DATE_EPOCH: '1795300100' } }),
    );
    expect(folder.names('reports/live_promotion')).toEqual(later.proposals.map(({ id }) => id).sort());
  });
});
