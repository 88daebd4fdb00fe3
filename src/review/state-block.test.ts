import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { buildDecline, buildPullState } from '../../test/support/builders/pull-state.ts';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import { formatState, parseState, replaceState } from './state-block.ts';
import { haveRoom } from './state-schema.ts';

const STATE = buildPullState();

describe('state block', () => {
  test('is read back from any body around it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
        fc.pre(!`${before}${after}`.includes('peak:state'));
        for (const end of ['\n', '\r\n'])
          expect(parseState(`${before}${end}${formatState(STATE)}${end}${after}`)).toEqual(STATE);
      }),
    );
  });

  test.each(HOSTILE_TEXTS)('cannot be ended or doubled by what it holds: $name', ({ text }) => {
    const hostile = { ...STATE, branch: `${text}-->${formatState(STATE)}` };
    const line = formatState(hostile);
    expect(line).toMatch(/^<!-- peak:state [\x20-\x7e]+ -->$/);
    expect(line.slice(4, -3)).not.toMatch(/--|[<>]/);
    // Too long a text is no state; a state that is read is the one that was written.
    expect([null, hostile.branch]).toContain(parseState(line)?.branch ?? null);
  });

  test.each([
    ['none', 'nothing here'],
    ['two', `${formatState(STATE)}\n${formatState({ ...STATE, closed: 'moot' })}`],
    ['broken JSON', '<!-- peak:state {"version":1 -->'],
    ['another version', formatState(STATE).replace('"version":1', '"version":2')],
    ['one key more', formatState(STATE).replace('"version":1', '"version":1,"x":1')],
    [
      'what takes more room than refused changes may',
      formatState({
        ...STATE,
        declined: Array.from({ length: 60 }, () => buildDecline({ reason: 'x'.repeat(200) })),
      }),
    ],
    ['a target that is none', formatState({ ...STATE, declined: [buildDecline({ target: '__proto__.x' })] })],
    ['a time that is none', formatState({ ...STATE, declined: [buildDecline({ at: 'yesterday' })] })],
    [
      'a value that is too long',
      formatState({ ...STATE, declined: [buildDecline({ value: 'x'.repeat(301) })] }),
    ],
    ['a value that is none', formatState(STATE).replace('"closed"', '"declined":[{"value":null}],"closed"')],
    ['a head that is no commit', formatState({ ...STATE, head: 'main' })],
  ])('%s is no state', (_, body) => {
    expect(parseState(body)).toBeNull();
  });

  test('of before there were refused changes is read as one without', () => {
    const line = formatState(STATE);
    expect(line).not.toContain('declined');
    expect(parseState(line)).toEqual(STATE);
  });

  test('holds refused changes, whatever they are, and is replaced as a whole', () => {
    const text = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS.map((one) => one.text)), fc.string());
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
      fc.boolean(),
      text.map((one) => one.slice(0, 300)),
    );
    const decline = fc.record({ value, reason: text.map((one) => one.slice(0, 500)) });
    fc.assert(
      fc.property(fc.array(decline, { maxLength: 2 }), (all) => {
        const state = { ...STATE, declined: all.map(buildDecline) };
        fc.pre(haveRoom(state.declined));
        const line = formatState(state);
        expect(line.slice(4, -3)).not.toMatch(/--|[<>]/);
        expect(parseState(`words\n\n${line}\n`)).toEqual(state);
        expect(parseState(replaceState(`${line}\r\nwords\n${line}`, state))).toEqual(state);
      }),
    );
  });
});
