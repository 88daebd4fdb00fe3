import { describe, expect, test } from 'vitest';
import { problem } from '../kernel/problem.ts';
import { parseBaseConfig } from './base-config.ts';
import { buildLiveBase, liveParameters, requireTexts } from './session-values.ts';

const BASE = '[portfolio]\nleverage = 1.0\n[risk]\nname = "x"\n';

describe('requireTexts', () => {
  test('names every file that is missing or cannot be read', () => {
    const found = requireTexts([
      { file: 'a.toml', text: null },
      { file: 'b.toml', text: BASE },
      { file: 'c.toml', text: problem('LINK_REFUSED') },
    ]);
    expect(found.problems.map(({ code, file }) => [code, file])).toEqual([
      ['BASE_MISSING', 'a.toml'],
      ['LINK_REFUSED', 'c.toml'],
    ]);
    expect(found.ok).toBe(false);
  });
});

describe('buildLiveBase', () => {
  test('puts layers on top of each other', () => {
    const layers = [
      { file: 'a.toml', text: BASE },
      { file: 'b.toml', text: '[portfolio]\nleverage = 2.0' },
    ];
    expect(buildLiveBase(layers)).toMatchObject({
      ok: true,
      value: { portfolio: { leverage: 2 }, risk: { name: 'x' } },
    });
  });

  test.each([
    ['BASE_MISSING', null],
    ['TOML_INVALID', '[portfolio'],
    ['BASE_HARD_LIMIT', '[portfolio]\nleverage = 3.5'],
  ])('fails with %s', (code, text) => {
    expect(buildLiveBase([{ file: 'a.toml', text }])).toMatchObject({ ok: false, problems: [{ code }] });
  });
});

test('liveParameters takes the override that a session accepts, and the base value for every other', () => {
  const base = parseBaseConfig([{ file: 'a.toml', text: BASE }]);
  if (!base.ok) throw new Error('the fixture is broken');
  const overrides = new Map<string, number>([
    ['portfolio.leverage', 1.5],
    ['risk.name', 2],
  ]);
  const { live, ignored } = liveParameters(base.value, overrides);
  expect([...live]).toEqual([
    ['portfolio.leverage', { type: 'float', value: 1.5 }],
    ['risk.name', { type: 'string', value: 'x' }],
  ]);
  expect(ignored.map(({ target }) => target)).toEqual(['risk.name']);
});
