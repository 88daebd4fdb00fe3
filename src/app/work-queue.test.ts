import { describe, expect, test } from 'vitest';
import { type Job, WorkQueue } from './work-queue.ts';

/** A queue, what it has run so far in order, and what has failed. */
function recorded(lanes = 1) {
  const ran: string[] = [];
  const failed: string[] = [];
  const queue = new WorkQueue({ lanes, onError: (job) => void failed.push(job.key) });
  const add = (key: string, more: Partial<Job> = {}) =>
    queue.add({ key, lane: 'a', priority: 1, run: async () => void ran.push(key), ...more });
  return { queue, ran, failed, add };
}

/** A job that runs until it is let go. */
function gate(): { readonly run: () => Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { run: () => opened, open };
}

describe('WorkQueue', () => {
  test('runs the lowest number first, and equals in the order of adding', async () => {
    const { queue, ran, add } = recorded();
    const first = gate();
    add('first', { run: first.run });
    for (const [key, priority] of [
      ['late', 3],
      ['one', 1],
      ['two', 1],
      ['urgent', 0],
    ] as const)
      add(key, { priority });
    first.open();
    await queue.idle();
    expect(ran).toEqual(['urgent', 'one', 'two', 'late']);
  });

  test('runs what was added twice once, with the latest work and the more urgent priority', async () => {
    const { queue, ran, add } = recorded();
    const first = gate();
    add('first', { run: first.run });
    add('other', { priority: 1 });
    add('twice', { priority: 0, run: async () => void ran.push('old') });
    add('twice', { priority: 3, run: async () => void ran.push('new') });
    expect(queue.length).toBe(3);
    first.open();
    await queue.idle();
    expect(ran).toEqual(['new', 'other']);
  });

  test('runs once more what is added while it runs', async () => {
    const { queue, ran, add } = recorded();
    const first = gate();
    add('again', { run: first.run });
    add('again');
    add('again');
    first.open();
    await queue.idle();
    expect(ran).toEqual(['again']);
  });

  test('runs one job of a lane at a time, and lanes side by side up to their number', async () => {
    const { queue, ran, add } = recorded(2);
    const [one, two] = [gate(), gate()];
    add('a1', { run: one.run });
    add('a2');
    add('b1', { lane: 'b', run: two.run });
    add('c1', { lane: 'c' });
    expect([queue.length, ran]).toEqual([4, []]);
    two.open();
    while (ran.length === 0) await Promise.resolve();
    expect(ran).toEqual(['c1']);
    one.open();
    await queue.idle();
    expect(ran).toEqual(['c1', 'a2']);
  });

  test('goes on after a failure, and tells it', async () => {
    const { queue, ran, failed, add } = recorded();
    add('bad', { run: async () => Promise.reject(new Error('bad')) });
    add('good');
    await queue.idle();
    expect([ran, failed]).toEqual([['good'], ['bad']]);
  });

  test('delays, and does at once what is asked for sooner', async () => {
    const { queue, ran, add } = recorded();
    add('later', { delayMs: 3_600_000 });
    expect(queue.length).toBe(0);
    add('later', { run: async () => void ran.push('now') });
    await queue.idle();
    expect(ran).toEqual(['now']);
    await new Promise<void>((resolve) => {
      add('soon', { delayMs: 1, run: async () => resolve() });
    });
    await queue.stop();
  });

  test('keeps the earlier of two delays', async () => {
    const { queue, add } = recorded();
    const ran = await new Promise<string>((resolve) => {
      add('delayed', { delayMs: 1, run: async () => resolve('early') });
      add('delayed', { delayMs: 3_600_000, run: async () => resolve('late') });
    });
    expect(ran).toBe('early');
    await queue.stop();
  });

  test('stops when what runs has ended, and forgets what waits', async () => {
    const { queue, ran, add } = recorded();
    const first = gate();
    add('first', { run: first.run });
    add('waiting');
    add('delayed', { delayMs: 1 });
    const stopped = queue.stop();
    first.open();
    await stopped;
    add('afterwards');
    expect([queue.length, ran]).toEqual([0, []]);
  });

  test('run tells whether the job, or the one that took its place, did what it had to', async () => {
    const { queue, add } = recorded();
    const job = (key: string, run: () => Promise<void>) => ({ key, lane: 'a', priority: 1, run });
    const first = gate();
    add('first', { run: first.run });
    const replaced = queue.run(job('same', async () => undefined));
    const failing = queue.run(job('same', () => Promise.reject(new Error('no'))));
    const good = queue.run(job('good', async () => undefined));
    first.open();
    expect(await Promise.all([replaced, failing, good])).toEqual([false, false, true]);
    const second = gate();
    add('second', { run: second.run });
    const forgotten = queue.run(job('forgotten', async () => undefined));
    const stopped = queue.stop();
    second.open();
    await stopped;
    expect([await forgotten, await queue.run(job('late', async () => undefined))]).toEqual([false, false]);
  });
});
