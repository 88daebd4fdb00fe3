import { describe, expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import { isPathInside, parseLayers } from './layers.ts';

describe('parseLayers', () => {
  test('has none where the policy names none', () => {
    expect(parseLayers({}, 'p.toml')).toMatchObject({ ok: true, value: [] });
    expect(parseLayers({ config: {} }, 'p.toml')).toMatchObject({ ok: true, value: [] });
  });

  test('keeps their order', () => {
    const layers = ['config/b.toml', 'config/a.toml'];
    expect(parseLayers({ config: { layers } }, 'p.toml')).toMatchObject({ ok: true, value: layers });
  });

  test.each([['config/a.toml'], [[1n]], [['../x.toml']], [['a', '/etc/x.toml']], [true]])(
    'refuses %s',
    (layers) => {
      expect(parseLayers({ config: { layers: layers as never } }, 'p.toml')).toMatchObject({
        ok: false,
        problems: [{ code: 'LAYERS_INVALID', file: 'p.toml' }],
      });
    },
  );
});

describe('isPathInside', () => {
  test.each(['config/a.toml', 'a', 'a.b/c-d/e_f.toml', '..a/b..'])('accepts %s', (path) => {
    expect(isPathInside(path)).toBe(true);
  });

  test.each(['', '.', '..', '../a', 'a/../b', 'a/./b', '/a', 'a//b', 'a/', 'a\\b', 'C:\\a', 'a\n', ' a'])(
    'refuses %j',
    (path) => expect(isPathInside(path)).toBe(false),
  );

  test.each(HOSTILE_TEXTS)('accepts plain names at most: $name', ({ text }) => {
    if (isPathInside(text)) expect(text).toMatch(/^[\w.-]+(?:\/[\w.-]+)*$/);
  });
});
