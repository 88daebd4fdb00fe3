import { expect, test } from 'vitest';
import { type BranchCommit, findForeignCommit } from './authorship.ts';

const BOT = 'peak-publisher[bot]';
const commit = (overrides: Partial<BranchCommit> = {}): BranchCommit => ({
  oid: 'ab'.repeat(20),
  verified: true,
  author: BOT,
  committer: 'web-flow',
  isBaseMerge: false,
  ...overrides,
});

test.each([
  ['made by the API', commit(), true],
  ['signed as the bot itself', commit({ committer: BOT }), true],
  ['a merge of the base, by anybody', commit({ verified: false, author: 'stan', isBaseMerge: true }), true],
  ['with the bot as its author, not verified', commit({ verified: false }), false],
  ['signed by another person in the bot’s name', commit({ committer: 'stan' }), false],
  ['made by another person on the web', commit({ author: 'stan' }), false],
  ['without any account', commit({ author: null, committer: null }), false],
])('findForeignCommit: %s', (_, one, own) => {
  const other = commit({ oid: 'cd'.repeat(20) });
  expect(findForeignCommit([other, one], BOT)).toBe(own ? null : one.oid);
});
