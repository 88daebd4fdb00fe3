import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import { formatState, parseState } from './state-block.ts';
import type { PullState } from './state-schema.ts';

const STATE: PullState = {
  version: 1,
  branch: 'peak/promotion/manual',
  head: 'ab'.repeat(20),
  proposal_id: 'live_promotion_20261122T030000Z_0badc0de',
  change_set_digest: 'cd'.repeat(32),
  closed: null,
};

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
    ['a head that is no commit', formatState({ ...STATE, head: 'main' })],
  ])('%s is no state', (_, body) => {
    expect(parseState(body)).toBeNull();
  });
});
