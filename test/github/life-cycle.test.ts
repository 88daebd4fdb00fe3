/** The life of the bot's pull requests on a local GitHub: updated, carried on, closed, and left to people. */
import { describe, expect, test } from 'vitest';
import { parseTasks } from '../../src/governance/index.ts';
import { DAY_MS } from '../../src/kernel/instant.ts';
import { parseState } from '../../src/review/index.ts';
import {
  EVIDENCE,
  EVIDENCE_HEAD,
  MANUAL,
  POLICY,
  patch,
  withoutEvidence,
  withoutResearch,
} from '../support/github/evidence.ts';
import { type Clone, closePull, type GitHubPlace, githubPlace } from '../support/github/github-place.ts';

const SLOW = patch({ target: 'strategy.ma_slow_period', new_value: 31 });
/** Evidence that proposes nothing: its target is not listed. */
const UNLISTED = patch({ target: 'risk.max_position', new_value: 0.11 });

/** `branch state pull#`, as a run left them. */
async function states(
  clone: Clone,
  options: Parameters<Clone['published']>[0] = {},
): Promise<readonly string[]> {
  const { branches } = await clone.published(options);
  return branches.map(({ branch, state, pull }) =>
    [branch, state, ...(pull === null ? [] : [`#${pull.number} ${pull.state}`])].join(' '),
  );
}

/** Somebody edits the policy on the default branch. */
async function editPolicy(place: GitHubPlace, from: string, to: string): Promise<void> {
  const clone = await place.clone();
  const files = { [POLICY]: clone.read(POLICY).replace(from, to) };
  const pushed = await place.forge.push(place.repository, { author: place.operator, branch: 'main', files });
  expect(pushed).toMatchObject({ ok: true });
}

async function mergePull(place: GitHubPlace, number: number, method = 'merge'): Promise<void> {
  const people = place.forge.as(place.operator).in(place.repository);
  const answer = await people.put(`/pulls/${number}/merge`, { merge_method: method });
  expect(answer.status).toBe(200);
}

describe('a changed proposal', () => {
  test('is an update commit on the head and the base, never forced, with a new body and kept ticks', async () => {
    const place = await githubPlace(withoutResearch);
    const clone = await place.clone();
    await clone.published();
    const first = await place.pull(1);
    const ticked = (first.body ?? '').replaceAll('- [ ]', '- [x]');
    await place.forge.as(place.operator).in(place.repository).patch('/pulls/1', { body: ticked });
    place.wait(60_000);
    clone.write(`${EVIDENCE}/slow.json`, SLOW);
    expect(await states(clone)).toEqual([`${MANUAL} updated #1 updated`]);
    const second = await place.pull(1);
    const { parents, commit } = await place.commit(second.head.sha);
    expect(parents.map(({ sha }) => sha)).toEqual([first.head.sha, first.base.sha]);
    expect(commit.verification.verified).toBe(true);
    expect(second.title).not.toBe(first.title);
    expect(parseState(second.body ?? '')?.head).toBe(second.head.sha);
    const ticks = parseTasks(second.body ?? '').map(({ id, ticked: is }) => `${is} ${id}`);
    expect(ticks).toContain('true change:portfolio.leverage:1.25');
    expect(ticks).toContain('false change:strategy.ma_slow_period:31');
    expect(ticks).toContain('false safe');
    expect((await place.filesOf(1)).filter((path) => path.endsWith('proposal_meta.json'))).toHaveLength(1);
    expect(await states(await place.clone())).toEqual([`${MANUAL} unchanged #1 unchanged`]);
  });

  test('carries evidence that only the branch still has', async () => {
    const place = await githubPlace(withoutResearch);
    const night = await place.clone();
    night.write(`${EVIDENCE}/first.json`, patch({ new_value: 1.25 }));
    await night.published();
    const next = await place.clone();
    next.write(`${EVIDENCE}/slow.json`, SLOW);
    place.wait(60_000);
    await next.published();
    expect(await place.filesOf(1)).toEqual(
      expect.arrayContaining([`${EVIDENCE}/first.json`, `${EVIDENCE}/slow.json`]),
    );
  });

  test('follows the policy on the base, whatever the clone has', async () => {
    const place = await githubPlace();
    const behind = await place.clone();
    await behind.published();
    await editPolicy(place, 'max_step = 2.0', 'max_step = 1.5');
    place.wait(60_000);
    expect(await states(behind)).toEqual([`${MANUAL} updated #1 updated`]);
    const { head } = await place.pull(1);
    const now = await place.clone();
    await now.fetch(MANUAL);
    expect(now.git('show', `FETCH_HEAD:${POLICY}`)).toContain('max_step = 1.5');
    expect(now.git('rev-parse', 'FETCH_HEAD')).toBe(head.sha);
  });

  test('a body edited into nonsense is written anew, once', async () => {
    const place = await githubPlace();
    const clone = await place.clone();
    await clone.published();
    const { body } = await place.pull(1);
    for (const nonsense of ['', 'LGTM', `${body}\n${body}`]) {
      await place.forge.as(place.operator).in(place.repository).patch('/pulls/1', { body: nonsense });
      expect(await states(clone)).toEqual([`${MANUAL} unchanged #1 updated`]);
      expect((await place.pull(1)).body).toBe(body);
      expect(await states(clone)).toEqual([`${MANUAL} unchanged #1 unchanged`]);
    }
  });
});

describe('after the merge', () => {
  test.each([
    ['merge', 'stays', false],
    ['squash', 'stays', false],
    ['squash', 'is deleted', true],
  ])(
    'by %s, and the branch %s: there is nothing to say, and the next night has a pull request of its own',
    async (method, _, deletes) => {
      const place = await githubPlace(withoutResearch);
      place.repository.settings.delete_branch_on_merge = deletes;
      const clone = await place.clone();
      await clone.published();
      await mergePull(place, 1, method);
      place.wait(60_000);
      const next = await place.clone();
      expect(await states(next)).toEqual([]);
      // The merge has spent the day's budget.
      place.wait(DAY_MS);
      next.write(`${EVIDENCE}/slow.json`, SLOW);
      const [line] = await states(next);
      expect(line).toMatch(/^peak\/promotion\/manual (updated|created) #2 opened$/);
      const files = await place.filesOf(2);
      expect(files.filter((path) => path.endsWith('proposal_meta.json'))).toHaveLength(1);
      expect(files).toContain(`${EVIDENCE}/slow.json`);
      expect((await place.pull(2)).title).toContain('strategy.ma_slow_period');
    },
  );
});

describe('a proposal that has become moot', () => {
  test('is closed with the reason, its evidence goes on, and it comes back as a new one', async () => {
    const place = await githubPlace(withoutEvidence);
    const clone = await place.clone();
    clone.write(`${EVIDENCE}/new.json`, patch());
    await clone.published();
    await editPolicy(place, '"portfolio.leverage",', '');
    place.wait(60_000);
    expect(await states(await place.clone())).toEqual([
      `${EVIDENCE_HEAD} created #2 opened`,
      `${MANUAL} moot #1 closed`,
    ]);
    const { state, body } = await place.pull(1);
    expect(state).toBe('closed');
    expect(body).toMatch(/^> \*\*Closed by the bot:\*\*/);
    expect(parseState(body ?? '')?.closed).toBe('moot');
    expect(await place.filesOf(2)).toContain(`${EVIDENCE}/new.json`);
    expect(await states(await place.clone())).toEqual([`${EVIDENCE_HEAD} unchanged #2 unchanged`]);
    await editPolicy(place, 'targets = [', 'targets = [\n  "portfolio.leverage",');
    place.wait(60_000);
    expect(await states(await place.clone())).toEqual([
      `${MANUAL} updated #3 opened`,
      `${EVIDENCE_HEAD} moot #2 closed`,
    ]);
    expect(parseState((await place.pull(2)).body ?? '')?.closed).toBe('carried');
  });

  test('under the killswitch is closed, once, by a flag or by the policy', async () => {
    const place = await githubPlace();
    const clone = await place.clone();
    await clone.published();
    expect(await states(clone, { requestedMode: 'disabled' })).toEqual([`${MANUAL} moot #1 closed`]);
    expect(parseState((await place.pull(1)).body ?? '')?.closed).toBe('disabled');
    await editPolicy(place, 'mode = "manual_only"', 'mode = "disabled"');
    expect(await states(await place.clone())).toEqual([]);
    await editPolicy(place, 'mode = "disabled"', 'mode = "manual_only"');
    place.wait(60_000);
    expect(await states(await place.clone())).toEqual([`${MANUAL} unchanged #2 opened`]);
  });
});

describe('new evidence without a proposal', () => {
  test('goes to a pull request of its own, with the decisions; more of it updates that', async () => {
    const place = await githubPlace(withoutEvidence);
    const clone = await place.clone();
    clone.write(`${EVIDENCE}/a.json`, UNLISTED);
    expect(await states(clone)).toEqual([`${EVIDENCE_HEAD} created #1 opened`]);
    const files = await place.filesOf(1);
    expect(files).toContain(`${EVIDENCE}/a.json`);
    expect(files.filter((path) => path.startsWith('reports/decisions/'))).toHaveLength(1);
    expect(await states(clone)).toEqual([`${EVIDENCE_HEAD} unchanged #1 unchanged`]);
    const next = await place.clone();
    next.write(`${EVIDENCE}/b.json`, UNLISTED);
    place.wait(60_000);
    expect(await states(next)).toEqual([`${EVIDENCE_HEAD} updated #1 updated`]);
    expect(await place.filesOf(1)).toEqual(
      expect.arrayContaining([`${EVIDENCE}/a.json`, `${EVIDENCE}/b.json`]),
    );
  });

  test('stays closed when people closed it, until there is more', async () => {
    const place = await githubPlace(withoutEvidence);
    const clone = await place.clone();
    clone.write(`${EVIDENCE}/a.json`, UNLISTED);
    await clone.published();
    await closePull(place, place.operator, 1);
    expect(await states(clone)).toEqual([`${EVIDENCE_HEAD} left_closed`]);
    clone.write(`${EVIDENCE}/b.json`, UNLISTED);
    place.wait(60_000);
    expect(await states(clone)).toEqual([`${EVIDENCE_HEAD} updated #2 opened`]);
  });
});
