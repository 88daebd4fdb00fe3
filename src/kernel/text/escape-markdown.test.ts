import fc from 'fast-check';
import '../../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../../test/support/hostile-text.ts';
import { readCodeSpan, readMarkdownLine, readTableRow } from '../../../test/support/read-markdown.ts';
import { escapeMarkdown, markdownCode } from './escape-markdown.ts';
import { escapeTerminal } from './escape-terminal.ts';

/** What keeps mentions and links apart is invisible; the rest must be readable as it was. */
const withoutJoints = (text: string): string => text.replaceAll('\u200b', '');

describe('escapeMarkdown', () => {
  test.each(HOSTILE_TEXTS)('makes plain text of $name', ({ text }) => {
    expect(withoutJoints(readMarkdownLine(escapeMarkdown(text)))).toBe(escapeTerminal(text));
  });

  test('makes plain text of any text', () => {
    const pieces = fc.constantFrom(
      ...'\\`*_{}[]()#+-.!|~$^<>&@:/ 1aW',
      '\n',
      'www.',
      'http://',
      'GH-',
      '&#64;',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        expect(withoutJoints(readMarkdownLine(escapeMarkdown(text)))).toBe(escapeTerminal(text));
      }),
    );
  });

  test.each(HOSTILE_TEXTS)('stays in its table cell: $name', ({ text }) => {
    expect(readTableRow(`| a | ${escapeMarkdown(text)} | b |`)).toHaveLength(3);
  });

  test('makes no commit reference', () => {
    const commit = '0123456789abcdef0123456789abcdef01234567';
    expect(readMarkdownLine(escapeMarkdown(`see ${commit}`))).not.toContain(commit);
  });

  test('keeps what needs no escaping', () => {
    expect(escapeMarkdown('confidence 0.790 is below 0.800')).toBe('confidence 0.790 is below 0.800');
  });
});

describe('markdownCode', () => {
  test.each(HOSTILE_TEXTS.filter(({ text }) => text !== ''))('is one code span of $name', ({ text }) => {
    expect(readCodeSpan(markdownCode(text))).toBe(escapeTerminal(text));
  });

  test('is one code span of any text', () => {
    const text = fc.string({ unit: fc.constantFrom('`', '|', '\\', ' ', 'a', '\n', '<', '@') });
    fc.assert(
      fc.property(text, (found) => {
        if (found !== '') expect(readCodeSpan(markdownCode(found))).toBe(escapeTerminal(found));
      }),
    );
  });

  test('is a code span of nothing', () => {
    expect(readCodeSpan(markdownCode('')).trim()).toBe('');
  });

  test.each(HOSTILE_TEXTS)('stays in its table cell: $name', ({ text }) => {
    expect(readTableRow(`| a | ${markdownCode(text)} | b |`)).toHaveLength(3);
  });
});
