/** What published cycles make of the Git history: budgets, holds, and clones that do not hold enough of it. */
import { expect, test } from 'vitest';
import { answerOf, placesOf } from '../support/cli/answer.ts';
import { GitFolder, gitFolder } from '../support/cli/git-folder.ts';
import { governedFolder, SAMPLE_CLOCK } from '../support/cli/governed-folder.ts';
import { type Run, runPeak } from '../support/cli/run-peak.ts';

const AUTO = 'peak/promotion/auto';
const HOUR = 3600;

interface PatchAnswer {
  readonly target: string;
  readonly decision: {
    readonly status: string;
    readonly lane: string | null;
    readonly findings: readonly { readonly code: string }[];
  } | null;
}

function cycle(folder: GitFolder, hoursLater = 0): Promise<Run> {
  const clock = String(Number(SAMPLE_CLOCK) + hoursLater * HOUR);
  return runPeak(folder, ['cycle', '--publish', 'branch', '--json'], { env: { SOURCE_DATE_EPOCH: clock } });
}

/** `lane or status: CODE …` of one target. */
function told(run: Run, target: string): string {
  const patches = answerOf(run)['patches'] as readonly PatchAnswer[];
  const decision = patches.find((patch) => patch.target === target)?.decision;
  return [
    `${decision?.lane ?? decision?.status}:`,
    ...(decision?.findings ?? []).map(({ code }) => code),
  ].join(' ');
}

/** Merges a branch a number of hours after the sample's clock. */
function merge(folder: GitFolder, branch: string, hoursLater: number): void {
  const time = `${Number(SAMPLE_CLOCK) + hoursLater * HOUR} +0000`;
  folder.git('merge', '--quiet', '--no-ff', '--no-edit', branch);
  folder.amendTime(time);
}

test('a promotion is counted from its merge on, and its revert puts the target on hold', async () => {
  const folder = gitFolder((one) => one.setMode('bounded_auto'));
  const first = await cycle(folder);
  expect(told(first, 'portfolio.leverage')).toBe('auto:');
  expect(told(first, 'macro.regime_weight')).toBe('PENDING: STEP_EXCEEDED DAY_BUDGET_SPENT');
  merge(folder, AUTO, 1);
  const after = await cycle(folder, 1);
  // Two of the day's three changes are merged; the third is the more confident of the manual lane's.
  expect(told(after, 'macro.regime_weight')).toContain('DAY_BUDGET_SPENT');
  folder.git('revert', '--no-edit', '--mainline', '1', 'HEAD');
  folder.amendTime(`${Number(SAMPLE_CLOCK) + 30 * HOUR} +0000`);
  const reverted = await cycle(folder, 31);
  expect(told(reverted, 'portfolio.leverage')).toContain('ON_HOLD FLAPPING VALUE_REVERTED');
  expect(told(reverted, 'portfolio.leverage')).toMatch(/^PENDING:/);
});

test('a clone too shallow for the policy is refused with the depth that it needs; a local run says undetermined', async () => {
  const origin = gitFolder((one) => one.setMode('bounded_auto'));
  origin.write('notes.txt', 'one');
  origin.commitAll();
  const clone = cloneOf(origin);
  expect(clone.git('rev-list', '--count', 'HEAD')).toBe('1');
  const run = await cycle(clone);
  expect(run.exitCode).toBe(2);
  expect(placesOf(answerOf(run))).toEqual(['HISTORY_TOO_SHALLOW']);
  // Holds do not end by themselves, so the auto lane asks for all of it.
  expect(JSON.stringify(answerOf(run))).toContain('git fetch --unshallow (');
  const local = await runPeak(clone, ['promote', '--dry-run', '--json']);
  expect(local.exitCode).toBe(0);
  expect(told(local, 'portfolio.leverage')).toContain('HISTORY_UNDETERMINED');
  clone.git('fetch', '--quiet', '--unshallow');
  expect((await cycle(clone)).exitCode).toBe(0);
});

test('a policy that lets holds end by themselves, or that has no auto lane, needs its windows only', async () => {
  for (const [days, hint] of [
    [90, '--shallow-since=2026-08-22'],
    [7, '--shallow-since=2026-10-21'],
  ] as const) {
    const origin = gitFolder((one) => {
      one.setMode('bounded_auto');
      one.edit('config/promotion.toml', /^# hold_days.*$/m, `hold_days = ${days}`);
    });
    origin.write('notes.txt', 'one');
    origin.commitAll();
    expect(JSON.stringify(answerOf(await cycle(cloneOf(origin))))).toContain(hint);
  }
  const manual = gitFolder();
  manual.write('notes.txt', 'one');
  manual.commitAll();
  expect(JSON.stringify(answerOf(await cycle(cloneOf(manual))))).toContain('--shallow-since=2026-10-21');
});

/** A shallow clone of one commit. */
function cloneOf(origin: GitFolder): GitFolder {
  const folder = new GitFolder(governedFolder().root);
  folder.git('init', '--quiet', '--initial-branch=main');
  folder.git('remote', 'add', 'origin', `file://${origin.root}`);
  folder.git('fetch', '--quiet', '--depth=1', 'origin', 'main');
  folder.git('reset', '--quiet', '--hard', 'FETCH_HEAD');
  return folder;
}
