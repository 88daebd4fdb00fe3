import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../governance/index.ts';
import type { BranchRules } from '../review/index.ts';
import type { Known } from './check.ts';
import { describeCheck } from './check-words.ts';
import { checkGitHub } from './github-checks.ts';
import type { ExpectedApps, GovernedSettings } from './governed-settings.ts';

const known = <T>(value: T): Known<T> => ({ known: true, value });
const unread: Known<never> = { known: false, reason: '403' };
const APPS: ExpectedApps = { judge: 7, publisher: 5 };

const RULES: BranchRules = {
  pullRequest: true,
  checks: [{ name: 'peak/governance', app: 7, upToDate: true }],
  blocksForcePush: true,
  blocksDeletion: true,
  mergeQueue: false,
  mergeMethods: ['merge', 'squash'],
};

/** A repository in order; changes go on top. */
function settings(changes: Partial<GovernedSettings> = {}): GovernedSettings {
  return {
    repository: 'acme/trading',
    defaultBranch: 'trunk',
    allowsRebaseMerge: known(false),
    deletesMergedBranches: known(true),
    rules: known(RULES),
    bypass: known([]),
    actionsMayOpenPullRequests: known(false),
    repositorySecrets: known(['SLACK_URL']),
    environment: known({ branches: ['trunk'], secrets: known(['PEAK_APP_ID', 'PEAK_PRIVATE_KEY']) }),
    approvers: new Map([
      ['alice', known(['alice'])],
      ['bob', known(['bob'])],
      ['@acme/risk', known(['carol', 'Alice'])],
    ]),
    ...changes,
  };
}

const rules = (changes: Partial<BranchRules>) => settings({ rules: known({ ...RULES, ...changes }) });
const check = (app: number | null, upToDate = true) => ({ name: 'peak/governance', app, upToDate });

function policyWith(approvals: string) {
  const policy = parsePolicy(
    `[promotion]\nmode = "manual_only"\n[approvals]\noperators = ["alice", "bob", "@acme/risk"]\n${approvals}\n`,
  );
  if (!policy.ok) throw new Error('no valid policy');
  return policy.value;
}

/** What is not OK, as `level CODE`. */
function flaws(given: GovernedSettings, apps = APPS, approvals = ''): readonly string[] {
  return checkGitHub(given, policyWith(approvals), apps)
    .filter(({ level }) => level !== 'ok')
    .map(({ level, code }) => `${level} ${code}`);
}

describe('checkGitHub', () => {
  test('finds nothing wrong with a repository in order', () => {
    expect(flaws(settings())).toEqual([]);
  });

  test.each<[string, GovernedSettings, readonly string[]]>([
    ['pushes to the base', rules({ pullRequest: false }), ['error PULL_REQUEST_RULE']],
    ['no required check', rules({ checks: [] }), ['error GOVERNANCE_CHECK']],
    ['another required check', rules({ checks: [{ ...check(7), name: 'ci' }] }), ['error GOVERNANCE_CHECK']],
    ['a check from anybody', rules({ checks: [check(null)] }), ['error GOVERNANCE_CHECK']],
    ['a check from another App', rules({ checks: [check(8)] }), ['error GOVERNANCE_CHECK']],
    ['a branch behind its base', rules({ checks: [check(7, false)] }), ['error UP_TO_DATE']],
    ['force pushes', rules({ blocksForcePush: false }), ['error FORCE_PUSH']],
    ['deletion', rules({ blocksDeletion: false }), ['error FORCE_PUSH']],
    ['a merge queue', rules({ mergeQueue: true }), ['warning MERGE_QUEUE']],
    [
      'rebase merging',
      settings({ allowsRebaseMerge: known(true), rules: known({ ...RULES, mergeMethods: null }) }),
      ['error REBASE_MERGE'],
    ],
    [
      'merged branches that stay',
      settings({ deletesMergedBranches: known(false) }),
      ['warning MERGED_BRANCHES'],
    ],
    ['rebase merging where the rules forbid it', settings({ allowsRebaseMerge: known(true) }), []],
    [
      'a person who may bypass',
      settings({ bypass: known([{ label: 'admins', app: null }]) }),
      ['warning BYPASS'],
    ],
    ['our own App may bypass', settings({ bypass: known([{ label: 'x', app: 7 }]) }), ['error BYPASS']],
    [
      'the key for every workflow',
      settings({ repositorySecrets: known(['peak_private_key']) }),
      ['error KEY_AT_REPOSITORY'],
    ],
    [
      'some key for every workflow',
      settings({ repositorySecrets: known(['DEPLOY_PRIVATE_KEY']) }),
      ['warning KEY_AT_REPOSITORY'],
    ],
    [
      'an environment for every branch',
      settings({ environment: known({ branches: 'any', secrets: known(['PEAK_PRIVATE_KEY']) }) }),
      ['error ENVIRONMENT'],
    ],
    [
      'an environment for protected branches',
      settings({ environment: known({ branches: 'protected', secrets: known(['PEAK_PRIVATE_KEY']) }) }),
      ['error ENVIRONMENT'],
    ],
    [
      'an environment for a pattern, too',
      settings({ environment: known({ branches: ['trunk', '*'], secrets: known(['PEAK_PRIVATE_KEY']) }) }),
      ['error ENVIRONMENT'],
    ],
    [
      'an environment for no branch',
      settings({ environment: known({ branches: [], secrets: known(['PEAK_PRIVATE_KEY']) }) }),
      ['error ENVIRONMENT'],
    ],
    [
      'no publisher, and Actions may not either',
      settings({ environment: known(null) }),
      ['error ENVIRONMENT', 'warning PUBLISHER_KEY', 'error ACTIONS_PULL_REQUESTS'],
    ],
    [
      'no publisher, but Actions may',
      settings({ environment: known(null), actionsMayOpenPullRequests: known(true) }),
      ['error ENVIRONMENT', 'warning PUBLISHER_KEY'],
    ],
  ])('%s', (_, given, expected) => {
    expect(flaws(given)).toEqual(expected);
  });

  test('cannot say whose check it is when nobody names the judge, and knows that it is not the publisher', () => {
    expect(flaws(settings(), { judge: null, publisher: 5 })).toEqual(['warning GOVERNANCE_CHECK']);
    expect(flaws(settings(), { judge: null, publisher: 7 })).toEqual(['error GOVERNANCE_CHECK']);
    expect(flaws(settings(), { judge: 7, publisher: 7 })).toEqual(['warning ONE_APP']);
  });
});

describe('approvals', () => {
  test.each<[string, readonly string[]]>([
    ['policy_loosening = 2', []],
    ['policy_loosening = 3', ['warning APPROVALS']],
    ['policy_loosening = 4', ['error APPROVALS']],
    ['manual = 3', []],
    ['manual = 4', ['error APPROVALS']],
    ['rollback = 3', ['warning APPROVALS']],
    ['evidence = 10', ['error APPROVALS']],
  ])('%s of three people', (approvals, expected) => {
    expect(flaws(settings(), APPS, approvals)).toEqual(expected);
  });

  test('an operator without write access counts for nothing', () => {
    const approvers = new Map([
      ['alice', known([])],
      ['bob', known(['bob'])],
      ['@acme/risk', known([])],
    ]);
    expect(flaws(settings({ approvers }))).toEqual([
      'warning OPERATOR_ACCESS',
      'warning OPERATOR_ACCESS',
      'error APPROVALS',
    ]);
  });

  test('whoever could not be read does not count, and is told', () => {
    const approvers = new Map<string, Known<readonly string[]>>([
      ['alice', known(['alice'])],
      ['@acme/risk', unread],
    ]);
    expect(flaws(settings({ approvers }))).toEqual([
      'error OPERATOR_ACCESS',
      'error OPERATOR_ACCESS',
      'error APPROVALS',
    ]);
  });
});

const FACTS = [
  'allowsRebaseMerge',
  'rules',
  'bypass',
  'actionsMayOpenPullRequests',
  'repositorySecrets',
  'environment',
] as const;

test('what could not be read is never OK, and says why', () => {
  fc.assert(
    fc.property(fc.subarray([...FACTS], { minLength: 1 }), (missing) => {
      const given = settings(Object.fromEntries(missing.map((name) => [name, unread])));
      const found = checkGitHub(given, policyWith(''), APPS).filter((one) => one.unread !== undefined);
      // Rebase merging is settled by the rules, opening pull requests by the key, unless those are unread as well.
      const settled = (name: string) =>
        (name === 'allowsRebaseMerge' && !missing.includes('rules')) ||
        (name === 'actionsMayOpenPullRequests' && !missing.includes('environment'));
      if (missing.some((name) => !settled(name))) expect(found.length).toBeGreaterThan(0);
      for (const one of found) {
        expect(one.level).not.toBe('ok');
        expect(describeCheck(one).message).toContain('403');
      }
    }),
  );
});

test('every check has words for what is wrong and what to do', () => {
  for (const one of checkGitHub(rules({ checks: [], pullRequest: false }), policyWith('manual = 9'), APPS)) {
    const { message, help } = describeCheck(one);
    expect(message).not.toMatch(/undefined|null/);
    expect(help === undefined).toBe(one.level === 'ok');
  }
});
