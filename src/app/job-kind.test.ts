import { expect, test } from 'vitest';
import { jobKindOf } from './job-kind.ts';

test.each([
  ['acme/trading#12', 'evaluate'],
  ['acme/trading:#12:merge', 'merge'],
  ['acme/trading:#12:merged', 'merged'],
  ['acme/trading:#12:hold', 'hold'],
  ['acme/trading:comment:4711', 'comment'],
  ['acme/trading:audit', 'audit'],
  ['acme/trading:reconcile', 'reconcile'],
  ['acme/trading:secret-desk:moved', 'moved'],
  ['acme/trading:a:b#1:moved', 'moved'],
  [`acme/trading:group:${'ab1'.repeat(13)}`, 'group'],
  ['acme/trading:#12:some "words"', 'other'],
])('jobKindOf %s is %s', (key, kind) => {
  expect(jobKindOf(key)).toBe(kind);
});
