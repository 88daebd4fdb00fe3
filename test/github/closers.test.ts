/** Who closed what, at a price: an unchanged cycle stays within its calls, and not asking never lets a change through. */
import { describe, expect, test } from 'vitest';
import type { PublishReport } from '../../src/cycles/publish-cycle.ts';
import { HOUR_MS } from '../../src/kernel/instant.ts';
import { callsSeen } from '../support/github/calls.ts';
import {
  EVIDENCE,
  EVIDENCE_HEAD,
  MANUAL,
  POLICY,
  patch,
  withoutResearch,
} from '../support/github/evidence.ts';
import {
  type Clone,
  closePull,
  type GitHubPlace,
  githubPlace,
  workflowVariables,
} from '../support/github/github-place.ts';

const AUTO = 'peak/promotion/auto';
const LEVERAGE = 'portfolio.leverage';
/** Targets that nothing binds: the manual lane's. */
const UNBOUND: Readonly<Record<string, number>> = {
  'strategy.ma_slow_period': 31,
  'portfolio.max_positions': 6,
  'strategy.take_profit': 0.06,
  'strategy.position_size': 0.03,
};

/** Both lanes have something to say, every day as often as they like, and all three branches stand. */
async function threeBranches(): Promise<{ place: GitHubPlace; clone: Clone }> {
  const place = await githubPlace((folder) => {
    withoutResearch(folder);
    folder.setMode('bounded_auto');
    folder.edit(
      POLICY,
      'targets = [',
      `targets = [\n${Object.keys(UNBOUND).map((one) => `  "${one}",\n`)}`.replaceAll('\n,', '\n'),
    );
    folder.edit(POLICY, 'promotions_per_day = 3', 'promotions_per_day = 20');
    folder.edit(POLICY, 'promotions_per_week = 10', 'promotions_per_week = 20');
  });
  const { forge, repository, operator } = place;
  await forge.push(repository, { author: operator, branch: EVIDENCE_HEAD, from: 'main' });
  return { place, clone: await place.clone() };
}

function recommend(clone: Clone, target: string): void {
  clone.write(`${EVIDENCE}/${target}.json`, patch({ target, new_value: UNBOUND[target], id: target }));
}

const targetsOf = ({ derivation }: PublishReport) =>
  derivation.proposals.flatMap(({ changes }) => changes.map(({ target }) => target)).sort();

const codesOf = ({ gathered }: PublishReport) => gathered.warnings.warnings.map(({ code }) => code);

/** A run that finds all as it should be, within its price; answers it with the number of closings it asked about. */
async function unchanged(
  place: GitHubPlace,
  clone: Clone,
): Promise<{ report: PublishReport; asked: number }> {
  place.wait(60_000);
  place.forge.requests.splice(0);
  const report = await clone.published();
  const { reads, writes } = callsSeen(place);
  expect(writes).toBe(0);
  expect(reads).toBeLessThanOrEqual(8);
  return {
    report,
    asked: place.forge.requests.filter(({ path }) => /\/issues\/\d+\/events$/.test(path)).length,
  };
}

const openHeads = async (place: GitHubPlace) =>
  (await place.pulls())
    .filter(({ state }) => state === 'open')
    .map(({ head }) => head.ref)
    .sort();

describe('with three branches standing', () => {
  test('many closings by an operator cost no more than 8 reads, and all count', async () => {
    const { place, clone } = await threeBranches();
    const [last = '', ...refused] = Object.keys(UNBOUND);
    for (const target of refused) {
      recommend(clone, target);
      await clone.published();
      const manual = (await place.pulls()).find(({ state, head }) => state === 'open' && head.ref === MANUAL);
      await closePull(place, place.operator, manual?.number ?? 0);
      place.wait(60_000);
    }
    recommend(clone, last);
    await clone.published();
    expect(await openHeads(place)).toEqual([AUTO, MANUAL]);
    const { report, asked } = await unchanged(place, clone);
    expect(asked).toBe(1);
    expect(targetsOf(report)).toContain(last);
    for (const target of refused) expect(targetsOf(report)).not.toContain(target);
    expect(codesOf(report)).toContain('CLOSER_NOT_ASKED');
  }, 60_000);

  test('the killswitch and its end bring both lanes back, and nobody is asked any more', async () => {
    const { place, clone } = await threeBranches();
    recommend(clone, 'strategy.ma_slow_period');
    const before = targetsOf(await clone.published());
    await clone.published({ requestedMode: 'disabled' });
    expect(await openHeads(place)).toEqual([]);
    for (const _ of ['first', 'second']) {
      place.wait(60_000);
      await clone.published();
    }
    expect(await openHeads(place)).toEqual([AUTO, MANUAL]);
    const { report, asked } = await unchanged(place, clone);
    expect([targetsOf(report), asked]).toEqual([before, 0]);
    expect(codesOf(report)).not.toContain('CLOSER_NOT_ASKED');
  }, 60_000);
});

describe('what has been opened again', () => {
  test('is not asked about, until an operator closes it', async () => {
    const place = await githubPlace(withoutResearch);
    const clone = await place.clone();
    await clone.published();
    await closePull(place, place.stranger, 1);
    place.wait(HOUR_MS + 60_000);
    await clone.published();
    const { report, asked } = await unchanged(place, clone);
    expect([targetsOf(report).includes(LEVERAGE), asked]).toEqual([true, 0]);
    await closePull(place, place.operator, 2);
    place.wait(60_000);
    expect(targetsOf(await clone.published())).toEqual([]);
  });

  test('is asked about where any workflow could have opened it', async () => {
    const place = await githubPlace(withoutResearch);
    const clone = await place.clone();
    const variables = await workflowVariables(place);
    await clone.published({ variables });
    await closePull(place, place.operator, 1);
    place.wait(HOUR_MS + 60_000);
    const later = await workflowVariables(place);
    const workflow = place.forge.as(later['GITHUB_TOKEN'] ?? '').in(place.repository);
    const opened = await workflow.post('/pulls', { title: 'again', head: MANUAL, base: 'main' });
    expect(opened.status).toBe(201);
    expect(targetsOf(await clone.published({ variables: later }))).toEqual([]);
  });
});

test('a body that says that the bot closed it proves nothing', async () => {
  const place = await githubPlace(withoutResearch);
  const clone = await place.clone();
  await clone.published();
  const { body } = await place.pull(1);
  const lie = body?.replace('"closed":null', '"closed":"moot"');
  expect(lie).not.toBe(body);
  await closePull(place, place.operator, 1);
  await place.forge.as(place.stranger).in(place.repository).patch('/pulls/1', { body: lie });
  place.wait(60_000);
  expect(targetsOf(await clone.published())).toEqual([]);
});

test('an operator who closes one lane while a run opens the other one has said no', async () => {
  const place = await githubPlace(withoutResearch);
  const clone = await place.clone();
  await clone.published();
  const files = { [POLICY]: clone.read(POLICY).replace('mode = "manual_only"', 'mode = "bounded_auto"') };
  await place.forge.push(place.repository, { author: place.operator, branch: 'main', files });
  place.wait(60_000);
  const first = () => closePull(place, place.operator, 1);
  place.forge.faults.plan({ method: 'POST', path: /\/pulls$/, effect: { first } });
  const report = await (await place.clone()).published();
  expect(targetsOf(report)).not.toContain(LEVERAGE);
  expect(await openHeads(place)).not.toContain(AUTO);
});
