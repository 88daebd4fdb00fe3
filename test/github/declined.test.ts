/** An operator's closing is a "no" to each value in it, until time and a newer experiment bring it back. */
import { describe, expect, test } from 'vitest';
import { parseProposalMeta } from '../../src/governance/index.ts';
import { DAY_MS, formatInstant, instantFromMs } from '../../src/kernel/instant.ts';
import { EVIDENCE, MANUAL, patch, withoutEvidence } from '../support/github/evidence.ts';
import { type Clone, closePull, type GitHubPlace, githubPlace } from '../support/github/github-place.ts';

const LEVERAGE = 'portfolio.leverage';
const DELAY = 'strategy.trigger_delay';

/** Targets that a run proposes, in all lanes. */
async function proposed(clone: Clone): Promise<readonly string[]> {
  const { derivation } = await clone.published();
  return derivation.proposals.flatMap(({ changes }) => changes.map(({ target }) => target));
}

/** A repository whose only evidence is for leverage, with its pull request open. */
async function leveragePlace(): Promise<{ place: GitHubPlace; clone: Clone }> {
  const place = await githubPlace(withoutEvidence);
  const clone = await place.clone();
  clone.write(`${EVIDENCE}/leverage.json`, patch({ id: 'one' }));
  expect(await proposed(clone)).toEqual([LEVERAGE]);
  return { place, clone };
}

const dated = (place: GitHubPlace) => ({ generated_at: formatInstant(instantFromMs(place.now())) });

describe('a declined change', () => {
  test('stays away, alone and inside a bigger bundle, and the proposal records why', async () => {
    const { place, clone } = await leveragePlace();
    await closePull(place, place.operator, 1);
    place.wait(60_000);
    const { derivation, branches } = await clone.published();
    expect(derivation.proposals).toEqual([]);
    expect(derivation.decisions[0]).toMatchObject({
      status: 'PENDING',
      findings: expect.arrayContaining([expect.objectContaining({ code: 'DECLINED', observed: '#1' })]),
    });
    // The evidence itself is not lost.
    expect(branches).toMatchObject([{ branch: 'peak/evidence', state: 'created' }]);
    clone.write(`${EVIDENCE}/delay.json`, patch({ target: DELAY, new_value: 9, id: 'two' }));
    place.wait(60_000);
    expect(await proposed(clone)).toEqual([DELAY]);
    const files = (await place.pulls()).filter(({ state }) => state === 'open');
    expect(files.map(({ title }) => title)).toEqual(['Promote strategy.trigger_delay (manual lane)']);
    await clone.fetch(MANUAL);
    const path = clone
      .git('ls-tree', '-r', '--name-only', 'FETCH_HEAD')
      .split('\n')
      .find((name) => name.endsWith('proposal_meta.json'));
    const meta = parseProposalMeta(clone.git('show', `FETCH_HEAD:${path}`), '');
    expect(meta.ok && meta.value.inputs.declined).toMatchObject([
      { target: LEVERAGE, value: 1.2, pull_request: 1 },
    ]);
  });

  test('stays away when somebody who may write opens it again and closes it', async () => {
    const { place, clone } = await leveragePlace();
    const { forge, repository, operator, stranger } = place;
    await closePull(place, operator, 1);
    place.wait(60_000);
    await forge.as(stranger).in(repository).patch('/pulls/1', { state: 'open' });
    await closePull(place, stranger, 1);
    place.wait(60_000);
    expect(await proposed(clone)).toEqual([]);
    // An operator who opened it again has taken it back.
    await forge.as(operator).in(repository).patch('/pulls/1', { state: 'open' });
    await closePull(place, stranger, 1);
    place.wait(60_000);
    expect(await proposed(clone)).toEqual([LEVERAGE]);
  });

  test('comes back with evidence and time, with neither alone', async () => {
    const { place, clone } = await leveragePlace();
    await closePull(place, place.operator, 1);
    place.wait(DAY_MS);
    clone.write(`${EVIDENCE}/newer.json`, patch({ confidence_score: 0.91, ...dated(place) }));
    expect(await proposed(clone)).toEqual([]);
    place.wait(12 * DAY_MS);
    expect(await proposed(clone)).toEqual([]);
    place.wait(DAY_MS);
    expect(await proposed(clone)).toEqual([LEVERAGE]);
  });

  test('does not come back by time and a repetition of the same experiment', async () => {
    const { place, clone } = await leveragePlace();
    await closePull(place, place.operator, 1);
    place.wait(15 * DAY_MS);
    clone.write(`${EVIDENCE}/again.json`, patch({ id: 'one', ...dated(place) }));
    expect(await proposed(clone)).toEqual([]);
  });

  test('with another value is another change', async () => {
    const { place, clone } = await leveragePlace();
    await closePull(place, place.operator, 1);
    place.wait(60_000);
    clone.write(`${EVIDENCE}/other.json`, patch({ new_value: 1.15, confidence_score: 0.99, id: 'b' }));
    clone.write(`${EVIDENCE}/other2.json`, patch({ new_value: 1.15, confidence_score: 0.99, id: 'c' }));
    expect(await proposed(clone)).toEqual([LEVERAGE]);
  });

  test('is known after the branch is deleted, from the head of the pull request', async () => {
    const { place, clone } = await leveragePlace();
    await closePull(place, place.operator, 1);
    await place.forge.as(place.operator).in(place.repository).delete(`/git/refs/heads/${MANUAL}`);
    place.wait(60_000);
    expect(await proposed(clone)).toEqual([]);
    const fresh = await place.clone();
    fresh.write(`${EVIDENCE}/leverage.json`, patch({ id: 'one' }));
    expect(await proposed(fresh)).toEqual([]);
  });
});

describe('a closing that is no "no"', () => {
  test('is one by somebody who is no operator: the pull request is opened again', async () => {
    const { place, clone } = await leveragePlace();
    await closePull(place, place.stranger, 1);
    place.wait(60_000);
    expect((await clone.published()).branches).toMatchObject([
      { state: 'unchanged', pull: { number: 2, state: 'opened' } },
    ]);
  });

  test('is one by the bot itself', async () => {
    const { place, clone } = await leveragePlace();
    await clone.published({ requestedMode: 'disabled' });
    place.wait(60_000);
    expect(await proposed(clone)).toEqual([LEVERAGE]);
  });
});

describe('operators in a team', () => {
  const team = (folder: Parameters<NonNullable<Parameters<typeof githubPlace>[0]>>[0]) => {
    withoutEvidence(folder);
    folder.edit('config/promotion.toml', '["olivia"]', '["@acme/risk"]');
  };

  async function teamPlace() {
    const place = await githubPlace(team);
    place.forge.createTeam(place.repository.owner, 'risk', [place.operator]);
    const clone = await place.clone();
    clone.write(`${EVIDENCE}/leverage.json`, patch());
    await clone.published();
    return { place, clone };
  }

  test('decline as members do, others do not', async () => {
    const { place, clone } = await teamPlace();
    await closePull(place, place.stranger, 1);
    place.wait(60_000);
    expect(await proposed(clone)).toEqual([LEVERAGE]);
    await closePull(place, place.operator, 2);
    place.wait(60_000);
    expect(await proposed(clone)).toEqual([]);
  });

  test('whose membership cannot be read: counts as "no", and says so', async () => {
    const { place, clone } = await teamPlace();
    await closePull(place, place.stranger, 1);
    place.forge.faults.plan({ path: /\/memberships\//, times: 9, effect: { status: 403 } });
    place.wait(60_000);
    const { derivation, gathered } = await clone.published();
    expect(derivation.proposals).toEqual([]);
    expect(gathered.warnings.warnings.map(({ code }) => code)).toContain('CLOSER_UNKNOWN');
  });
});
