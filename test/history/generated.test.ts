/** A generated repository of mixed events, read back with real git: every event is what the generator made it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openGitRepository } from '../../src/adapters/git/index.ts';
import { readMergedProposal } from '../../src/cycles/read-merged-proposal.ts';
import { type History, type HistoryEvent, planRollback, readHistory } from '../../src/history/index.ts';
import { instantFromMs } from '../../src/kernel/instant.ts';
import { FastImport } from '../support/history/fast-import.ts';
import { type Draw, type ExpectedEvent, GeneratedHistory } from '../support/history/generated-history.ts';

const folders: string[] = [];
const EVENTS = 1000;

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A fixed sequence of numbers (Park and Miller's minimal standard generator), so that a failure can be repeated. */
function drawFrom(seed: number): Draw {
  let state = seed;
  return (limit) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
}

function newRepository(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'peak-history-')));
  folders.push(folder);
  execFileSync('git', ['init', '--quiet', '--initial-branch=main'], { cwd: folder });
  return folder;
}

async function generate(seed: number, steps: (made: GeneratedHistory) => Promise<void>) {
  const folder = newRepository();
  const importer = new FastImport(folder);
  const made = new GeneratedHistory(importer, drawFrom(seed));
  await made.start();
  await steps(made);
  await importer.end();
  return { folder, made };
}

async function read(folder: string, { head, seconds }: GeneratedHistory): Promise<History> {
  const source = await openGitRepository(folder);
  if (source === null) throw new Error('no repository');
  const now = instantFromMs((seconds + 1) * 1000);
  const history = await readHistory(source, { head, now, since: null, readProposal: readMergedProposal });
  if (!history.ok) throw new Error(JSON.stringify(history.problems));
  expect(history.problems).toEqual([]);
  return history.value;
}

function told(event: HistoryEvent): ExpectedEvent {
  return {
    commit: event.commit,
    kind: event.kind,
    changes: event.changes
      .map(({ target, before, after }) => `${target} ${before?.value}→${after?.value}`)
      .sort(),
    settled: event.kind === 'unexplained' && event.settledBy !== null,
  };
}

beforeAll(() => {
  process.env['GIT_CONFIG_GLOBAL'] = '/dev/null';
});

test(`${EVENTS} events by merge, squash, octopus, rebase, revert and direct pushes are what they were made as`, {
  timeout: 120_000,
}, async () => {
  for (const seed of [1, 20_261_122]) {
    const { folder, made } = await generate(seed, async (generated) => {
      while (generated.expected.length < EVENTS) await generated.step();
    });
    const { events } = await read(folder, made);
    expect(events.map(told)).toEqual(made.expected);
    const kinds = new Set(events.map(({ kind }) => kind));
    // A generator that makes one kind only would prove little.
    for (const kind of ['promotion', 'rollback', 'unexplained', 'configuration'])
      expect(events.filter((event) => event.kind === kind).length).toBeGreaterThan(40);
    expect([...kinds].sort()).toEqual(['configuration', 'policy', 'promotion', 'rollback', 'unexplained']);
  }
});

test('each promotion can be taken back alone, in any order, and live values are right after each step', {
  timeout: 120_000,
}, async () => {
  for (const seed of [3, 4, 5]) {
    const folder = newRepository();
    const draw = drawFrom(seed);
    const importer = new FastImport(folder);
    const made = new GeneratedHistory(importer, draw);
    await made.start();
    for (let i = 0; i < 25; i += 1)
      await made.promoteBy((['merge', 'squash', 'octopus', 'rebase'] as const)[i % 4] ?? 'merge');
    await importer.end();
    while (made.standing.length > 0) {
      const id = made.standing[draw(made.standing.length)] as string;
      const history = await read(folder, made);
      const plan = planRollback(history, id);
      expect(Object.fromEntries(plan.restore)).toEqual(Object.fromEntries(made.expectedRestore(id)));
      const again = new FastImport(folder);
      made.continueWith(again);
      await made.takeBack(id, plan.restore);
      await again.end();
      const after = await read(folder, made);
      expect(after.events.at(-1)).toMatchObject({ kind: 'rollback', commit: made.head });
      expect(planRollback(after, id)).toEqual({ restore: new Map(), covered: [] });
    }
    expect([...made.values]).toEqual([]);
  }
});
