import { expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../../test/support/hostile-text.ts';
import { escapeCommitLine } from './escape-trailer.ts';

test.each(HOSTILE_TEXTS)('escapeCommitLine is one line of well-formed text for $name', ({ text }) => {
  const line = escapeCommitLine(text);
  expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
  expect(line).not.toMatch(/\p{Cs}/u);
  expect(line.length).toBeLessThanOrEqual(200);
});

test('escapeCommitLine adds no trailer to a message', () => {
  for (const { text } of HOSTILE_TEXTS) {
    const message = `Promote ${escapeCommitLine(text)}\n\nPeak-Lane: manual\n`;
    const trailers = message.split('\n').filter((line) => /^[A-Za-z-]+: /.test(line));
    expect(trailers).toEqual(['Peak-Lane: manual']);
  }
});

test('escapeCommitLine keeps ordinary text', () => {
  expect(escapeCommitLine('portfolio.leverage, macro.regime_weight')).toBe(
    'portfolio.leverage, macro.regime_weight',
  );
});
