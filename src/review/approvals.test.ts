import { describe, expect, test } from 'vitest';
import { instantFromMs } from '../kernel/instant.ts';
import { countApprovals, type Demand } from './approvals.ts';
import type { People, Review } from './people.ts';

const HEAD = { commit: 'head', effect: 'effect' };
const ONE: Demand = {
  count: 1,
  by: 'operators',
  names: ['alice'],
  withTicks: true,
  canBeHeld: true,
  needsBacker: false,
};
/** Of a way back that needs nobody's consent. */
const FREE: Demand = { ...ONE, count: 0, withTicks: false, canBeHeld: false, needsBacker: true };
const ALICE = 1;
const BOB = 2;

function review(overrides: Partial<Review> & { readonly id?: number } = {}): Review {
  const { id = ALICE, ...rest } = overrides;
  const usual = { isUser: true, state: 'APPROVED' as const, commit: 'head', at: instantFromMs(1) };
  return { reviewer: { id, login: `user-${id}` }, ...usual, ...rest };
}

function people(overrides: Partial<People> = {}): People {
  return {
    author: { id: 9, login: 'author' },
    isBotOwn: false,
    reviews: [review()],
    commitAuthors: [{ commit: 'head', id: 9, isVerified: true }],
    operators: new Set([ALICE, BOB]),
    admins: new Set([3]),
    commanders: new Set(),
    ticks: 'all',
    isHeld: false,
    declined: [],
    earlierEffects: new Map(),
    ...overrides,
  };
}

function blockers(found: People, demand: Demand = ONE): readonly string[] {
  return countApprovals(found, demand, HEAD)
    .filter(({ outcome }) => outcome !== 'noted')
    .map(({ code }) => code);
}

describe('countApprovals', () => {
  test('takes the approval of an operator on the head', () => {
    expect(countApprovals(people(), ONE, HEAD)).toEqual([]);
  });

  const missing: Readonly<Record<string, Partial<People>>> = {
    'nobody has approved': { reviews: [] },
    'a stranger has': { reviews: [review({ id: 8 })] },
    'a bot has': { reviews: [review({ isUser: false })] },
    'the author has': { author: { id: ALICE, login: 'user-1' } },
    'the author of a commit has': { commitAuthors: [{ commit: 'c', id: ALICE, isVerified: true }] },
    'an operator has lost access, or is only invited': { operators: new Set([BOB]) },
    'somebody of an operator’s old name has': {
      reviews: [review({ reviewer: { id: 77, login: 'user-1' } } as Partial<Review>)],
    },
    'it was withdrawn': { reviews: [review(), review({ state: 'CHANGES_REQUESTED', at: instantFromMs(2) })] },
    'it was dismissed': { reviews: [review(), review({ state: 'DISMISSED', at: instantFromMs(2) })] },
    'it was given on another change': {
      reviews: [review({ commit: 'old' })],
      earlierEffects: new Map([['old', 'other']]),
    },
    'it was given on a head that nobody knows': { reviews: [review({ commit: 'old' })] },
    'a commit is not verified': { commitAuthors: [{ commit: 'c', id: null, isVerified: false }] },
  };
  test.each(Object.keys(missing))('counts none where %s', (name) => {
    expect(blockers(people(missing[name]))).toContain('APPROVALS_MISSING');
  });

  test('keeps an approval of an earlier head with the same effect', () => {
    const found = people({
      reviews: [review({ commit: 'old' })],
      earlierEffects: new Map([['old', 'effect']]),
    });
    expect(blockers(found)).toEqual([]);
  });

  test('takes a later comment for nothing', () => {
    const found = people({ reviews: [review(), review({ state: 'COMMENTED', at: instantFromMs(2) })] });
    expect(blockers(found)).toEqual([]);
  });

  test('counts one person once, and the order of reviews does not matter', () => {
    const twice = [review(), review({ at: instantFromMs(5) })];
    expect(blockers(people({ reviews: twice }), { ...ONE, count: 2 })).toEqual(['APPROVALS_MISSING']);
    const both = [review({ state: 'DISMISSED', at: instantFromMs(1) }), review({ at: instantFromMs(2) })];
    for (const reviews of [both, both.toReversed()]) expect(blockers(people({ reviews }))).toEqual([]);
  });

  test('asks for ticks, and stops at a hold and at changes that an operator wants', () => {
    expect(blockers(people({ ticks: 'missing' }))).toEqual(['TICKS_MISSING']);
    expect(blockers(people({ ticks: 'none' }))).toEqual([]);
    expect(blockers(people({ isHeld: true }))).toEqual(['HELD']);
    const declined = [{ target: 'portfolio.leverage', by: 'olivia' }];
    expect(blockers(people({ declined }))).toEqual(['DECLINED']);
    const reviews = [review(), review({ id: BOB, state: 'CHANGES_REQUESTED' })];
    expect(blockers(people({ reviews }))).toEqual(['CHANGES_REQUESTED']);
  });

  test('counts nobody where not all authors are known, unless nobody is needed', () => {
    expect(blockers(people({ commitAuthors: null }))).toContain('LIMIT_EXCEEDED');
    const reviews = [review({ id: ALICE }), review({ id: BOB })];
    expect(blockers(people({ commitAuthors: null, reviews }))).toContain('LIMIT_EXCEEDED');
    expect(blockers(people({ commitAuthors: null }), { ...ONE, count: 0 })).toEqual([]);
  });

  test('says who may, and when nobody may', () => {
    const say = (names: readonly string[]) =>
      countApprovals(people({ reviews: [] }), { ...ONE, names }, HEAD).flatMap(
        ({ children = [] }) => children,
      );
    expect(say(['alice', '@acme/risk'])).toEqual([
      expect.objectContaining({ code: 'MAY_APPROVE', observed: 'alice, @acme/risk' }),
    ]);
    expect(say([])).toEqual([expect.objectContaining({ code: 'NOBODY_MAY_APPROVE' })]);
  });

  test('lets a way back that is free be stopped by nobody', () => {
    const reviews = [review({ id: BOB, state: 'CHANGES_REQUESTED' })];
    const author = { id: ALICE, login: 'user-1' };
    expect(
      blockers(
        people({ author, reviews, isHeld: true, declined: [{ target: 't', by: 'b' }], ticks: 'missing' }),
        FREE,
      ),
    ).toEqual([]);
  });

  test('wants an operator, or the bot, behind what is free', () => {
    expect(blockers(people({ reviews: [] }), FREE)).toEqual(['APPROVALS_MISSING']);
    expect(blockers(people(), FREE)).toEqual([]);
    expect(blockers(people({ reviews: [], commanders: new Set([BOB]) }), FREE)).toEqual([]);
    expect(blockers(people({ reviews: [], isBotOwn: true }), FREE)).toEqual([]);
    expect(blockers(people({ reviews: [], commanders: new Set([8]) }), FREE)).toEqual(['APPROVALS_MISSING']);
  });

  test('tells why an approval does not count, and which commit is not verified', () => {
    const commitAuthors = [{ commit: 'c0ffee', id: null, isVerified: false }];
    const found = people({ reviews: [review({ id: 8 })], commitAuthors });
    expect(countApprovals(found, ONE, HEAD)).toEqual([
      expect.objectContaining({ code: 'APPROVAL_NOT_COUNTED', observed: 'user-8' }),
      expect.objectContaining({ code: 'UNVERIFIED_COMMIT', observed: 'c0ffee' }),
      expect.objectContaining({ code: 'APPROVALS_MISSING', observed: '0', required: '2' }),
    ]);
  });

  test('asks admins for a first policy', () => {
    const admin: Demand = { ...ONE, by: 'admins' };
    expect(blockers(people(), admin)).toEqual(['APPROVALS_MISSING']);
    expect(blockers(people({ reviews: [review({ id: 3 })] }), admin)).toEqual([]);
  });
});
