/** Row "limits", and failures on demand: of the nth call, before or after its effect. */
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { primaryLimit, secondaryLimit, startForge } from './index.ts';
import { NOW, startDesk } from './testing/desk.ts';

const blob = { content: 'x' };

describe('failures on demand', () => {
  test('only the nth matching call fails', async () => {
    const { forge, asPublisher } = await startDesk();
    forge.faults.plan({ method: 'POST', path: /\/git\/blobs$/, after: 1, effect: { status: 502 } });
    const answers = [];
    for (let at = 0; at < 3; at++) answers.push((await asPublisher.post('/git/blobs', blob)).status);
    expect(answers).toEqual([201, 502, 201]);
    expect(forge.requests.filter(({ path }) => path.endsWith('/blobs')).map(({ status }) => status)).toEqual([
      201, 502, 201,
    ]);
  });

  test.each([
    ['before', 404],
    ['after', 200],
  ] as const)('a connection cut %s the effect leaves the ref at %i', async (reset, status) => {
    const { forge, asPublisher, repository } = await startDesk();
    forge.faults.plan({ method: 'POST', path: /\/git\/refs$/, effect: { reset } });
    const sha = repository.refs.get('refs/heads/main');
    await expect(asPublisher.post('/git/refs', { ref: 'refs/heads/x', sha })).rejects.toThrow();
    expect((await asPublisher.get('/git/ref/heads/x')).status).toBe(status);
    expect(forge.requests[0]).toMatchObject({ status: 0, write: true });
  });

  test('a plan can be taken back', async () => {
    const { forge, asPublisher } = await startDesk();
    const cancel = forge.faults.plan({ times: 99, effect: { status: 500 } });
    expect((await asPublisher.get('')).status).toBe(500);
    cancel();
    expect((await asPublisher.get('')).status).toBe(200);
  });
});

describe('limits', () => {
  test('are told in every answer', async () => {
    const { asPublisher } = await startDesk();
    const { headers } = await asPublisher.get('');
    expect(headers.get('x-ratelimit-limit')).toBe('5000');
    expect(Number(headers.get('x-ratelimit-reset'))).toBe(NOW / 1000 + 3600);
    expect(headers.get('date')).toBe('Sat, 21 Nov 2026 22:26:40 GMT');
  });

  test('304 for what was seen before', async () => {
    const { asPublisher } = await startDesk();
    const first = await asPublisher.get('/git/ref/heads/main');
    const etag = first.headers.get('etag') ?? '';
    const again = await asPublisher.call('GET', '/git/ref/heads/main', undefined, { 'if-none-match': etag });
    expect(again).toMatchObject({ status: 304, body: null });
    const other = await asPublisher.call('GET', '/git/ref/heads/main', undefined, { 'if-none-match': '"x"' });
    expect(other.status).toBe(200);
  });

  test('lets something else happen first, and then answers', async () => {
    const { forge, asPublisher } = await startDesk();
    const seen: number[] = [];
    forge.faults.plan({ effect: { first: async () => seen.push((await asPublisher.get('')).status) } });
    expect((await asPublisher.get('')).status).toBe(200);
    expect(seen).toEqual([200]);
  });

  test('primary and secondary limits on demand', async () => {
    const { forge, asPublisher } = await startDesk();
    forge.faults.plan({ effect: primaryLimit(NOW / 1000 + 60) });
    forge.faults.plan({ after: 1, effect: secondaryLimit(30, 429) });
    const primary = await asPublisher.get('');
    expect(primary.status).toBe(403);
    expect(primary.headers.get('x-ratelimit-remaining')).toBe('0');
    const secondary = await asPublisher.get('');
    expect(secondary.status).toBe(429);
    expect(secondary.headers.get('retry-after')).toBe('30');
  });
});

describe('closing', () => {
  test('leaves no folder, and cuts what is open', async () => {
    const mine = (): readonly string[] =>
      readdirSync(tmpdir()).filter((name) => name.startsWith('peak-forge-'));
    const before = new Set(mine());
    const forge = await startForge();
    const own = mine().filter((name) => !before.has(name));
    const owner = forge.createUser('ann');
    const repository = await forge.createRepository({ owner, name: 'x', files: { a: 'a' } });
    await Promise.all([
      forge.as(owner).in(repository).get(''),
      forge.push(repository, { author: owner, branch: 'y' }),
    ]);
    await forge.close();
    expect(mine().filter((name) => own.includes(name))).toEqual([]);
    await expect(fetch(forge.serverUrl)).rejects.toThrow();
  });
});
