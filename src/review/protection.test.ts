import { describe, expect, test } from 'vitest';
import { type BranchRules, findProtectionGaps, isProtected } from './protection.ts';

const JUDGE = 7;
const CHECK = { name: 'peak/governance', app: JUDGE, upToDate: true };
const RULES: BranchRules = {
  pullRequest: true,
  checks: [CHECK, { name: 'ci', app: null, upToDate: false }],
  blocksForcePush: true,
  blocksDeletion: true,
  mergeQueue: false,
  mergeMethods: ['merge', 'squash'],
};
const DEMANDED = { judgeApp: JUDGE, allowsRebaseMerge: false };

describe('findProtectionGaps', () => {
  test('finds none where everything is as demanded', () => {
    expect(findProtectionGaps(RULES, DEMANDED)).toEqual([]);
  });

  test.each<readonly [string, Partial<BranchRules>, readonly string[]]>([
    ['pushes', { pullRequest: false }, ['PULL_REQUEST']],
    ['no required check', { checks: [] }, ['CHECK']],
    ['only another required check', { checks: [{ ...CHECK, name: 'ci' }] }, ['CHECK']],
    [
      'a check of a name that only looks the same',
      { checks: [{ ...CHECK, name: 'Peak/governance' }] },
      ['CHECK'],
    ],
    ['a check from anybody', { checks: [{ ...CHECK, app: null }] }, ['CHECK_FROM_ANYBODY']],
    ['a check from another App', { checks: [{ ...CHECK, app: 8 }] }, ['CHECK_FROM_ANOTHER']],
    [
      'a check from anybody and from another App',
      {
        checks: [
          { ...CHECK, app: null },
          { ...CHECK, app: 8 },
        ],
      },
      ['CHECK_FROM_ANOTHER'],
    ],
    ['heads behind the base', { checks: [{ ...CHECK, upToDate: false }] }, ['UP_TO_DATE']],
    [
      'heads behind the base, of which another check says otherwise',
      {
        checks: [
          { ...CHECK, upToDate: false },
          { ...CHECK, name: 'ci' },
        ],
      },
      ['UP_TO_DATE'],
    ],
    ['one rule of two that asks for up to date', { checks: [{ ...CHECK, upToDate: false }, CHECK] }, []],
    ['forced pushes', { blocksForcePush: false }, ['FORCE_PUSH']],
    ['deletion', { blocksDeletion: false }, ['DELETION']],
    ['rebase by the rules', { mergeMethods: ['rebase', 'squash'] }, []],
    [
      'everything at once',
      { pullRequest: false, checks: [], blocksForcePush: false, blocksDeletion: false },
      ['PULL_REQUEST', 'CHECK', 'FORCE_PUSH', 'DELETION'],
    ],
  ])('of a branch that allows %s', (_, overrides, codes) => {
    const gaps = findProtectionGaps({ ...RULES, ...overrides }, DEMANDED);
    expect(gaps.map(({ code }) => code)).toEqual(codes);
    expect(isProtected({ ...RULES, ...overrides }, DEMANDED)).toBe(codes.length === 0);
  });

  test.each([
    [null, null, ['REBASE_MERGE']],
    [null, true, ['REBASE_MERGE']],
    [null, false, []],
    [['merge', 'rebase'], true, ['REBASE_MERGE']],
    [['merge', 'rebase'], false, []],
    [['squash'], true, []],
    [['squash'], null, []],
  ])(
    'of merge methods %j in a repository that allows rebase: %s',
    (mergeMethods, allowsRebaseMerge, codes) => {
      const gaps = findProtectionGaps({ ...RULES, mergeMethods }, { judgeApp: JUDGE, allowsRebaseMerge });
      expect(gaps.map(({ code }) => code)).toEqual(codes);
    },
  );
});

describe('isProtected', () => {
  test('is not known where the rules could not be read, and not so with a merge queue', () => {
    expect(isProtected(null, DEMANDED)).toBeNull();
    expect(isProtected({ ...RULES, mergeQueue: true }, DEMANDED)).toBe(false);
  });
});
