/** What budgets read of a long history: the window that they need, however much lies before it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openGitRepository } from '../../src/adapters/git/index.ts';
import { readHistoryView } from '../../src/cycles/read-history-view.ts';
import { historyStart } from '../../src/governance/index.ts';
import type { HistorySource } from '../../src/history/index.ts';
import { instantFromMs } from '../../src/kernel/instant.ts';
import { writeHistoryRepository } from '../bench/history-repository.ts';
import { buildPolicy } from '../support/builders/policy.ts';

const root = mkdtempSync(join(tmpdir(), 'peak-window-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Ten minutes after the newest of so many commits, ten minutes apart. */
const after = (commits: number) => instantFromMs((1_700_000_000 + commits * 600) * 1000);

interface Reading {
  commits: number;
  blobs: number;
}

/** Counts what is read through it. */
function counting(source: HistorySource): { source: HistorySource; reading: Reading } {
  const reading = { commits: 0, blobs: 0 };
  return {
    reading,
    source: {
      firstParents: (commit) => source.firstParents(commit),
      list: (commit, prefixes) => source.list(commit, prefixes),
      changesAlong: async (range, prefixes) => {
        const changes = await source.changesAlong(range, prefixes);
        reading.commits += changes.length;
        return changes;
      },
      read: (oids) => {
        reading.blobs += oids.length;
        return source.read(oids);
      },
    },
  };
}

async function readOf(commits: number, policy: ReturnType<typeof buildPolicy>) {
  const folder = join(root, `${commits}`);
  const head = await writeHistoryRepository(folder, commits, commits / 2);
  const git = await openGitRepository(folder);
  if (git === null) throw new Error('no repository');
  const { source, reading } = counting(git);
  const view = await readHistoryView(source, head, policy, after(commits));
  return { reading, moves: view.ok ? view.value.moves.length : null };
}

/** Seven days are 1,008 commits, half of them promotions. */
const WEEK = 504;

test('a cycle reads its windows, and the same of a history that is twice as long', async () => {
  const policy = buildPolicy({
    promotion: { mode: 'bounded_auto' },
    evidence: { max_age_days: 7, auto_max_age_days: 7 },
    budgets: { window_days: 7, hold_days: 7 },
  });
  const short = await readOf(1500, policy);
  const long = await readOf(3000, policy);
  expect(long).toEqual(short);
  expect(short.moves).toBe(WEEK);
  expect(short.reading.commits).toBe(WEEK);
  // A version of `auto.toml`, the metadata of a proposal, and what stood at the window's beginning.
  expect(short.reading.blobs).toBeGreaterThan(WEEK);
  expect(short.reading.blobs).toBeLessThanOrEqual(2 * WEEK + 3);
});

test('with an auto lane and holds that people end, it is all of the history; without an auto lane the windows', () => {
  const now = after(0);
  const budgets = { window_days: 30 };
  expect(historyStart(buildPolicy({ promotion: { mode: 'bounded_auto' }, budgets }), now)).toBeNull();
  expect(historyStart(buildPolicy({ promotion: { mode: 'manual_only' }, budgets }), now)).toBe(
    now - 30 * 86_400_000,
  );
});
