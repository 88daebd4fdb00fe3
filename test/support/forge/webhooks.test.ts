/** Row "webhooks": signed, to whom they belong, and what the network does to them. */
import { describe, expect, test } from 'vitest';
import type { Fate } from './index.ts';
import { openPull, startDesk } from './testing/desk.ts';

describe('a webhook', () => {
  test('is signed, numbered and sent once', async () => {
    const desk = await startDesk();
    await openPull(desk);
    await desk.forge.webhooks.idle();
    const { received } = desk.receiver;
    expect(received.every(({ isSigned }) => isSigned)).toBe(true);
    expect(new Set(received.map(({ guid }) => guid)).size).toBe(received.length);
    expect(desk.forge.webhooks.deliveries.map(({ answers }) => answers)).toEqual(received.map(() => [202]));
  });

  test('reaches only Apps that are installed there and asked for it', async () => {
    const desk = await startDesk();
    const { forge, organization, ann } = desk;
    await forge.webhooks.idle();
    desk.receiver.received.splice(0);
    const other = await forge.createRepository({ owner: organization, name: 'other', files: { x: 'x' } });
    forge.setRole(other, ann, 'write');
    await forge.push(other, { author: ann, branch: 'x', files: { y: 'y' } });
    await forge.as(ann).in(desk.repository).post('/labels', { name: 'x' });
    await forge.webhooks.idle();
    expect(desk.receiver.received).toEqual([]);
  });

  test('a repository_dispatch carries its payload, within the limits', async () => {
    const desk = await startDesk();
    const dispatch = (payload: object) =>
      desk.asPublisher.post('/dispatches', { event_type: 'poke', client_payload: payload });
    expect((await dispatch({ a: 1 })).status).toBe(204);
    expect(
      (await dispatch(Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`k${at}`, at])))).status,
    ).toBe(422);
    await desk.forge.webhooks.idle();
    const poked = desk.receiver.received.find(({ event }) => event === 'repository_dispatch');
    expect(poked?.payload).toMatchObject({ action: 'poke', branch: 'main', client_payload: { a: 1 } });
  });

  test('a receiver that is gone harms nobody', async () => {
    const desk = await startDesk();
    await desk.forge.webhooks.idle();
    if (desk.judge.webhook !== null) desk.judge.webhook.url = 'http://127.0.0.1:1/';
    await openPull(desk);
    await desk.forge.webhooks.idle();
    expect(desk.forge.webhooks.deliveries.at(-1)?.answers).toEqual([0]);
  });
});

describe('the network', () => {
  test.each([
    ['drop', 0],
    ['send', 1],
    ['double', 2],
  ] as const)('%s delivers %i times, and never again by itself', async (fate, times) => {
    const desk = await startDesk();
    desk.forge.webhooks.fate = ({ action }): Fate => (action === 'opened' ? fate : 'send');
    await openPull(desk);
    await desk.forge.webhooks.idle();
    const opened = desk.receiver.received.filter(({ action }) => action === 'opened');
    expect(opened).toHaveLength(times);
    expect(new Set(opened.map(({ guid }) => guid)).size).toBe(Math.min(times, 1));
  });

  test('what is held comes later, in any order', async () => {
    const desk = await startDesk();
    await desk.forge.webhooks.idle();
    desk.receiver.received.splice(0);
    desk.forge.webhooks.fate = () => 'hold';
    await openPull(desk);
    await desk.forge.webhooks.idle();
    expect(desk.receiver.names()).toEqual([]);
    await desk.forge.webhooks.release((held) => [...held].reverse());
    expect(desk.receiver.names()).toEqual(['pull_request.opened', 'check_suite.requested', 'push']);
  });

  test('a redelivery by hand has the same number', async () => {
    const desk = await startDesk();
    await openPull(desk);
    await desk.forge.webhooks.idle();
    const guid = desk.receiver.received.at(-1)?.guid ?? '';
    await desk.forge.webhooks.redeliver(guid);
    expect(desk.receiver.received.filter((entry) => entry.guid === guid)).toHaveLength(2);
  });
});
