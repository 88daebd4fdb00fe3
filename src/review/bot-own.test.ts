import { describe, expect, test } from 'vitest';
import { type Authorship, isBotOwn, type PullCommit } from './bot-own.ts';

const BOT = { id: 77, login: 'peak-publisher[bot]' };

function commit(overrides: Partial<PullCommit> = {}): PullCommit {
  return {
    oid: 'c1',
    parents: ['base'],
    verified: true,
    author: BOT.login,
    committer: 'web-flow',
    isBaseMerge: false,
    ...overrides,
  };
}

function facts(overrides: Partial<Authorship> = {}): Authorship {
  return {
    author: BOT,
    head: { oid: 'c1', ref: 'peak/promotion/auto', repositoryId: 1 },
    baseRepositoryId: 1,
    commits: [commit()],
    ...overrides,
  };
}

const head = (overrides: Partial<Authorship['head']>) => ({ head: { ...facts().head, ...overrides } });

describe('isBotOwn', () => {
  test.each<readonly [string, Partial<Authorship>]>([
    ['the auto lane', {}],
    ['evidence', head({ ref: 'peak/evidence' })],
    [
      'updated by the publisher, and by a merge of the base',
      {
        ...head({ oid: 'c3' }),
        commits: [
          commit(),
          commit({ oid: 'c2', parents: ['c1', 'tip'] }),
          commit({ oid: 'c3', parents: ['c2', 'tip2'], author: 'alice', isBaseMerge: true }),
        ],
      },
    ],
  ])('is so for %s', (_, overrides) => expect(isBotOwn(facts(overrides), BOT)).toBe(true));

  test.each<readonly [string, Partial<Authorship>]>([
    ['the manual lane', head({ ref: 'peak/promotion/manual' })],
    ['another branch', head({ ref: 'peak/promotion/auto2' })],
    ['a branch of another case', head({ ref: 'peak/Evidence' })],
    ['a fork', head({ repositoryId: 2 })],
    ['a deleted fork', head({ repositoryId: null })],
    ['an author of the same name', { author: { id: 78, login: BOT.login } }],
    ['a person', { author: { id: 5, login: 'stan' } }],
    ['commits that are not all known', { commits: null }],
    ['no commits', { commits: [] }],
    ['commits without the head', head({ oid: 'c9' })],
    ['a commit that stands twice', { commits: [commit(), commit()] }],
    ['a commit that the head does not lead to', { commits: [commit(), commit({ oid: 'c2' })] }],
    ["the bot's e-mail on somebody's commit", { commits: [commit({ verified: false })] }],
    ["the bot's name on a commit that somebody signed", { commits: [commit({ committer: 'stan' })] }],
    ['a verified commit of a person', { commits: [commit({ author: 'stan' })] }],
    ['a commit of nobody', { commits: [commit({ author: null, committer: null })] }],
    [
      'a commit of a person below one of the bot',
      {
        ...head({ oid: 'c2' }),
        commits: [commit({ author: 'stan' }), commit({ oid: 'c2', parents: ['c1'] })],
      },
    ],
    [
      'a merge of the base that changed something',
      {
        ...head({ oid: 'c2' }),
        commits: [commit(), commit({ oid: 'c2', parents: ['c1', 'tip'], author: 'stan' })],
      },
    ],
  ])('is not so for %s', (_, overrides) => expect(isBotOwn(facts(overrides), BOT)).toBe(false));

  test('is not so where nobody is known to be the publisher', () => {
    expect(isBotOwn(facts(), null)).toBe(false);
  });
});
