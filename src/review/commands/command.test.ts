import fc from 'fast-check';
import '../../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { buildVerdict } from '../../../test/support/builders/verdict.ts';
import { HOSTILE_TEXTS } from '../../../test/support/hostile-text.ts';
import { listButtons } from '../check/buttons.ts';
import { buttonCommand, parseCommand } from './command.ts';

describe('parseCommand', () => {
  test.each([
    ['/peak recheck', { name: 'recheck' }],
    ['/peak explain\r\n\r\nthanks', { name: 'explain' }],
    ['/peak release  ', { name: 'release' }],
    ['/peak hold', { name: 'hold', reason: null }],
    ['/peak  hold \t until the drill is done ', { name: 'hold', reason: 'until the drill is done' }],
    ['/peak rollback', { name: 'rollback', reason: null }],
    ['/peak disable losses', { name: 'disable', reason: 'losses' }],
    [
      '/peak decline portfolio.leverage too early',
      { name: 'decline', target: 'portfolio.leverage', reason: 'too early' },
    ],
  ])('reads %j', (body, command) => expect(parseCommand(body)).toEqual(command));

  test.each([
    ['quoted', '> /peak release'],
    ['quoted without a blank', '>/peak release'],
    ['fenced', '```\n/peak release\n```'],
    ['fenced with tildes', '~~~\n/peak release'],
    ['code', '`/peak release`'],
    ['indented code', '    /peak release'],
    ['a tab before', '\t/peak release'],
    ['a blank before', ' /peak release'],
    ['an empty line before', '\n/peak release'],
    ['other text before', 'please\n/peak release'],
    ['other text before, in the line', 'please /peak release'],
    ['in an HTML comment', '<!-- /peak release -->'],
    ['in an HTML comment of several lines', '<!--\n/peak release\n-->'],
    ['in details', '<details>\n/peak release'],
    ['in a list', '- /peak release'],
    ['another case', '/Peak release'],
    ['capitals', '/PEAK RELEASE'],
    ['a look-alike letter', '/pe\u0430k release'],
    ['full width', '\uff0fpeak release'],
    ['a byte order mark before', '\ufeff/peak release'],
    ['a zero-width space in it', '/pe\u200bak release'],
    ['a bidi mark before', '\u202e/peak release'],
    ['a no-break space behind', '/peak\u00a0release'],
    ['a line separator before', 'x\u2028/peak release'],
    ['a carriage return before', 'x\r/peak release'],
    ['another bot', '/peakrelease'],
    ['a path', '/peak/release'],
    ['nothing', ''],
  ])('finds no command that is %s', (_, body) => expect(parseCommand(body)).toBeNull());

  test.each([
    '/peak',
    '/peak ',
    '/peak help',
    '/peak Release',
    '/peak releas\u0435',
    '/peak release not before Monday',
    '/peak release\u2028',
    '/peak release\u200b',
    '/peak release\r/peak disable',
    '/peak recheck; disable',
    '/peak explain <!-- -->',
    '/peak decline',
    '/peak decline portfolio.leverage',
    '/peak decline __proto__.x why',
    '/peak decline portf\u043elio.leverage why',
    '/peak decline ../x why',
    '/peak constructor',
    `/peak hold ${'x'.repeat(2000)}`,
  ])('does nothing but answer %j', (body) => expect(parseCommand(body)).toEqual({ name: 'help' }));

  test('never takes a hostile text for a command, before, behind or inside one', () => {
    for (const { text } of HOSTILE_TEXTS) {
      expect(parseCommand(text)).toBeNull();
      const behind = parseCommand(`/peak release ${text}`)?.name;
      expect(behind === 'help' || /^[ \t]*(?:\r?\n|$)/.test(text)).toBe(true);
      const held = parseCommand(`/peak hold ${text}`);
      if (held?.name === 'hold') expect(held.reason?.length ?? 0).toBeLessThanOrEqual(301);
    }
  });

  test('takes nothing but a first line that starts with it', () => {
    const pieces = fc.constantFrom(
      '/peak',
      ' ',
      '\n',
      '\r',
      '> ',
      '```',
      'release',
      'hold',
      '<!--',
      '\u200b',
      'x',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const body = parts.join('');
        if (!/^\/peak(?:[ \t\r\n]|$)/.test(body)) expect(parseCommand(body)).toBeNull();
        if (parseCommand(body)?.name === 'release') expect(body).toMatch(/^\/peak +release *(?:\r?\n|$)/);
      }),
    );
  });
});

describe('buttonCommand', () => {
  test('knows every button that a check has', () => {
    const { kind } = buildVerdict();
    for (const { identifier } of [...listButtons(kind, false), ...listButtons(kind, true)])
      expect(buttonCommand(identifier)?.name).toBe(identifier);
  });

  test.each(['', 'rollback', 'Hold', 'hold ', 'constructor', '__proto__'])('knows no %j', (identifier) =>
    expect(buttonCommand(identifier)).toBeNull(),
  );
});
