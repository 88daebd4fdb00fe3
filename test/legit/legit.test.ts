/**
 * Ordinary changes that must pass: each made with real git, judged by the pure judge and by `peak check`. A judge that people learn to
 * go around guards nothing.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOOPS } from '../../src/cycles/rebuild.ts';
import { formatInstant, instantFromMs } from '../../src/kernel/instant.ts';
import { judge, type Snapshot } from '../../src/review/index.ts';
import type { People } from '../../src/review/people.ts';
import { runHere } from '../support/cli/run-here.ts';
import {
  AUTO_TOML,
  type Change,
  EVIDENCE,
  GovernedRepo,
  POLICY,
  PROMOTION,
} from '../support/review/governed-repo.ts';
import { blockersOf, codesOf, judgeChange, peopleOf, snapshotOf } from '../support/review/judge-change.ts';

let repo: GovernedRepo;

beforeAll(async () => {
  repo = await GovernedRepo.create();
});

afterAll(() => repo.destroy());

/** Main with the honest promotion merged into it. */
function merged(): string {
  return repo.branch('main', (at) => at.git('merge', '--quiet', '--no-ff', '--no-edit', PROMOTION));
}

/** Nobody has reviewed; the author is an operator. */
const byOperator: Partial<People> = { author: { id: 1, login: 'alice' }, reviews: [] };

async function judged(change: Change, people: Partial<People> = {}, overrides: Partial<Snapshot> = {}) {
  const { head } = await snapshotOf(repo, change);
  return judgeChange(repo, change, { people: peopleOf(head.id, people), ...overrides });
}

async function check({ base, head }: Change) {
  const env = { SOURCE_DATE_EPOCH: '' };
  const run = await runHere(repo, ['check', '--base', base, '--head', head, '--json'], { env });
  const answer = JSON.parse(run.stdout) as { rules: Parameters<typeof blockersOf>[0] };
  return { exitCode: run.exitCode, blockers: blockersOf(answer.rules) };
}

describe('a way back passes without an approval', () => {
  test.each([
    [
      'git revert',
      (base: string) => repo.branch(base, (at) => at.git('revert', '--no-edit', '-m', '1', `${base}~1`)),
    ],
    [
      'the table emptied by hand',
      (base: string) => repo.branch(base, (at) => at.write(AUTO_TOML, '[auto_applied]\n')),
    ],
    [
      'the backup restored by hand',
      (base: string) => repo.branch(base, (at) => at.write(AUTO_TOML, at.git('show', `main:${AUTO_TOML}`))),
    ],
    ['the file removed', (base: string) => repo.branch(base, (at) => at.remove(AUTO_TOML))],
    [
      'one line taken back, with a record',
      (base: string) =>
        repo.branch(base, (at) => {
          at.edit(AUTO_TOML, '"portfolio.leverage" = 1.25', '# "portfolio.leverage" has its base value');
          at.write('reports/live_promotion/rollback_1/rollback.json', '{"proposals": ["x"]}\n');
        }),
    ],
  ])('%s', async (_, change) => {
    const base = merged();
    const head = change(base);
    const verdict = await judged({ base, head }, byOperator);
    expect(blockersOf(verdict.rules)).toEqual([]);
    expect(verdict).toMatchObject({ conclusion: 'success', kind: 'rollback' });
    const stranger = await judged({ base, head }, { reviews: [] });
    expect(blockersOf(stranger.rules)).toEqual(['APPROVALS_MISSING']);
  });

  test('also under the killswitch, and over a later change of something else', async () => {
    const base = repo.branch(merged(), (at) => {
      at.edit(POLICY, '"bounded_auto"', '"disabled"');
      at.edit(AUTO_TOML, '= 11.0', '= 12.0');
    });
    const head = repo.branch(`${base}~1`, (at) =>
      at.edit(AUTO_TOML, '"portfolio.leverage" = 1.25', '# "portfolio.leverage" has its base value'),
    );
    expect(blockersOf((await judged({ base, head }, byOperator)).rules)).toEqual([]);
  });

  test('by hand is told that it is written in other words', async () => {
    const base = merged();
    const head = repo.branch(base, (at) =>
      at.write(AUTO_TOML, '[auto_applied]\n"strategy.trigger_delay"=11.0\n'),
    );
    const verdict = await judged({ base, head }, byOperator);
    expect(codesOf(verdict.rules)).toContain('NON_CANONICAL');
    expect(verdict.conclusion).toBe('success');
  });
});

describe('a promotion passes', () => {
  test('while only evidence is new on the base', async () => {
    const base = repo.branch('main', (at) => at.write(`${EVIDENCE}/late.json`, at.signal({ changes: [] })));
    expect((await judged({ base, head: PROMOTION })).conclusion).toBe('success');
  });

  test('from a branch that was brought up to date, unless what it rests on moved', async () => {
    const update = (base: string) =>
      repo.branch(PROMOTION, (at) => at.git('merge', '--quiet', '--no-ff', '--no-commit', base));
    const notes = repo.branch('main', (at) => at.write('NOTES.md', 'x\n'));
    const verdict = await judged({ base: notes, head: update(notes) });
    expect(blockersOf(verdict.rules)).toEqual([]);
    const policy = repo.branch('main', (at) => at.edit(POLICY, 'max_step = 2.0', 'max_step = 1.5'));
    const moved = await judged({ base: policy, head: update(policy) });
    expect(blockersOf(moved.rules)).toContain('BASE_MOVED');
  });

  test('in the auto lane without a hand, and not with one guardrail less', async () => {
    const other = await GovernedRepo.create({ mode: 'bounded_auto' });
    const snapshot = await snapshotOf(other, { base: 'main', head: 'peak/promotion/auto' });
    const people = peopleOf(snapshot.head.id, { isBotOwn: true, reviews: [] });
    const full: Snapshot = { ...snapshot, people, isProtected: true, isEvidenceTrusted: true };
    expect(judge(full, LOOPS)).toMatchObject({ conclusion: 'success', lane: 'auto' });
    const missing: readonly Partial<Snapshot>[] = [
      { people: { ...people, isBotOwn: false } },
      { people: { ...people, isHeld: true } },
      { people: null },
      { isProtected: false },
      { isProtected: null },
      { isEvidenceTrusted: false },
      { isEvidenceTrusted: null },
      { pasts: { ...snapshot.pasts, recorded: null } },
      { pasts: { ...snapshot.pasts, now: null } },
      { now: instantFromMs(snapshot.now + 3 * 24 * 3_600_000) },
    ];
    for (const part of missing) expect(judge({ ...full, ...part }, LOOPS).conclusion).toBe('action_required');
    other.destroy();
  });

  test('only where the past is known', async () => {
    const verdict = await judged(
      { base: 'main', head: PROMOTION },
      {},
      { pasts: { recorded: null, now: null } },
    );
    expect(blockersOf(verdict.rules)).toEqual(['HISTORY_UNDETERMINED']);
  });

  test('and its verdict ends with the next freeze, or in an hour', async () => {
    expect((await judged({ base: 'main', head: PROMOTION })).validUntil).toBe(repo.now + 3_600_000);
    const from = formatInstant(instantFromMs(repo.now + 60_000));
    const until = formatInstant(instantFromMs(repo.now + 120_000));
    const freeze = `\n[budgets]\nfreeze = [{ from = "${from}", until = "${until}" }]\n`;
    const base = repo.branch('main', (at) => at.write(POLICY, `${at.read(POLICY)}${freeze}`));
    expect((await judged({ base, head: PROMOTION })).validUntil).toBe(repo.now + 60_000);
  });
});

describe('everything else that is ordinary passes', () => {
  test.each([
    ['evidence with an approval', (at: GovernedRepo) => at.write(`${EVIDENCE}/x.json`, at.signal({})), {}],
    [
      'evidence by the bot',
      (at: GovernedRepo) => at.write(`${EVIDENCE}/x.json`, at.signal({})),
      { isBotOwn: true, reviews: [] },
    ],
    [
      'a killswitch by an operator',
      (at: GovernedRepo) => at.edit(POLICY, '"bounded_auto"', '"disabled"'),
      byOperator,
    ],
    [
      'a comment in the policy',
      (at: GovernedRepo) => at.write(POLICY, `# x\n${at.read(POLICY)}`),
      byOperator,
    ],
    [
      'a wider policy with two approvals',
      (at: GovernedRepo) => at.edit(POLICY, 'max = 15.0', 'max = 16.0'),
      {},
    ],
    [
      'code and documents with two approvals',
      (at: GovernedRepo) => {
        at.write('src/x.ts', 'x\n');
        at.write('docs/x.md', 'x\n');
      },
      {},
    ],
  ] as const)('%s', async (_, change, people) => {
    const verdict = await judged(repo.onMain(change as (at: GovernedRepo) => void), people);
    expect(blockersOf(verdict.rules)).toEqual([]);
  });

  test('a first policy that an admin approves', async () => {
    const base = repo.branch('main', (at) => at.remove(POLICY));
    const change = repo.onMain((at) => at.git('checkout', 'main', '--', POLICY), base);
    const admin: Partial<People> = { admins: new Set([1]) };
    expect(blockersOf((await judged(change, admin)).rules)).toEqual([]);
    expect(blockersOf((await judged(change)).rules)).toEqual(['APPROVALS_MISSING']);
  });

  test('a policy that cannot be read, repaired by the operators of the last one that could', async () => {
    const broken = repo.branch('main', (at) => at.write(POLICY, 'mode ='));
    const change = repo.onMain((at) => at.git('checkout', 'main', '--', POLICY), broken);
    expect(blockersOf((await judged(change)).rules)).toEqual([]);
    expect(blockersOf((await judged(change, { reviews: [] })).rules)).toEqual(['APPROVALS_MISSING']);
    const nobody = await judged(change, {}, { lastReadablePolicy: null });
    expect(blockersOf(nobody.rules)).toEqual(['APPROVALS_UNKNOWN']);
  });
});

describe('peak check', () => {
  test('is done only on success', async () => {
    expect(await check(repo.onMain((at) => at.write('README.md', 'x\n')))).toEqual({
      exitCode: 0,
      blockers: [],
    });
    expect(await check({ base: 'main', head: PROMOTION })).toEqual({
      exitCode: 1,
      blockers: ['APPROVALS_UNKNOWN'],
    });
    expect(await check({ base: 'main', head: 'main' })).toEqual({ exitCode: 0, blockers: [] });
  });

  test('knows a way back from the history of the clone', async () => {
    const base = merged();
    const head = repo.branch(base, (at) => at.git('revert', '--no-edit', '-m', '1', `${base}~1`));
    expect(await check({ base, head })).toEqual({ exitCode: 1, blockers: ['APPROVALS_UNKNOWN'] });
    const snapshot = await snapshotOf(repo, { base, head });
    expect([...(snapshot.history?.standing.keys() ?? [])].sort()).toEqual([
      'portfolio.leverage',
      'strategy.trigger_delay',
    ]);
    const verdict = await judged({ base, head }, byOperator, { history: null });
    expect(blockersOf(verdict.rules)).toContain('HISTORY_UNDETERMINED');
  });

  test('succeeds for a promotion where the policy asks for no approval', async () => {
    const other = await GovernedRepo.create({ manual: 0 });
    const env = { SOURCE_DATE_EPOCH: '' };
    const run = await runHere(other, ['check', '--base', 'main', '--head', PROMOTION], { env });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    other.destroy();
  });

  test('refuses a fixed clock, a name that is no commit, and a folder outside of Git', async () => {
    const args = ['check', '--base', 'main', '--head', PROMOTION];
    expect((await runHere(repo, args)).exitCode).toBe(2);
    const env = { SOURCE_DATE_EPOCH: '' };
    expect((await runHere(repo, ['check', '--base', 'main', '--head', 'nowhere'], { env })).exitCode).toBe(2);
    expect((await runHere(repo, ['check', '--base', '--head'], { env })).exitCode).toBe(2);
  });

  test('says nothing that a terminal would obey', async () => {
    const change = repo.onPromotion((at) => {
      at.write(`${EVIDENCE}/\u001b[2Jx\u202e.json`, '{"target": "a\\u001b[2J"}');
      at.edit(
        `${at.proposal()}/proposal_meta.json`,
        /"generated_at": "[^"]*"/,
        '"generated_at": "\\u001b]0;x\\u0007"',
      );
    });
    const env = { SOURCE_DATE_EPOCH: '' };
    const run = await runHere(repo, ['check', '--base', change.base, '--head', change.head], { env });
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain('\\u{1b}');
    expect(run.stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
