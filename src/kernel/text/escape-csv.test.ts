import { describe, expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../../test/support/hostile-text.ts';
import { escapeCsvCell, formatCsv } from './escape-csv.ts';

/** Reads one CSV text as RFC 4180 says. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
  for (let match = pattern.exec(text); match !== null && match[0] !== ''; match = pattern.exec(text)) {
    rows.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '\r\n') rows.push([]);
  }
  return rows.filter((row) => row.length > 0);
}

describe('escapeCsvCell', () => {
  test.each([
    ['portfolio.leverage', 'portfolio.leverage'],
    ['1.25', '1.25'],
    ['-0.5', '-0.5'],
    ['=1+1', '"\'=1+1"'],
    ['@SUM(A1)', '"\'@SUM(A1)"'],
    ['+1', '"\'+1"'],
    ['-1+cmd|calc', '"\'-1+cmd|calc"'],
    ['  =1', '"\'  =1"'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
  ])('of %j is %s', (text, cell) => expect(escapeCsvCell(text)).toBe(cell));

  test.each(HOSTILE_TEXTS.map(({ name, text }) => [name, text]))(
    '%s stays one cell that is no formula',
    (_, text) => {
      const rows = readCsv(formatCsv(['a', 'b'], [[text, 'end']]));
      expect(rows).toHaveLength(2);
      const [cell = '', end] = rows[1] ?? [];
      expect(end).toBe('end');
      expect(/^\s*[=+@|%]|^\s*-(?!\d+(\.\d+)?$)/.test(cell)).toBe(false);
    },
  );
});
