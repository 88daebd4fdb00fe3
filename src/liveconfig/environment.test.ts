import { describe, expect, test } from 'vitest';
import { environmentMode, isLiveLikeMode } from './environment.ts';

/** seed.md §4, line by line. */
describe('isLiveLikeMode', () => {
  test.each([
    ['paper', false],
    ['testnet', true],
    ['live', true],
    ['shadow', true],
    ['paper_live', true],
    ['live_dry_run', true],
  ])('%s: %s', (mode, expected) => {
    expect(isLiveLikeMode(mode)).toBe(expected);
    expect(isLiveLikeMode(mode.toUpperCase())).toBe(expected);
  });

  test.each([
    null,
    '',
    ' live',
    'live ',
    'live\n',
    'lives',
    'live,paper',
    'livе',
    'production',
    'backtest',
    '__proto__',
    'lıve',
  ])('%j is none', (mode) => expect(isLiveLikeMode(mode)).toBe(false));
});

describe('environmentMode', () => {
  test('is the text at environment.mode', () => {
    expect(environmentMode({ environment: { mode: 'live' } })).toBe('live');
  });

  test.each([
    ['no table', {}],
    ['no mode', { environment: {} }],
    ['a mode that is no text', { environment: { mode: true } }],
    ['a number', { environment: 1n }],
    ['a list', { environment: [{ mode: 'live' }] }],
    ['an inherited mode', { environment: Object.create({ mode: 'live' }) }],
  ])('is null with %s', (_, base) => expect(environmentMode(base)).toBeNull());
});
