import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseToml } from '../liveconfig/index.ts';
import { editToml, type TomlEdit } from './toml-edit.ts';

const SHIPPED = readFileSync(join(import.meta.dirname, '../../config/promotion.toml'), 'utf8');
const DISABLE: TomlEdit = { path: ['promotion', 'mode'], value: 'disabled' };
const HOLD: TomlEdit = { path: ['holds', 'portfolio.leverage'], value: { reason: 'drill' } };
const RELEASE: TomlEdit = { path: ['holds', 'portfolio.leverage'], value: null };
const HELD = '"portfolio.leverage" = { reason = "drill" }';

/** The new text, or code and place of what keeps it from being. */
function edited(text: string, edit: TomlEdit): string {
  const result = editToml(text, edit, 'p.toml');
  if (result.ok) return result.value;
  return result.problems.map(({ code, line, column }) => `${code} ${line}:${column}`).join('\n');
}

describe('editToml sets a key', () => {
  test('of the shipped policy, and leaves every other byte', () => {
    expect(edited(SHIPPED, DISABLE)).toBe(SHIPPED.replace('mode = "manual_only"', 'mode = "disabled"'));
  });

  test.each<readonly [string, string, string]>([
    ['with a comment', '[promotion]\nmode = "a"  # why\n', '[promotion]\nmode = "disabled"  # why\n'],
    [
      'with CRLF',
      '# 😀\r\n[promotion]\r\nmode = "a"\r\nlock = true\r\n',
      '# 😀\r\n[promotion]\r\nmode = "disabled"\r\nlock = true\r\n',
    ],
    ['after a byte order mark', '\ufeff[promotion]\nmode = "a"\n', '\ufeff[promotion]\nmode = "disabled"\n'],
    [
      'over several lines',
      "[promotion]\nmode = '''\na'''\nlock = true\n",
      '[promotion]\nmode = "disabled"\nlock = true\n',
    ],
    ['that is dotted', 'promotion.mode = "a"\n', 'promotion.mode = "disabled"\n'],
    [
      'in an inline table',
      'promotion = { mode = "a", lock = true }\n',
      'promotion = { mode = "disabled", lock = true }\n',
    ],
    ['that is quoted', '["promotion"]\n"mode" = "a"\n', '["promotion"]\n"mode" = "disabled"\n'],
    ['at the end without a line break', '[promotion]\nmode = "a"', '[promotion]\nmode = "disabled"'],
  ])('%s', (_, before, after) => expect(edited(before, DISABLE)).toBe(after));
});

describe('editToml inserts a key', () => {
  test.each<readonly [string, string, string]>([
    ['into an empty text', '', `[holds]\n${HELD}\n`],
    ['and its table', '[a]\nb = 1\n', `[a]\nb = 1\n\n[holds]\n${HELD}\n`],
    ['and its table, with CRLF', '[a]\r\nb = 1\r\n', `[a]\r\nb = 1\r\n\r\n[holds]\r\n${HELD}\r\n`],
    ['and its table, after an unfinished line', '[a]\nb = 1', `[a]\nb = 1\n\n[holds]\n${HELD}\n`],
    [
      'at the end of its table',
      '[holds]\n"x.y" = { reason = "z" } # c\n\n[a]\nb = 1\n',
      `[holds]\n"x.y" = { reason = "z" } # c\n${HELD}\n\n[a]\nb = 1\n`,
    ],
    ['into an empty table', '[holds] # none\n[a]\nb = 1\n', `[holds] # none\n${HELD}\n[a]\nb = 1\n`],
    [
      'beside tables of its table',
      '[holds."x.y"]\nreason = "z"\n',
      `[holds."x.y"]\nreason = "z"\n\n[holds]\n${HELD}\n`,
    ],
  ])('%s', (_, before, after) => expect(edited(before, HOLD)).toBe(after));

  test('where the mode is missing', () => {
    expect(edited('[promotion]\nlock = true\n\n[auto]\n', DISABLE)).toBe(
      '[promotion]\nlock = true\nmode = "disabled"\n\n[auto]\n',
    );
  });
});

describe('editToml removes a key', () => {
  test.each<readonly [string, string, string]>([
    [
      'with its line',
      `[holds]\n${HELD} # why\n"x.y" = { reason = "z" }\n`,
      '[holds]\n"x.y" = { reason = "z" }\n',
    ],
    ['with its line, in CRLF', `[holds]\r\n${HELD}\r\n`, '[holds]\r\n'],
    ['that is not there', '[holds]\n', '[holds]\n'],
    ['whose table is not there', '[a]\n', '[a]\n'],
  ])('%s', (_, before, after) => expect(edited(before, RELEASE)).toBe(after));
});

describe('editToml takes a table under a header of its own', () => {
  test.each<readonly [string, TomlEdit, string, string]>([
    [
      'and replaces its lines',
      HOLD,
      '[a]\n[holds."portfolio.leverage"] # h\nreason = "z"\nuntil = "2027-01-01"\n\n[b]\n',
      '[a]\n[holds."portfolio.leverage"] # h\nreason = "drill"\n\n[b]\n',
    ],
    [
      'and fills it',
      HOLD,
      '[holds."portfolio.leverage"]',
      '[holds."portfolio.leverage"]\nreason = "drill"\n',
    ],
    [
      'and removes it, comments inside included',
      RELEASE,
      '[a]\r\nb = 1\r\n\r\n[holds."portfolio.leverage"]\r\n# why\r\nreason = "z"\r\n# c\r\n',
      '[a]\r\nb = 1\r\n\r\n# c\r\n',
    ],
    [
      'and removes it beside others',
      RELEASE,
      '[holds."portfolio.leverage"]\nreason = "z"\n[holds."x.y"]\nreason = "z"\n',
      '[holds."x.y"]\nreason = "z"\n',
    ],
  ])('%s', (_, edit, before, after) => expect(edited(before, edit)).toBe(after));
});

describe('editToml refuses', () => {
  test.each<readonly [string, TomlEdit, string, string]>([
    ['a text that is no TOML', DISABLE, '[promotion\n', 'TOML_INVALID 1:11'],
    ['a table in the place of the value', DISABLE, '[promotion.mode]\nx = 1\n', 'TOML_EDIT_REFUSED 1:1'],
    ['an array of tables', DISABLE, '[[promotion]]\n', 'TOML_EDIT_REFUSED 1:1'],
    ['to add to a dotted table', DISABLE, 'promotion.lock = true\n', 'TOML_EDIT_REFUSED 1:1'],
    ['to add to an inline table', HOLD, 'holds = {}\n', 'TOML_EDIT_REFUSED 1:1'],
    ['to remove from an inline table', RELEASE, `holds = { ${HELD} }\n`, 'TOML_EDIT_REFUSED 1:11'],
    [
      'a table with a comment inside',
      HOLD,
      '[holds."portfolio.leverage"]\n# why\nreason = "z"\n',
      'TOML_EDIT_REFUSED 1:1',
    ],
    [
      'a table with a table below it',
      RELEASE,
      '[holds."portfolio.leverage"]\nreason = "z"\n[holds."portfolio.leverage".x]\n',
      'TOML_EDIT_REFUSED 1:1',
    ],
    ['an array in the place of a hold', RELEASE, '[[holds."portfolio.leverage"]]\n', 'TOML_EDIT_REFUSED 1:1'],
  ])('%s', (_, edit, text, told) => expect(edited(text, edit)).toBe(told));
});

const line = fc.constantFrom(
  '# a comment',
  '',
  '  ',
  'x = 1',
  '"y z" = [1,\n  2]',
  "w = '''\n[promotion]\n'''",
);
const table = fc.record({
  name: fc.uniqueArray(fc.constantFrom('a', 'b', '"c.d"', 'promotion', 'holds'), { maxLength: 5 }),
  lines: fc.array(line, { maxLength: 4 }),
  newline: fc.constantFrom('\n', '\r\n'),
});

/** Texts with each table once, each key once a table, comments and blank lines anywhere. */
const texts = table.map(({ name, lines, newline }) =>
  name
    .flatMap((title) => [`[${title}]`, ...new Set(lines)])
    .join('\n')
    .replaceAll('\n', newline),
);

test('editToml keeps every line of any text, and what it sets can be taken back', () => {
  fc.assert(
    fc.property(texts, fc.constantFrom(DISABLE, HOLD), (text, edit) => {
      const after = editToml(text, edit, 'p.toml');
      if (!after.ok) throw new Error(JSON.stringify(after.problems));
      const back = editToml(after.value, { path: edit.path, value: null }, 'p.toml');
      if (!back.ok) throw new Error(JSON.stringify(back.problems));
      expect(parseToml(back.value, 'p.toml').ok).toBe(true);
      for (const left of [after.value, back.value]) expect(isWithin(text.trimEnd(), left)).toBe(true);
    }),
  );
});

/** Whether a text is left when one run of whole lines is taken out of another. */
function isWithin(text: string, whole: string): boolean {
  let same = 0;
  while (same < text.length && text[same] === whole[same]) same += 1;
  return whole.trimEnd().endsWith(text.slice(same)) || whole.startsWith(text);
}
