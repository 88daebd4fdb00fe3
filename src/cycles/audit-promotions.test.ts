import { expect, test } from 'vitest';
import { isRetired } from './audit-promotions.ts';

test.each([
  ['older than the engine', 1, 0, true],
  ['older, after its like', 1, 1, true],
  ['older, after a newer one', 1, 2, false],
  ["the engine's", 3, 0, false],
  ['newer than the engine', 4, 0, false],
])('a version %s', (_, version, newest, expected) => {
  expect(isRetired(version, newest, 3)).toBe(expected);
});
