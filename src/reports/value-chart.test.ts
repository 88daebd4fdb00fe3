import { expect, test } from 'vitest';
import { valueChart } from './value-chart.ts';

test.each([
  ['no point', [], 10, ''],
  ['one point', [{ time: 0, value: 1 }], 10, ''],
  [
    'a step half-way',
    [
      { time: 0, value: 1 },
      { time: 20, value: 2 },
    ],
    40,
    `${'▁'.repeat(19)}${'█'.repeat(21)}`,
  ],
  [
    'a step and back',
    [
      { time: 0, value: 2 },
      { time: 10, value: 0 },
      { time: 30, value: 1 },
    ],
    40,
    `${'█'.repeat(9)}${'▁'.repeat(20)}${'▅'.repeat(11)}`,
  ],
  [
    'the same value',
    [
      { time: 0, value: 3 },
      { time: 5, value: 3 },
    ],
    10,
    '▁'.repeat(40),
  ],
  [
    'all at once',
    [
      { time: 5, value: 1 },
      { time: 5, value: 2 },
    ],
    5,
    '',
  ],
])('valueChart of %s', (_, points, end, chart) => expect(valueChart(points, end)).toBe(chart));
