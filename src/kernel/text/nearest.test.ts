import { expect, test } from 'vitest';
import { nearestWord } from './nearest.ts';

const KNOWN = ['promotion', 'eligibility', 'never', 'bounds', 'hard_limits'];

test.each([
  ['promotoin', 'promotion'],
  ['Promotion', 'promotion'],
  ['eligibilty', 'eligibility'],
  ['nevr', 'never'],
  ['bound', 'bounds'],
  ['hardlimits', 'hard_limits'],
])('nearestWord suggests for %s the word %s', (word, expected) => {
  expect(nearestWord(word, KNOWN)).toBe(expected);
});

test.each(['xyz', 'leverage', '', 'aaaaaaaaaaaaaaaa'])('nearestWord has no suggestion for %j', (word) => {
  expect(nearestWord(word, KNOWN)).toBeNull();
});

test('nearestWord knows nothing where nothing is known', () => {
  expect(nearestWord('mode', [])).toBeNull();
});

test('nearestWord takes the first of equally near words', () => {
  expect(nearestWord('mox', ['mod', 'mob'])).toBe('mod');
});
