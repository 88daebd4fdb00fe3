/** The checks that GitHub's own description makes: that they cover everything, and that they can fail. */
import { describe, expect, test } from 'vitest';
import {
  findOperation,
  OPERATIONS_IN_FIXTURE,
  validateRequest,
  validateResponse,
  validateWebhook,
} from './index.ts';
import { OPERATIONS } from './operations.ts';
import { startDesk } from './testing/desk.ts';

describe('the fixture', () => {
  test('describes exactly what the forge answers', () => {
    expect(OPERATIONS_IN_FIXTURE.map(({ id }) => id).sort()).toEqual(Object.keys(OPERATIONS).sort());
    expect(OPERATIONS_IN_FIXTURE.length).toBeGreaterThan(80);
  });
});

describe('findOperation', () => {
  test.each([
    ['GET', '/repos/o/r/pulls/1', 'pulls/get', { owner: 'o', repo: 'r', pull_number: '1' }],
    [
      'GET',
      '/repos/o/r/git/ref/heads/peak/promotion/auto',
      'git/get-ref',
      { ref: 'heads/peak/promotion/auto' },
    ],
    ['GET', '/repos/o/r/git/ref/heads%2Fmain', 'git/get-ref', { ref: 'heads/main' }],
    ['GET', '/repos/o/r/branches/main/protection', 'repos/get-branch-protection', { branch: 'main' }],
    ['GET', '/repos/o/r/branches/a%2Fb', 'repos/get-branch', { branch: 'a/b' }],
    ['GET', '/repos/o/r/contents/config/config.toml', 'repos/get-content', { path: 'config/config.toml' }],
    ['GET', '/repos/o/r/compare/main...peak/promotion/auto', 'repos/compare-commits-with-basehead', {}],
    ['GET', '/repos/o/r/commits/main/check-runs', 'checks/list-for-ref', { ref: 'main' }],
  ])('%s %s is %s', (method, path, id, params) => {
    const found = findOperation(method, path);
    expect(found?.operation.id).toBe(id);
    expect(found?.params).toMatchObject(params);
  });

  test('knows nothing else', () => {
    expect(findOperation('POST', '/graphql')).toBeNull();
    expect(findOperation('PUT', '/repos/o/r/pulls')).toBeNull();
  });
});

describe('a request', () => {
  const check = (body: unknown, query = {}) => {
    const found = findOperation('POST', '/repos/o/r/pulls');
    if (found === null) throw new Error('pulls/create is not described');
    return validateRequest(found.operation, { params: found.params, query, body }).map(({ fault }) => fault);
  };

  test('passes when it is as described', () => {
    expect(check({ title: 't', head: 'h', base: 'main', body: 'b', draft: true })).toEqual([]);
  });

  test.each([
    ['what is missing', { title: 't', head: 'h' }, /required property 'base'/],
    ['a wrong type', { title: 't', head: 1, base: 'main' }, /\/head must be string/],
    ['an unknown name', { title: 't', head: 'h', base: 'main', labels: [] }, /\/labels is not described/],
    ['no body', undefined, /body is missing/],
  ])('is refused for %s', (_name, body, fault) => {
    expect(check(body)).toEqual([expect.stringMatching(fault)]);
  });

  test('is refused for an unknown or wrong parameter', () => {
    const found = findOperation('GET', '/repos/o/r/pulls');
    if (found === null) throw new Error('pulls/list is not described');
    const query = { per_page: 'many', state: 'ajar', label: 'x' };
    const faults = validateRequest(found.operation, { params: found.params, query, body: undefined });
    expect(faults).toHaveLength(3);
  });
});

describe('an answer', () => {
  test('is refused when a field is missing or the status is not described', () => {
    const found = findOperation('GET', '/repos/o/r/git/ref/heads/main');
    if (found === null) throw new Error('git/get-ref is not described');
    expect(validateResponse(found.operation, { status: 200, body: { ref: 'refs/heads/main' } })).not.toEqual(
      [],
    );
    expect(validateResponse(found.operation, { status: 206, body: {} })).toHaveLength(1);
    expect(validateResponse(found.operation, { status: 404, body: { message: 'Not Found' } })).toEqual([]);
  });
});

describe('a webhook', () => {
  test('is refused when it is not as described', () => {
    expect(validateWebhook('pull_request', { action: 'opened', number: 1 })).not.toEqual([]);
    expect(validateWebhook('pull_request', { action: 'dreamt' })).toMatchObject([
      { what: 'pull-request-dreamt' },
    ]);
  });
});

describe('the forge', () => {
  test('notes what GitHub would not understand', async () => {
    const { forge, asPublisher } = await startDesk();
    expect((await asPublisher.get('/pulls?label=x')).status).toBe(422);
    expect((await asPublisher.get('/traffic/views')).status).toBe(501);
    expect((await asPublisher.post('/git/refs', { ref: 'refs/heads/x' })).status).toBe(422);
    expect(forge.violations.map(({ what }) => what)).toEqual([
      'pulls/list',
      'GET /repos/desk/config/traffic/views',
      'git/create-ref',
    ]);
  });
});
