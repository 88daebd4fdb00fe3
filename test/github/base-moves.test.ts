/** Somebody else merges while a run is under way: nothing is half published, and the next run follows. */
import { describe, expect, test } from 'vitest';
import { DAY_MS } from '../../src/kernel/instant.ts';
import { parseState } from '../../src/review/index.ts';
import { callsSeen } from '../support/github/calls.ts';
import { EVIDENCE, MANUAL, POLICY, patch, withoutResearch } from '../support/github/evidence.ts';
import { type Clone, type GitHubPlace, githubPlace } from '../support/github/github-place.ts';

const SLOW = patch({ target: 'strategy.ma_slow_period', new_value: 31 });

/** The calls before which the base moves: all that can be seen from outside, and the first read. */
const MOMENTS = {
  'the list of pull requests': { method: 'GET', path: /\/pulls$/ },
  'the tree': { method: 'POST', path: /\/git\/trees$/ },
  'the branch': { path: /\/git\/refs/ },
  'the pull request': { path: /\/pulls(?:\/1)?$/, method: 'POST' },
  'the labels': { path: /\/labels$/ },
} as const;

type Moment = (typeof MOMENTS)[keyof typeof MOMENTS];

/** Pushes an edit of the policy to the default branch just before a call. */
function editPolicyBefore(place: GitHubPlace, clone: Clone, moment: Moment, [from, to]: [string, string]) {
  const files = { [POLICY]: clone.read(POLICY).replace(from, to) };
  const push = { author: place.operator, branch: 'main', files };
  place.forge.faults.plan({
    ...moment,
    effect: { first: () => place.forge.push(place.repository, push) },
  });
}

const NARROWER: [string, string] = ['max_step = 2.0', 'max_step = 1.5'];
const DISABLED: [string, string] = ['mode = "manual_only"', 'mode = "disabled"'];

/** Where a run that was overtaken has ended: a whole pull request of the base that it had read. */
async function assertWhole(place: GitHubPlace, number = 1): Promise<void> {
  const pull = await place.pull(number);
  expect(pull.state).toBe('open');
  expect(parseState(pull.body ?? '')?.head).toBe(pull.head.sha);
  expect(pull.labels.map(({ name }) => name)).toContain('lane: manual');
  expect(place.repository.refs.get(`refs/heads/${MANUAL}`)).toBe(pull.head.sha);
}

async function assertQuiet(place: GitHubPlace, clone: Clone): Promise<void> {
  place.forge.requests.splice(0);
  await clone.published();
  expect(callsSeen(place).writes).toBe(0);
}

describe.each(Object.entries(MOMENTS))('a merge that lands before %s', (_, moment) => {
  test('leaves a whole proposal, which the next run builds anew on the new base', async () => {
    const place = await githubPlace(withoutResearch);
    const clone = await place.clone();
    const before = place.repository.refs.get('refs/heads/main');
    editPolicyBefore(place, clone, moment, NARROWER);
    await clone.published();
    const base = place.repository.refs.get('refs/heads/main');
    expect(base).not.toBe(before);
    await assertWhole(place);
    place.wait(60_000);
    await clone.published();
    await assertWhole(place);
    expect(await place.pulls()).toHaveLength(1);
    const { head } = await place.pull(1);
    await clone.fetch(MANUAL);
    expect(clone.git('show', `FETCH_HEAD:${POLICY}`)).toContain('max_step = 1.5');
    clone.git('merge-base', '--is-ancestor', `${base}`, head.sha);
    await assertQuiet(place, clone);
  });
});

test('a killswitch that lands before the pull request closes it with the next run', async () => {
  const place = await githubPlace(withoutResearch);
  const clone = await place.clone();
  editPolicyBefore(place, clone, MOMENTS['the pull request'], DISABLED);
  await clone.published();
  await assertWhole(place);
  await clone.published();
  expect((await place.pull(1)).state).toBe('closed');
  await assertQuiet(place, clone);
});

describe.each(['merge', 'squash'])('the proposal itself, merged by %s just before', (method) => {
  test.each([
    ['its update', { method: 'PATCH', path: /\/git\/refs/ }, 'the next'],
    ['its state is read again', { method: 'GET', path: /\/pulls\/1$/ }, 'the merged'],
    ['its new body', { method: 'PATCH', path: /\/pulls\/1$/ }, 'the merged'],
  ])('%s: the merge stands, and nothing of the night is lost', async (_, moment, where) => {
    const place = await githubPlace(withoutResearch);
    const clone = await place.clone();
    await clone.published();
    const { body } = await place.pull(1);
    place.wait(60_000);
    clone.write(`${EVIDENCE}/slow.json`, SLOW);
    const people = place.forge.as(place.operator).in(place.repository);
    const first = () => people.put('/pulls/1/merge', { merge_method: method });
    place.forge.faults.plan({ ...moment, effect: { first } });
    await clone.published();
    const pull = await place.pull(1);
    // What it says is what people saw when they merged, or what they have merged.
    if (moment.method === 'PATCH' && where === 'the merged')
      expect(parseState(pull.body ?? '')?.head).toBe(pull.head.sha);
    else expect(pull.body).toBe(body);
    const merged = clone.read('config/live_overrides/auto.toml');
    expect(await liveText(place, 'main')).not.toBe(merged);
    // The merge has spent the day's budget, and its targets' cooldown.
    place.wait(2 * DAY_MS);
    await clone.published();
    const open = (await place.pulls()).filter(({ state }) => state === 'open');
    expect(open).toHaveLength(1);
    await assertWhole(place, open[0]?.number);
    expect(await liveText(place, MANUAL)).toMatch(SLOW_IS_31);
    expect(SLOW_IS_31.test(await liveText(place, 'main'))).toBe(where === 'the merged');
    await assertQuiet(place, clone);
  });
});

test('a proposal that is merged just before the bot closes it is not said to be closed', async () => {
  const place = await githubPlace(withoutResearch);
  const clone = await place.clone();
  await clone.published();
  const { body } = await place.pull(1);
  const people = place.forge.as(place.operator).in(place.repository);
  const first = () => people.put('/pulls/1/merge', { merge_method: 'squash' });
  place.forge.faults.plan({ method: 'GET', path: /\/pulls\/1$/, effect: { first } });
  expect((await clone.published({ requestedMode: 'disabled' })).branches).toEqual([]);
  expect((await place.pull(1)).body).toBe(body);
});

const SLOW_IS_31 = /^"strategy\.ma_slow_period" = 31$/m;

/** What a branch would make live. */
function liveText({ repository }: GitHubPlace, branch: string): Promise<string> {
  return repository.git.text(['show', `refs/heads/${branch}:config/live_overrides/auto.toml`]);
}
