import { describe, expect, test } from 'vitest';
import { buildDecline, buildPullState } from '../../test/support/builders/pull-state.ts';
import { formatInstant, instantFromMs, parseInstant } from '../kernel/instant.ts';
import { MAX_BODY_BYTES } from './fit-body.ts';
import { buildClosingBody } from './pull-text.ts';
import { type DeclinedPull, recordDecline } from './record-decline.ts';
import { formatState, parseState } from './state-block.ts';
import { MAX_DECLINED_BYTES, type PullDecline } from './state-schema.ts';

const AT = '2026-11-21T22:00:00.000Z';
const NOW = parseInstant(AT) ?? instantFromMs(0);
const daysLater = (days: number) => instantFromMs(NOW + days * 86_400_000);
const STATE = buildPullState();

const pullWith = (body: string): DeclinedPull => ({ body, branch: STATE.branch, head: STATE.head });

function recorded(body: string, decline: PullDecline, now = NOW): string {
  const found = recordDecline(pullWith(body), decline, now);
  if (found.state !== 'recorded') throw new Error(found.state);
  return found.body;
}

const BODY = `- [x] a tick\n\n${formatState(STATE)}\n`;

describe('recordDecline', () => {
  test('adds to the state, and to nothing else', () => {
    const first = buildDecline();
    const second = buildDecline({ target: 'macro.weight', value: -0.5 });
    const body = recorded(recorded(BODY, first), second);
    expect(parseState(body)).toEqual({ ...STATE, declined: [first, second] });
    expect(body).toMatch(/^- \[x\] a tick\n\n<!-- peak:state /);
  });

  test('says a repeated one is known, and renews one whose time is over', () => {
    const body = recorded(BODY, buildDecline());
    const again = buildDecline({ at: formatInstant(daysLater(13)), reason: 'again' });
    expect(recordDecline(pullWith(body), again, daysLater(13))).toEqual({ state: 'known' });
    expect(parseState(recorded(body, again, daysLater(14)))?.declined).toEqual([again]);
    const other = buildDecline({ value: 1.2 });
    expect(parseState(recorded(body, other))?.declined).toHaveLength(2);
  });

  test.each(['', 'nonsense', '<!-- peak:state {} -->', `${BODY}\n${BODY}`])(
    'writes a state anew that cannot be read: %j',
    (body) => {
      expect(parseState(recorded(body, buildDecline()))).toMatchObject({
        head: STATE.head,
        branch: STATE.branch,
        declined: [buildDecline()],
      });
    },
  );

  test('refuses what has no room, and keeps the body below its limit until then', () => {
    let body = `${'x'.repeat(49_999)}\n\n${formatState(STATE)}\n`;
    let count = 0;
    for (; ; count += 1) {
      const found = recordDecline(pullWith(body), buildDecline({ value: count }), NOW);
      if (found.state !== 'recorded') {
        expect(found.state).toBe('refused');
        break;
      }
      body = found.body;
      expect(parseState(body)?.declined).toHaveLength(count + 1);
    }
    expect(count).toBeGreaterThan(20);
    expect(new TextEncoder().encode(body).length).toBeLessThan(MAX_BODY_BYTES);
    expect(body).toContain('xxx');
    expect(count * 100).toBeLessThan(MAX_DECLINED_BYTES);
  });

  test('takes any single one, and no value that is too long', () => {
    const worst = buildDecline({
      target: '-'.repeat(200),
      value: '<'.repeat(300),
      reason: '\u{1f600}'.repeat(250),
    });
    expect(parseState(recorded(BODY, worst))?.declined).toEqual([worst]);
    const long = buildDecline({ value: 'x'.repeat(301) });
    expect(recordDecline(pullWith(BODY), long, NOW)).toEqual({ state: 'refused' });
  });

  test('outlives the closing of its pull request by the bot', () => {
    const closed = buildClosingBody(recorded(BODY, buildDecline()), STATE.branch, 'ef'.repeat(20), 'moot');
    expect(parseState(closed)).toMatchObject({ closed: 'moot', declined: [buildDecline()] });
  });
});
