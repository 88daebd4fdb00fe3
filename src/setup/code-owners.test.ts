import { describe, expect, test } from 'vitest';
import { ownersOf } from './code-owners.ts';

describe('ownersOf', () => {
  test.each([
    ['* @a', 'config/promotion.toml', ['@a']],
    ['/config/promotion.toml @a @o/t', 'config/promotion.toml', ['@a', '@o/t']],
    ['config/promotion.toml @a', 'x/config/promotion.toml', []],
    ['promotion.toml @a', 'x/promotion.toml', ['@a']],
    ['/promotion.toml @a', 'x/promotion.toml', []],
    ['config/ @a', 'config/a/b', ['@a']],
    ['config/ @a', 'x/config/a', ['@a']],
    ['/config/ @a', 'x/config/a', []],
    ['config/ @a', 'config', []],
    ['config @a', 'config/a', ['@a']],
    ['config/* @a', 'config/a.toml', ['@a']],
    ['config/* @a', 'config/a/b.toml', []],
    ['config/** @a', 'config/a/b.toml', ['@a']],
    ['**/b.toml @a', 'config/a/b.toml', ['@a']],
    ['**/b.toml @a', 'b.toml', ['@a']],
    ['*.toml @a', 'config/a.toml', ['@a']],
    ['*.toml @a', 'config/atoml', []],
    ['a?.toml @a', 'ab.toml', ['@a']],
    ['a+(b).toml @a', 'a+(b).toml', ['@a']],
    ['!config @a', 'config', []],
    ['[c]onfig @a', 'config', []],
    ['# * @a', 'config', []],
    ['* @a # not @b', 'config', ['@a']],
    ['my\\ file @a', 'my\\ file', []],
    ['', 'config', []],
  ])('%j of %s', (text, path, owners) => {
    expect(ownersOf(text, path)).toEqual(owners);
  });

  test('takes the last line that matches, even one without owners', () => {
    expect(ownersOf('* @a\n/config/ @b\r\n', 'config/x')).toEqual(['@b']);
    expect(ownersOf('* @a\n/config/\n', 'config/x')).toEqual([]);
    expect(ownersOf('/config/ @b\n* @a\n', 'config/x')).toEqual(['@a']);
  });
});
