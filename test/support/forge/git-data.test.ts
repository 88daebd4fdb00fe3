/** Row "git data": blobs, trees, commits and refs with git's own ids. */
import { describe, expect, test } from 'vitest';
import type { Client } from './index.ts';
import { NOW, startDesk } from './testing/desk.ts';

async function commitOn(client: Client, parent: string, tree: unknown[], more: object = {}) {
  const base = await client.get(`/git/commits/${parent}`);
  const made = await client.post('/git/trees', { base_tree: base.body.tree.sha, tree });
  const commit = await client.post('/git/commits', {
    message: 'm',
    tree: made.body.sha,
    parents: [parent],
    ...more,
  });
  return { tree: made, commit };
}

const file = (path: string, content: string) => ({ path, mode: '100644', type: 'blob', content });

describe('objects', () => {
  test('a blob has the id that git gives it, and comes back', async () => {
    const { asPublisher } = await startDesk();
    const made = await asPublisher.post('/git/blobs', {
      content: Buffer.from('hello\n').toString('base64'),
      encoding: 'base64',
    });
    // git hash-object of "hello\n"
    expect(made).toMatchObject({ status: 201, body: { sha: 'ce013625030ba8dba906f756967f9e9ca394464a' } });
    const read = await asPublisher.get(`/git/blobs/${made.body.sha}`);
    expect(Buffer.from(read.body.content, 'base64').toString()).toBe('hello\n');
  });

  test('a tree builds on base_tree with inline content, ids and removals', async () => {
    const { asPublisher, repository, forge } = await startDesk();
    const head = repository.refs.get('refs/heads/main') ?? '';
    const { tree } = await commitOn(asPublisher, head, [
      file('new/c.txt', 'c\n'),
      { path: 'a.txt', mode: '100644', type: 'blob', sha: null },
    ]);
    expect(tree.status).toBe(201);
    const listed = await asPublisher.get(`/git/trees/${tree.body.sha}?recursive=1`);
    const paths = listed.body.tree
      .filter(({ type }: { type: string }) => type === 'blob')
      .map(({ path }: { path: string }) => path);
    expect(paths).toEqual(['dir/b.txt', 'new/c.txt']);
    expect(listed.body.truncated).toBe(false);
    expect(forge.violations).toEqual([]);
  });

  test.each([
    ['a path out of the tree', [file('../x', 'x')]],
    ['.git', [file('.git/config', 'x')]],
    ['an unknown blob', [{ path: 'x', mode: '100644', type: 'blob', sha: '1'.repeat(40) }]],
    ['removing what is not there', [{ path: 'none', mode: '100644', type: 'blob', sha: null }]],
  ])('a tree with %s is 422', async (_name, tree) => {
    const { asPublisher, repository } = await startDesk();
    expect(
      (await commitOn(asPublisher, repository.refs.get('refs/heads/main') ?? '', tree)).tree.status,
    ).toBe(422);
  });

  test('a large tree is cut short, and says so', async () => {
    const files = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`f${at}`, 'x']));
    const { asPublisher } = await startDesk({ treeLimit: 10, files });
    const { body } = await asPublisher.get('/git/trees/main?recursive=1');
    expect(body).toMatchObject({ truncated: true, tree: { length: 10 } });
  });

  test("an App's commit is verified, unless it names an author; a user's is not", async () => {
    const { asPublisher, as, ann, publisher, repository } = await startDesk();
    const head = repository.refs.get('refs/heads/main') ?? '';
    const own = await commitOn(asPublisher, head, [file('x', 'x')]);
    expect(own.commit.body).toMatchObject({
      verification: { verified: true, reason: 'valid' },
      author: { name: 'peak-publisher[bot]', email: publisher.bot.email, date: '2026-11-21T22:26:40Z' },
      committer: { email: 'noreply@github.com' },
    });
    const named = await commitOn(asPublisher, head, [file('x', 'x')], {
      author: { name: 'x', email: publisher.bot.email },
    });
    expect(named.commit.body.verification).toMatchObject({ verified: false, reason: 'unsigned' });
    const users = await commitOn(as(ann), head, [file('x', 'x')]);
    expect(users.commit.body.verification).toMatchObject({ verified: false });
    expect(NOW).toBe(Date.parse(own.commit.body.committer.date));
  });

  test('an e-mail address passes for an account, without any proof', async () => {
    const { forge, repository, eve, publisher, asJudge } = await startDesk();
    forge.setRole(repository, eve, 'write');
    const forged = { ...eve, login: 'x', email: publisher.bot.email };
    const { commit } = await forge.push(
      repository,
      { author: forged, branch: 'x', files: { x: 'x' } },
      forge.as(eve),
    );
    const { body } = await asJudge.get(`/commits/${commit}`);
    expect(body).toMatchObject({
      author: { login: 'peak-publisher[bot]', type: 'Bot' },
      commit: { verification: { verified: false } },
    });
  });

  test('a commit on what does not exist is 422', async () => {
    const { asPublisher } = await startDesk();
    const answer = await asPublisher.post('/git/commits', {
      message: 'm',
      tree: '1'.repeat(40),
      parents: [],
    });
    expect(answer.status).toBe(422);
  });
});

describe('refs', () => {
  test('are created once, move forwards only unless forced, and go', async () => {
    const { asPublisher, repository, forge } = await startDesk();
    const main = repository.refs.get('refs/heads/main') ?? '';
    const { commit } = await commitOn(asPublisher, main, [file('x', 'x')]);
    const other = await commitOn(asPublisher, main, [file('y', 'y')]);
    const ref = 'refs/heads/peak/promotion/auto';
    const path = '/git/refs/heads/peak/promotion/auto';
    expect((await asPublisher.post('/git/refs', { ref, sha: commit.body.sha })).status).toBe(201);
    expect((await asPublisher.post('/git/refs', { ref, sha: commit.body.sha })).status).toBe(422);
    expect((await asPublisher.patch(path, { sha: other.commit.body.sha })).status).toBe(422);
    expect((await asPublisher.patch(path, { sha: other.commit.body.sha, force: true })).status).toBe(200);
    expect((await asPublisher.get('/git/ref/heads/peak/promotion/auto')).body.object.sha).toBe(
      other.commit.body.sha,
    );
    expect((await asPublisher.get('/git/matching-refs/heads/peak/')).body).toHaveLength(1);
    expect((await asPublisher.delete(path)).status).toBe(204);
    expect((await asPublisher.get('/git/ref/heads/peak/promotion/auto')).status).toBe(404);
    expect(forge.violations).toEqual([]);
  });

  test('exactly one of two racing updates wins', async () => {
    const { asPublisher, as, ann, repository } = await startDesk();
    const main = repository.refs.get('refs/heads/main') ?? '';
    const [one, two] = await Promise.all(
      ['x', 'y'].map((name) => commitOn(asPublisher, main, [file(name, name)])),
    );
    const answers = await Promise.all([
      asPublisher.patch('/git/refs/heads/main', { sha: one?.commit.body.sha }),
      as(ann).patch('/git/refs/heads/main', { sha: two?.commit.body.sha }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
  });

  test('notes live in refs/notes', async () => {
    const { asJudge, repository } = await startDesk();
    const main = repository.refs.get('refs/heads/main') ?? '';
    const tree = await asJudge.post('/git/trees', { tree: [file(main, 'verdict')] });
    const commit = await asJudge.post('/git/commits', { message: 'note', tree: tree.body.sha, parents: [] });
    expect((await asJudge.post('/git/refs', { ref: 'refs/notes/peak', sha: commit.body.sha })).status).toBe(
      201,
    );
    expect((await asJudge.get('/git/ref/notes/peak')).body.object.sha).toBe(commit.body.sha);
    expect(await repository.git.text(['notes', '--ref=peak', 'show', main])).toBe('verdict');
  });

  test('protected branches refuse the API, too', async () => {
    const { forge, asPublisher, repository } = await startDesk();
    forge.addRuleset(repository, { rules: [{ type: 'pull_request' }, { type: 'deletion' }] });
    const main = repository.refs.get('refs/heads/main') ?? '';
    const { commit } = await commitOn(asPublisher, main, [file('x', 'x')]);
    expect((await asPublisher.patch('/git/refs/heads/main', { sha: commit.body.sha })).status).toBe(422);
    expect((await asPublisher.delete('/git/refs/heads/main')).status).toBe(422);
  });
});

describe('reading', () => {
  test('contents, commits and comparisons are real', async () => {
    const { forge, asPublisher, repository, ann } = await startDesk();
    const main = repository.refs.get('refs/heads/main') ?? '';
    const files = { 'a.txt': 'ONE\ntwo\nthree\n', 'dir/b.txt': null, 'dir/c.txt': 'b\n' };
    const { commit } = await forge.push(repository, { author: ann, branch: 'topic', files });
    const compared = await asPublisher.get('/compare/main...topic');
    expect(compared.body).toMatchObject({ status: 'ahead', ahead_by: 1, merge_base_commit: { sha: main } });
    expect(compared.body.files).toMatchObject([
      {
        filename: 'a.txt',
        status: 'modified',
        additions: 1,
        deletions: 1,
        patch: expect.stringContaining('+ONE'),
      },
      { filename: 'dir/c.txt', status: 'renamed', previous_filename: 'dir/b.txt' },
    ]);
    const content = await asPublisher.get('/contents/dir/c.txt?ref=topic');
    expect(Buffer.from(content.body.content, 'base64').toString()).toBe('b\n');
    expect((await asPublisher.get('/contents/dir')).body).toMatchObject([
      { path: 'dir/b.txt', type: 'file' },
    ]);
    expect((await asPublisher.get('/contents/none')).status).toBe(404);
    const listed = await asPublisher.get('/commits?sha=topic');
    expect(listed.body.map(({ sha }: { sha: string }) => sha)).toEqual([commit, main]);
    expect((await asPublisher.get('/branches/topic')).body.commit.sha).toBe(commit);
    expect(forge.violations).toEqual([]);
  });
});
