/** Branches and pull requests of other people that carry the bot's names. */
import { describe, expect, test } from 'vitest';
import {
  EVIDENCE,
  EVIDENCE_HEAD,
  MANUAL,
  POLICY,
  patch,
  withoutEvidence,
} from '../support/github/evidence.ts';
import { type Clone, type GitHubPlace, githubPlace } from '../support/github/github-place.ts';

/** Publishes, and answers each branch's state; nothing of the named branch may have moved. */
async function handsOff(place: GitHubPlace, clone: Clone, branch = MANUAL): Promise<readonly string[]> {
  const before = place.repository.refs.get(`refs/heads/${branch}`);
  place.wait(60_000);
  const { branches, gathered } = await clone.published();
  expect(place.repository.refs.get(`refs/heads/${branch}`)).toBe(before);
  expect(gathered.warnings.warnings.map(({ code }) => code)).toContain('FOREIGN_COMMIT');
  return branches.map((one) => `${one.branch} ${one.state}`);
}

describe('hands off', () => {
  test('a commit that somebody pushed onto the bot’s branch', async () => {
    const place = await githubPlace();
    const clone = await place.clone();
    await clone.published();
    const files = { 'config/live_overrides/auto.toml': '[auto_applied]\n"portfolio.leverage" = 2.9\n' };
    await place.forge.push(place.repository, { author: place.stranger, branch: MANUAL, files });
    const body = (await place.pull(1)).body;
    expect(await handsOff(place, clone)).toEqual([`${MANUAL} hands_off`]);
    expect((await place.pull(1)).body).toBe(body);
    // The killswitch closes the bot's own only.
    await clone.published({ requestedMode: 'disabled' });
    expect((await place.pull(1)).state).toBe('open');
  });

  test('a commit in the bot’s name, which its e-mail does not prove', async () => {
    const place = await githubPlace();
    const clone = await place.clone();
    await clone.published();
    const author = place.app.bot;
    const client = place.forge.as(place.stranger);
    await place.forge.push(place.repository, { author, branch: MANUAL, files: { 'a.txt': 'a' } }, client);
    expect(await handsOff(place, clone)).toEqual([`${MANUAL} hands_off`]);
  });

  test('a squatted branch; its evidence is not taken over', async () => {
    const place = await githubPlace();
    const files = { [`${EVIDENCE}/planted.json`]: patch({ new_value: 1.9 }) };
    await place.forge.push(place.repository, { author: place.stranger, branch: MANUAL, files });
    const clone = await place.clone();
    expect(await handsOff(place, clone)).toEqual([`${MANUAL} hands_off`]);
    expect((await clone.published()).newEvidence).toEqual([]);
    expect(await place.pulls()).toEqual([]);
  });

  test('of one branch does not stop the others', async () => {
    const place = await githubPlace(withoutEvidence);
    const clone = await place.clone();
    await place.forge.push(place.repository, {
      author: place.stranger,
      branch: MANUAL,
      files: { 'a.txt': 'a' },
    });
    clone.write(`${EVIDENCE}/a.json`, patch({ target: 'risk.max_position', new_value: 0.11 }));
    const { branches } = await clone.published();
    expect(branches).toMatchObject([{ branch: EVIDENCE_HEAD, state: 'created' }]);
  });

  test('a pull request that somebody else opened from the bot’s branch', async () => {
    const place = await githubPlace();
    const clone = await place.clone();
    place.forge.faults.plan({ method: 'POST', path: /\/pulls$/, effect: { status: 403 } });
    await expect(clone.published()).rejects.toMatchObject({ code: 'GITHUB_REFUSED' });
    const theirs = place.forge.as(place.stranger).in(place.repository);
    await theirs.post('/pulls', { head: MANUAL, base: 'main', title: 'Mine', body: 'Mine' });
    expect(await handsOff(place, clone)).toEqual([`${MANUAL} hands_off`]);
    expect((await place.pull(1)).title).toBe('Mine');
  });
});

describe('no foreign commit', () => {
  test('is GitHub’s "Update branch", which merges the base', async () => {
    const place = await githubPlace();
    const clone = await place.clone();
    await clone.published();
    await place.forge.push(place.repository, {
      author: place.operator,
      branch: 'main',
      files: { 'README.md': 'a' },
    });
    const answer = await place.forge
      .as(place.operator)
      .in(place.repository)
      .put('/pulls/1/update-branch', {});
    expect(answer.status).toBe(202);
    place.wait(60_000);
    expect((await clone.published()).branches).toMatchObject([
      { branch: MANUAL, state: 'unchanged', pull: { number: 1, state: 'updated' } },
    ]);
    expect((await clone.published()).branches).toMatchObject([{ pull: { state: 'unchanged' } }]);
  });

  test('is the same branch in a fork: its pull request is left alone, ours is opened', async () => {
    const place = await githubPlace();
    const mallory = place.forge.createUser('mallory');
    place.forge.setRole(place.repository, mallory, 'read');
    const fork = await place.forge.fork(place.repository, mallory);
    await place.forge.push(fork, { author: mallory, branch: MANUAL, files: { [POLICY]: 'evil = 1\n' } });
    const opened = await place.forge
      .as(mallory)
      .in(place.repository)
      .post('/pulls', { head: `mallory:${MANUAL}`, base: 'main', title: 'Promote', body: '' });
    expect(opened.status).toBe(201);
    const clone = await place.clone();
    expect((await clone.published()).branches).toMatchObject([{ state: 'created', pull: { number: 2 } }]);
    expect((await clone.published()).branches).toMatchObject([{ state: 'unchanged' }]);
    expect((await place.pull(1)).state).toBe('open');
  });
});
