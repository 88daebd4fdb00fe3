/** What the judge finds beside attacks: real changes, judged at other times, with other people, or by loops that fail. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOOPS } from '../../src/cycles/rebuild.ts';
import { instantFromMs } from '../../src/kernel/instant.ts';
import { judge, type Loops, type Snapshot } from '../../src/review/index.ts';
import type { ReviewHistory } from '../../src/review/review-history.ts';
import {
  AUTO_TOML,
  BASE_CONFIG,
  type Change,
  EVIDENCE,
  GovernedRepo,
  POLICY,
  PROMOTION,
} from '../support/review/governed-repo.ts';
import { blockersOf, codesOf, judgeChange, peopleOf, snapshotOf } from '../support/review/judge-change.ts';

const DAY_MS = 86_400_000;

let repo: GovernedRepo;
let honest: Snapshot;

beforeAll(async () => {
  repo = await GovernedRepo.create();
  const snapshot = await snapshotOf(repo, { base: 'main', head: PROMOTION });
  honest = { ...snapshot, people: peopleOf(snapshot.head.id) };
});

afterAll(() => repo.destroy());

async function codes(change: Change, overrides: Partial<Snapshot> = {}): Promise<readonly string[]> {
  return codesOf((await judgeChange(repo, change, overrides)).rules);
}

describe('judge', () => {
  test('gives the same verdict for the same snapshot, and says what it was about', () => {
    const verdict = judge(honest, LOOPS);
    expect(judge(honest, LOOPS)).toEqual(verdict);
    expect(verdict).toMatchObject({
      conclusion: 'success',
      kind: 'promotion',
      lane: 'manual',
      head: honest.head.id,
      base: honest.base.id,
      time: repo.now,
    });
    expect(verdict.policyDigest).toMatch(/^[0-9a-f]{64}$/);
    expect(verdict.changes).toEqual([
      {
        target: 'portfolio.leverage',
        before: '1.0',
        after: '1.25',
        bounds: '1.0 to 2.0',
        step: '0.25',
        maxStep: '0.25',
        outcome: 'passed',
      },
      expect.objectContaining({ target: 'strategy.trigger_delay', before: '10.0', after: '11.0' }),
    ]);
  });

  test('fails with a reference where a rule fails inside, and still tells all others', () => {
    const broken: Loops = {
      ...LOOPS,
      rebuild: () => {
        throw new Error('boom');
      },
    };
    const verdict = judge({ ...honest, people: null }, broken);
    expect(verdict.conclusion).toBe('failure');
    expect(blockersOf(verdict.rules)).toEqual(['APPROVALS_UNKNOWN', 'INTERNAL_ERROR']);
    const [finding] = verdict.rules
      .flatMap(({ findings }) => findings)
      .filter(({ code }) => code === 'INTERNAL_ERROR');
    expect(finding?.required).toMatch(/^[0-9a-f]{12}$/);
  });

  test('fails with a reference where the snapshot itself cannot be read', () => {
    const verdict = judge({ ...honest, own: null as never }, LOOPS);
    expect(verdict).toMatchObject({ conclusion: 'failure', kind: null });
    expect(blockersOf(verdict.rules)).toEqual(['INTERNAL_ERROR']);
  });

  test('fails, naming the limit, when its time is over', () => {
    let asked = 0;
    const verdict = judge(honest, LOOPS, () => {
      asked += 1;
      return asked > 3;
    });
    expect(verdict.conclusion).toBe('failure');
    expect(blockersOf(verdict.rules)).toEqual(['LIMIT_EXCEEDED']);
  });

  test('never succeeds while anything is unknown', () => {
    for (const people of [null, { ...peopleOf(honest.head.id), reviews: [] }])
      expect(judge({ ...honest, people }, LOOPS).conclusion).toBe('action_required');
  });
});

describe('valid now', () => {
  test('is not what other evidence would give by now', async () => {
    const now = instantFromMs(repo.now + 31 * DAY_MS);
    const verdict = judge({ ...honest, now }, LOOPS);
    expect(blockersOf(verdict.rules)).toEqual(['CHANGE_SET_MOVED']);
    expect(verdict.conclusion).toBe('action_required');
  });

  test('is not what was asked for in a mode that the policy no longer allows', async () => {
    const other = await GovernedRepo.create({ mode: 'bounded_auto' });
    const base = other.branch('main', (at) => at.edit(POLICY, '"bounded_auto"', '"manual_only"'));
    const verdict = await judgeChange(other, { base, head: 'peak/promotion/auto' });
    expect(blockersOf(verdict.rules)).toEqual(['BASE_MOVED', 'MERGE_DIFFERS', 'MODE_MOVED']);
    other.destroy();
  });

  test('is nothing that cannot be merged', async () => {
    const base = repo.branch('main', (at) =>
      at.edit(AUTO_TOML, /# "portfolio.*/, '"portfolio.leverage" = 1.5'),
    );
    expect(await codes({ base, head: PROMOTION })).toEqual(
      expect.arrayContaining(['MERGE_CONFLICT', 'BASE_MOVED']),
    );
  });

  test('is nothing that cannot be derived again', async () => {
    const base = repo.branch('main', (at) => at.write(BASE_CONFIG, 'leverage ='));
    const commits = [repo.git('rev-parse', 'main'), repo.git('rev-parse', base)] as const;
    const head = repo.branch(base, (at) => {
      at.git('checkout', PROMOTION, '--', 'reports', AUTO_TOML);
      at.edit(`${at.proposal()}/proposal_meta.json`, ...commits);
    });
    expect(await codes({ base, head })).toContain('REBUILD_FAILED');
  });
});

describe('what is told', () => {
  test('of a policy, key by key and as a whole', async () => {
    const change = repo.onMain((at) => {
      at.edit(POLICY, 'max_step = 0.25', 'max_step = 0.1');
      at.edit(POLICY, 'max = 15.0', 'max = 16.0');
    });
    const verdict = await judgeChange(repo, change);
    const expected = ['POLICY_RESULT', 'POLICY_TIGHTENED bounds.leverage', 'POLICY_LOOSENED bounds.trigger'];
    expect(codesOf(verdict.rules)).toEqual(expect.arrayContaining(expected));
  });

  test('of a hidden parameter never its value', async () => {
    const change = repo.onMain((at) => at.edit(BASE_CONFIG, 'stop_loss = 0.02', 'stop_loss = 0.7654'));
    const verdict = await judgeChange(repo, change);
    expect(codesOf(verdict.rules)).toContain('LIVE_CHANGED risk.stop_loss');
    expect(JSON.stringify(verdict)).not.toContain('0.7654');
    expect(JSON.stringify(verdict)).not.toContain('0.02');
  });

  test('of what was wrong before, without holding it against the change', async () => {
    const base = repo.branch('main', (at) =>
      at.write(AUTO_TOML, '[auto_applied]\n"portfolio.leverage" = 9.0\n'),
    );
    const verdict = await judgeChange(
      repo,
      repo.onMain((at) => at.write('README.md', 'x\n'), base),
    );
    expect(codesOf(verdict.rules)).toContain('LIVE_CONFIG_INVALID portfolio.leverage');
    expect(verdict.conclusion).toBe('success');
  });

  test('of an override that no session loads, as what is written and what is loaded', async () => {
    const verdict = await judgeChange(
      repo,
      repo.onMain((at) => at.write(AUTO_TOML, '[auto_applied]\n"portfolio.leverage" = 10.0\n')),
    );
    expect(verdict.changes).toEqual([
      expect.objectContaining({
        target: 'portfolio.leverage',
        after: expect.stringContaining('10.0,'),
        step: null,
      }),
    ]);
    expect(verdict.conclusion).toBe('failure');
  });
});

describe('a way back without a declared risk', () => {
  const history = (days: number): ReviewHistory => {
    const mergedAt = instantFromMs(repo.now - days * DAY_MS);
    const standing = { proposalId: 'x', before: null, mergedAt, merge: new Map() };
    return {
      standing: new Map([['strategy.trigger_delay', standing]]),
      former: new Map(),
    };
  };

  test.each([
    [13, []],
    [15, ['APPROVALS_MISSING']],
  ])('%i days after the promotion: %j', async (days, expected) => {
    const base = repo.branch('main', (at) =>
      at.write(AUTO_TOML, '[auto_applied]\n"strategy.trigger_delay" = 11.0\n'),
    );
    const change = repo.onMain((at) => at.write(AUTO_TOML, '[auto_applied]\n'), base);
    const { head } = await snapshotOf(repo, change);
    const people = peopleOf(head.id, { author: { id: 1, login: 'alice' }, reviews: [] });
    const verdict = await judgeChange(repo, change, { history: history(days), people });
    expect(blockersOf(verdict.rules)).toEqual(expected);
    expect(codesOf(verdict.rules).includes('ROLLBACK_OLD')).toBe(days > 14);
  });
});

test('an approval stays after "Update branch", and goes after a push', async () => {
  const base = repo.branch('main', (at) => at.write(`${EVIDENCE}/late.json`, at.signal({})));
  const updated = repo.branch(PROMOTION, (at) => at.git('merge', '--quiet', '--no-edit', base));
  const snapshot = await snapshotOf(repo, { base, head: updated });
  const before = await snapshotOf(repo, { base, head: PROMOTION });
  const { digestEffect } = await import('../../src/review/effect-digest.ts');
  const policy = snapshot.base.texts.get(POLICY) ?? null;
  const earlierEffects = new Map([[before.head.id, digestEffect(before.own, policy)]]);
  const people = { ...peopleOf(before.head.id), earlierEffects };
  const kept = judge({ ...snapshot, people }, LOOPS);
  // Derived from the old merge base: the publisher rebuilds it; the approval is not what is missing.
  expect(blockersOf(kept.rules)).toEqual(['BASE_COMMIT_OTHER']);
  const pushed = await snapshotOf(repo, {
    base,
    head: repo.branch(updated, (at) => at.edit(AUTO_TOML, '1.25', '1.2')),
  });
  expect(blockersOf(judge({ ...pushed, people }, LOOPS).rules)).toContain('APPROVALS_MISSING');
});

test('acknowledging what an audit found asks for as many as a looser policy', async () => {
  const commit = repo.git('rev-parse', 'main');
  const text = { schema_version: 1, commit, deviations: ['UNEXPLAINED'], reason: 'known' };
  const change = repo.onMain((at) => at.write(`reports/audit/${commit}.json`, JSON.stringify(text)));
  const { head } = await snapshotOf(repo, change);
  const own = peopleOf(head.id, { author: { id: 1, login: 'alice' } });
  const alone = await judgeChange(repo, change, { people: own });
  expect([alone.kind, blockersOf(alone.rules)]).toEqual(['policy', ['APPROVALS_MISSING']]);
  expect((await judgeChange(repo, change)).conclusion).toBe('success');
});
