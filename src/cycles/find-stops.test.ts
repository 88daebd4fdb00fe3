import { describe, expect, test } from 'vitest';
import { instantFromMs } from '../kernel/instant.ts';
import { formatDeclineRecord, formatHoldRecord } from '../review/index.ts';
import { findStops } from './find-stops.ts';
import { emptyMemory } from './judge-memory.ts';
import type { PullClosing, PullComment } from './pull-reader-port.ts';

const NOW = instantFromMs(0);
const JUDGE = { id: 3, login: 'peak-judge[bot]', isUser: false };
const OLIVIA = { id: 1, login: 'olivia', isUser: true };
const STAN = { id: 2, login: 'stan', isUser: true };
const LEVERAGE = 'portfolio.leverage';

const desk = {
  identities: { judge: JUDGE, judgeAppId: 2, publisher: null },
  memory: emptyMemory(() => NOW),
  access: {
    access: (login: string) =>
      Promise.resolve({ id: login === 'olivia' ? OLIVIA.id : STAN.id, permission: 'write' as const }),
    isTeamMember: () => Promise.resolve(false),
    branchRules: () => Promise.resolve(null),
    latestRun: () => Promise.resolve(null),
    repository: () => Promise.reject(new Error('not asked for')),
  },
};

function comment(id: number, body: string, overrides: Partial<PullComment> = {}): PullComment {
  return { id, body, author: OLIVIA, at: NOW, isEdited: false, ...overrides };
}

const own = (id: number, body: string, isEdited = false) => comment(id, body, { author: JUDGE, isEdited });
const record = (asked: number, value = 1.25) =>
  formatDeclineRecord({ target: LEVERAGE, value, by: 'olivia', comment: asked }, 'too early');
const ASKED = `/peak decline ${LEVERAGE} too early`;
const stopsOf = (...comments: readonly PullComment[]) =>
  findStops(desk as never, { comments, closings: [] }, ['olivia']);
const closing = (by: typeof OLIVIA, seconds: number, isReopening = false): PullClosing => ({
  by,
  at: instantFromMs(seconds * 1000),
  isReopening,
});
const isHeldBy = async (closings: readonly PullClosing[] | null, ...comments: readonly PullComment[]) =>
  (await findStops(desk as never, { comments, closings }, ['olivia'])).isHeld;

const FREE = { isHeld: false, declined: [] };
const DECLINED = { isHeld: false, declined: [{ target: LEVERAGE, value: 1.25, by: 'olivia' }] };
const ANY = { isHeld: false, declined: [{ target: LEVERAGE, value: null, by: 'olivia' }] };

describe('findStops', () => {
  test('a "no" counts from the comment on, for the value that the judge has written down', async () => {
    expect(await stopsOf(comment(5, ASKED))).toEqual(ANY);
    expect(await stopsOf(comment(5, ASKED), own(6, record(5)))).toEqual(DECLINED);
    // One of the two deleted.
    expect(await stopsOf(own(6, record(5)))).toEqual(DECLINED);
  });

  test('a "no" that was refused is none', async () => {
    expect(await stopsOf(comment(5, ASKED), own(6, '<!-- peak:reply 5 -->\nNot done.'))).toEqual(FREE);
    // Only the judge's own answer is one.
    const forged = comment(6, '<!-- peak:reply 5 -->\nNot done.', { author: STAN });
    expect(await stopsOf(comment(5, ASKED), forged)).toEqual(ANY);
  });

  test('a later release ends it, an earlier one does not, whenever the record came', async () => {
    expect(await stopsOf(comment(5, ASKED), own(6, record(5)), comment(7, '/peak release'))).toEqual(FREE);
    expect(await stopsOf(comment(4, '/peak release'), comment(5, ASKED), own(6, record(5)))).toEqual(
      DECLINED,
    );
    expect(await stopsOf(comment(5, ASKED), comment(6, '/peak release'), own(7, record(5)))).toEqual(FREE);
    const again = comment(8, ASKED);
    expect(await stopsOf(comment(5, ASKED), own(6, record(5)), comment(7, '/peak release'), again)).toEqual(
      ANY,
    );
  });

  test('a hold and a "no" stand beside each other', async () => {
    const stops = await stopsOf(comment(4, '/peak hold'), comment(5, ASKED), own(6, record(5)));
    expect(stops).toEqual({ ...DECLINED, isHeld: true });
    expect(await stopsOf(own(5, formatHoldRecord({ word: 'hold', comment: 4 }, 'olivia')))).toEqual({
      isHeld: true,
      declined: [],
    });
  });

  test('an operator’s closing holds what somebody else opens again, until an operator’s later word', async () => {
    const reopened = [closing(OLIVIA, 10), closing(STAN, 20, true)];
    const at = (seconds: number) => ({ at: instantFromMs(seconds * 1000) });
    expect(await isHeldBy(reopened)).toBe(true);
    expect(await isHeldBy(reopened, comment(5, '/peak release', at(9)))).toBe(true);
    expect(await isHeldBy(reopened, comment(5, '/peak release', { ...at(30), author: STAN }))).toBe(true);
    expect(await isHeldBy(reopened, comment(5, '/peak release', at(30)))).toBe(false);
    expect(await isHeldBy([closing(OLIVIA, 10), closing(OLIVIA, 20, true)])).toBe(false);
    expect(await isHeldBy([closing(STAN, 10), closing(STAN, 20, true)])).toBe(false);
    expect(await isHeldBy([closing(OLIVIA, 10, true), closing(STAN, 20), closing(STAN, 30, true)])).toBe(
      false,
    );
    // More than GitHub shows at once: somebody hopes to hide one.
    expect(await isHeldBy(null)).toBe(true);
  });

  test('a record that somebody edited, or that cannot be read, holds all', async () => {
    expect(await stopsOf(own(6, record(5), true))).toEqual({ isHeld: true, declined: [] });
    expect(await stopsOf(own(6, '<!-- peak:decline 5 {"v":2} -->'))).toEqual({ isHeld: true, declined: [] });
  });

  test.each([
    ['by a stranger', comment(5, ASKED, { author: STAN })],
    ['edited', comment(5, ASKED, { isEdited: true })],
    ['quoted', comment(5, `> ${ASKED}`)],
    ["a copy of the judge's record", comment(5, record(4), { author: STAN })],
    ["a copy of the judge's record by an operator", comment(5, record(4))],
  ])('%s it is none', async (_, one) => expect(await stopsOf(one)).toEqual(FREE));
});
