import { describe, expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import { isPathInside, parseLayers } from './layers.ts';

describe('parseLayers', () => {
  test.each([
    ['without a policy', null],
    ['in a policy without them', '[config]\nx = 1'],
    ['in a broken policy that could not name any', '[promotion'],
  ])('has none %s', (_, text) => {
    expect(parseLayers(text, 'p.toml')).toMatchObject({ ok: true, value: [] });
  });

  test.each(['layers', '"l\\u0061yers"'])('keeps their order, the key written as %s', (key) => {
    expect(parseLayers(`[config]\n${key} = ["config/b.toml", "config/a.toml"]`, 'p.toml')).toMatchObject({
      ok: true,
      value: ['config/b.toml', 'config/a.toml'],
    });
  });

  test.each(['"config/a.toml"', '[1]', '["../x.toml"]', '["a", "/etc/x.toml"]', '[true]'])(
    'refuses %s',
    (layers) => {
      expect(parseLayers(`[config]\nlayers = ${layers}`, 'p.toml')).toMatchObject({
        ok: false,
        problems: [{ code: 'LAYERS_INVALID', file: 'p.toml' }],
      });
    },
  );

  test('fails with a broken policy that could name some', () => {
    expect(parseLayers('[config]\nlayers = [', 'p.toml')).toMatchObject({
      ok: false,
      problems: [{ code: 'TOML_INVALID' }],
    });
  });
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
