import { describe, expect, test } from 'vitest';
import { PLAIN, type Style } from './style.ts';
import { formatFacts, formatTable } from './table.ts';

const LOUD: Style = {
  ...PLAIN,
  bold: (text) => `\u001b[1m${text}\u001b[22m`,
  green: (text) => `\u001b[32m${text}\u001b[39m`,
  dim: (text) => `\u001b[2m${text}\u001b[22m`,
};
const withoutColours = (text: string): string => text.replaceAll(/\u001b\[\d+m/g, '');

describe('formatTable', () => {
  const rows = [
    ['portfolio.leverage', '1.25', 'auto lane'],
    ['a.b', '−0.5', 'rejected'],
  ];

  test('aligns columns, numbers to the right', () => {
    expect(formatTable(['target', 'step', 'decision'], rows)).toBe(
      [
        'target              step  decision',
        'portfolio.leverage  1.25  auto lane',
        'a.b                 −0.5  rejected',
      ].join('\n'),
    );
  });

  test('aligns the same with colours', () => {
    const coloured = rows.map(([target = '', step = '', lane = '']) => [target, LOUD.green(step), lane]);
    expect(withoutColours(formatTable(['target', 'step', 'decision'], coloured, LOUD))).toBe(
      formatTable(['target', 'step', 'decision'], rows),
    );
  });

  test('has no spaces at the ends of lines, and copes with missing cells', () => {
    const table = formatTable(['a', 'b'], [['x'], ['', 'y'], []]);
    expect(table.split('\n').every((line) => line === line.trimEnd())).toBe(true);
  });

  test('without rows is its head', () => {
    expect(formatTable(['a', 'b'], [])).toBe('a  b');
  });
});

test('formatFacts puts values under each other', () => {
  expect(
    formatFacts([
      ['Mode', 'x'],
      ['Evidence', 'y'],
    ]),
  ).toBe('Mode      x\nEvidence  y');
});
