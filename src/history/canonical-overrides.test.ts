import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { expect, test } from 'vitest';
import { formatOverrideFile, parseOverrides } from '../liveconfig/index.ts';
import { readCanonicalOverrides } from './canonical-overrides.ts';

const target = fc.constantFrom(
  'portfolio.leverage',
  'a',
  'a.b',
  'a.b.c',
  'x-1.y_2',
  '__proto__',
  'a..b',
  '.a',
  '-',
);
const value = fc.constantFrom(
  '1',
  '1.0',
  '-0',
  '-0.0',
  '0.30',
  '01',
  '1.',
  '.5',
  '+1',
  '1e5',
  'true',
  'True',
  'inf',
  '1_0',
  '999999999999999999',
  '"text"',
  '"a\\nb"',
  '[1]',
  '{}',
);
const line = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(target, value).map(([key, text]) => `"${key}" = ${text}`) },
  fc.tuple(target, value).map(([key, text]) => `${key} = ${text}`),
  fc.constantFrom(
    '',
    '# "a" has its base value',
    '#',
    '# ü',
    '#\t',
    '#\u0007',
    '[auto_applied]',
    '[other]',
    '[auto_applied] # x',
    ' ',
    '"a"=1',
    '\r',
    '[[auto_applied]]',
  ),
);
const file = fc
  .tuple(fc.array(line, { maxLength: 8 }), fc.boolean())
  .map(([lines, isHeaded]) => [...(isHeaded ? ['[auto_applied]'] : []), ...lines].join('\n'));

test('readCanonicalOverrides answers what the TOML parser answers, or nothing', () => {
  let answered = 0;
  fc.assert(
    fc.property(file, (text) => {
      const fast = readCanonicalOverrides(text, 'auto_applied');
      if (fast === null) return;
      answered += 1;
      const whole = parseOverrides(text, 'auto_applied', 'auto.toml');
      expect(whole.problems).toEqual([]);
      expect(whole.ok && [...whole.value]).toEqual([...fast]);
    }),
    { numRuns: 5000 },
  );
  expect(answered).toBeGreaterThan(100);
});

test('readCanonicalOverrides reads what formatOverrideFile writes of numbers and booleans', () => {
  const number = fc
    .double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })
    .map((x) => Number(x.toFixed(4)) + 0);
  const parameter = fc.oneof(
    number.map((amount) => ({ type: 'float' as const, value: amount })),
    fc.integer().map((amount) => ({ type: 'integer' as const, value: amount })),
    fc.boolean().map((truth) => ({ type: 'boolean' as const, value: truth })),
  );
  const overrides = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}(\.[a-z]{1,6}){0,2}$/), parameter);
  fc.assert(
    fc.property(overrides, (values) => {
      const text = formatOverrideFile({
        table: 'auto_applied',
        header: ['# mine'],
        slots: new Set(['slot']),
        overrides: new Map(Object.entries(values)),
      });
      const scientific = /e[+-]?\d/.test(text.replace(/"[^"]*"/g, ''));
      const read = readCanonicalOverrides(text, 'auto_applied');
      if (!scientific) expect(read?.size).toBe(Object.keys(values).length);
    }),
  );
});
