import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { canonicalPath, pathMatches } from './path-pattern.ts';

describe('canonicalPath', () => {
  test.each([
    ['Config/Promotion.TOML', 'config/promotion.toml'],
    ['config/promo\u200dtion.toml', 'config/promotion.toml'],
    ['con\ufb01g/promotion.toml', 'config/promotion.toml'],
    ['report\u017f/x', 'reports/x'],
    ['\u212aernel', 'kernel'],
    ['caf\u0065\u0301', 'caf\u00e9'],
    ['config./promotion.toml. ', 'config/promotion.toml'],
    ['a/../b', 'a/../b'],
  ])('takes %j for %j', (path, canonical) => {
    expect(canonicalPath(path)).toBe(canonical);
  });

  test.each([
    ['dots', `${'.'.repeat(200_000)}\u00e9`],
    ['marks that have to be put in order', `a${'\u0300\u0316'.repeat(200_000)}`],
  ])('takes no longer than its length for a name of many %s', (_, name) => {
    const start = performance.now();
    canonicalPath(name);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test('changes nothing when applied again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (path) => {
        expect(canonicalPath(canonicalPath(path))).toBe(canonicalPath(path));
      }),
    );
  });
});

describe('pathMatches', () => {
  test.each([
    ['src/**', 'src/a/b.ts', true],
    ['src/**', 'SRC/a.ts', true],
    ['src/**', 'src', true],
    ['src/**', 'srcs/a.ts', false],
    ['package*.json', 'package-lock.json', true],
    ['package*.json', 'a/package.json', false],
    ['**/package*.json', 'a/b/package.json', true],
    ['Dockerfile', 'dockerfile', true],
    ['a/?/c', 'a/b/c', true],
    ['a/?/c', 'a/bb/c', false],
    ['a/*/c', 'a/b/x/c', false],
    ['**', 'anything/at/all', true],
  ])('%s on %s: %s', (pattern, path, expected) => {
    expect(pathMatches(pattern, path)).toBe(expected);
  });

  test('a pattern without wildcards matches its own path only', () => {
    const segment = fc.stringMatching(/^[a-z0-9_-]{1,8}$/);
    const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(path, path, (a, b) => {
        expect(pathMatches(a, b)).toBe(a === b);
        expect(pathMatches(a, a)).toBe(true);
      }),
    );
  });

  test('takes no longer than its length for a pattern of many wildcards', () => {
    expect(pathMatches(`${'*a'.repeat(200)}b`, 'a'.repeat(2000))).toBe(false);
  });
});
