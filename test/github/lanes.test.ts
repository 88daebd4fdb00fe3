/** Both lanes in one cycle: a pull request each, and what they share. */
import { expect, test } from 'vitest';
import { parseLabels } from '../../src/review/index.ts';
import { callsSeen, callsToldBy } from '../support/github/calls.ts';
import { EVIDENCE, MANUAL, patch, withoutResearch } from '../support/github/evidence.ts';
import {
  type Clone,
  type GitHubPlace,
  githubPlace,
  workflowVariables,
} from '../support/github/github-place.ts';

const AUTO = 'peak/promotion/auto';
const OVERRIDE = 'config/auto/learning.override.toml';
const NIGHT = `${EVIDENCE}/night.json`;

/** Where the policy lets the bot promote within bounds, with evidence for both lanes. */
async function bothLanes(): Promise<{ place: GitHubPlace; clone: Clone }> {
  const place = await githubPlace((folder) => {
    withoutResearch(folder);
    folder.setMode('bounded_auto');
  });
  const clone = await place.clone();
  clone.write(NIGHT, patch({ target: 'strategy.ma_slow_period', new_value: 31 }));
  place.forge.requests.splice(0);
  return { place, clone };
}

test('an App opens a pull request for each lane, with the same evidence and override file', async () => {
  const { place, clone } = await bothLanes();
  const report = await clone.published();
  expect(report.branches).toMatchObject([
    { branch: AUTO, state: 'created', pull: { number: 1, state: 'opened' } },
    { branch: MANUAL, state: 'created', pull: { number: 2, state: 'opened' } },
  ]);
  const { reads, writes, tokens } = callsSeen(place);
  expect(callsToldBy(report)).toEqual({ reads, writes, tokens });
  // Six writes a proposal; what is read is read once.
  expect([reads + tokens, writes]).toEqual([5, 12]);
  for (const [number, lane] of [
    [1, 'auto'],
    [2, 'manual'],
  ] as const) {
    expect(await place.filesOf(number)).toEqual(expect.arrayContaining([NIGHT, OVERRIDE]));
    expect(parseLabels((await place.pull(number)).labels.map(({ name }) => name))).toBe(lane);
  }
  await clone.fetch(AUTO);
  const auto = clone.git('rev-parse', 'FETCH_HEAD');
  await clone.fetch(MANUAL);
  for (const path of [NIGHT, OVERRIDE])
    expect(clone.git('show', `${auto}:${path}`)).toBe(clone.git('show', `FETCH_HEAD:${path}`));
  const live = (commit: string) => clone.git('show', `${commit}:config/live_overrides/auto.toml`);
  expect(live(auto)).toMatch(/^"portfolio\.leverage" = 1\.25$/m);
  expect(live(auto)).not.toMatch(/^"strategy\.ma_slow_period" =/m);
  expect(live('FETCH_HEAD')).toMatch(/^"strategy\.ma_slow_period" = 31$/m);
  expect(live('FETCH_HEAD')).not.toMatch(/^"portfolio\.leverage" =/m);
});

test('both unchanged: no write and at most 8 reads, also with an evidence branch standing', async () => {
  const { place, clone } = await bothLanes();
  await clone.published();
  await place.forge.push(place.repository, {
    author: place.operator,
    branch: 'peak/evidence',
    from: 'main',
  });
  for (const machine of [clone, await place.clone()]) {
    place.wait(3_600_000);
    place.forge.requests.splice(0);
    const again = await machine.published();
    expect(again.branches).toMatchObject([
      { branch: AUTO, state: 'unchanged', pull: { number: 1, state: 'unchanged' } },
      { branch: MANUAL, state: 'unchanged', pull: { number: 2, state: 'unchanged' } },
    ]);
    const { reads, writes, tokens } = callsSeen(place);
    expect(callsToldBy(again)).toEqual({ reads, writes, tokens });
    expect(writes).toBe(0);
    expect(reads).toBeLessThanOrEqual(8);
  }
});

test('a lane that is merged leaves the other one to be built anew on the new base', async () => {
  const { place, clone } = await bothLanes();
  await clone.published();
  const people = place.forge.as(place.operator).in(place.repository);
  expect((await people.put('/pulls/2/merge', { merge_method: 'squash' })).status).toBe(200);
  place.wait(60_000);
  const next = await place.clone();
  expect((await next.published()).branches).toMatchObject([
    { branch: AUTO, state: 'updated', pull: { number: 1, state: 'updated' } },
  ]);
  const files = await place.filesOf(1);
  expect(files).not.toContain(NIGHT);
  expect(files).not.toContain(OVERRIDE);
});

test("with the workflow's own token everything is in the manual lane", async () => {
  const { place, clone } = await bothLanes();
  const variables = await workflowVariables(place);
  const report = await clone.published({ variables });
  expect(report.branches).toMatchObject([{ branch: MANUAL, pull: { number: 1 } }]);
  expect(report.derivation.proposals[0]?.changes.map(({ target }) => target)).toEqual(
    expect.arrayContaining(['portfolio.leverage', 'strategy.ma_slow_period']),
  );
  expect(await place.pulls()).toHaveLength(1);
  expect((await clone.published({ variables })).branches).toMatchObject([
    { branch: MANUAL, state: 'unchanged' },
  ]);
});
