/** `peak decline`: a "no" in the body of the bot's own pull request, which every later cycle finds there. */
import { describe, expect, test } from 'vitest';
import { type DeclineRequest, declineChange } from '../../src/cycles/decline-change.ts';
import { DAY_MS, formatInstant, instantFromMs } from '../../src/kernel/instant.ts';

import { parseState } from '../../src/review/index.ts';
import { answerOf, placesOf } from '../support/cli/answer.ts';
import { runHere } from '../support/cli/run-here.ts';
import { runPeak } from '../support/cli/run-peak.ts';
import { callsSeen } from '../support/github/calls.ts';
import { EVIDENCE, MANUAL, patch, withoutEvidence } from '../support/github/evidence.ts';
import { type Clone, closePull, type GitHubPlace, githubPlace } from '../support/github/github-place.ts';

const LEVERAGE = 'portfolio.leverage';
const DELAY = 'strategy.trigger_delay';

interface Stage {
  readonly place: GitHubPlace;
  readonly clone: Clone;
}

/** Leverage and delay are proposed in one open pull request. */
async function stage(): Promise<Stage> {
  const place = await githubPlace(withoutEvidence);
  const clone = await place.clone();
  clone.write(`${EVIDENCE}/leverage.json`, patch({ id: 'one' }));
  clone.write(`${EVIDENCE}/delay.json`, patch({ target: DELAY, new_value: 9, id: 'two' }));
  expect(await proposed(clone)).toEqual([LEVERAGE, DELAY]);
  return { place, clone };
}

async function proposed(clone: Clone): Promise<readonly string[]> {
  const { derivation } = await clone.published();
  return derivation.proposals.flatMap(({ changes }) => changes.map(({ target }) => target));
}

/** The state that it ends with, or the codes of the problems. */
async function decline(clone: Clone, request: Partial<DeclineRequest> = {}): Promise<unknown> {
  const publishing = await clone.publishing();
  if (!publishing.ok) throw new Error(JSON.stringify(publishing.problems));
  const clock = instantFromMs(clone.place.now());
  const usual = { target: LEVERAGE, pull: 1, reason: 'too early', clock, dryRun: false };
  const report = await declineChange(publishing.value, { ...usual, ...request });
  return report.ok ? report.value.state : report.problems.map(({ code }) => code);
}

async function bodyOf({ place }: Stage, number = 1): Promise<string> {
  return (await place.pull(number)).body ?? '';
}

async function declinedIn(at: Stage, number = 1) {
  return parseState(await bodyOf(at, number))?.declined ?? [];
}

async function rewrite({ place }: Stage, body: string): Promise<void> {
  await place.forge.as(place.stranger).in(place.repository).patch('/pulls/1', { body });
}

describe('peak decline', () => {
  test('is written once, kept by every rewrite of the body, and costs a cycle no request', async () => {
    const at = await stage();
    const { place, clone } = at;
    expect([await decline(clone, { dryRun: true }), await declinedIn(at)]).toEqual(['dry_run', []]);
    expect([await decline(clone), await decline(clone)]).toEqual(['recorded', 'known']);
    expect(await proposed(clone)).toEqual([DELAY]);
    // The target is not proposed any more: it is the same "no".
    expect(await decline(clone)).toBe('known');
    const { head } = await place.pull(1);
    expect(await declinedIn(at)).toMatchObject([{ target: LEVERAGE, value: 1.2, reason: 'too early' }]);
    expect(parseState(await bodyOf(at))?.head).toBe(head.sha);

    place.wait(60_000);
    place.forge.requests.splice(0);
    expect(await proposed(clone)).toEqual([DELAY]);
    expect(callsSeen(place)).toMatchObject({ writes: 0 });
    expect(callsSeen(place).reads).toBeLessThanOrEqual(8);

    // The base moves, and the branch is rebuilt; then the killswitch closes it, and it is opened anew.
    const { forge, repository, operator } = place;
    const policy = clone.read('config/promotion.toml').replace('max_step = 0.25', 'max_step = 0.24');
    await forge.push(repository, {
      author: operator,
      branch: 'main',
      files: { 'config/promotion.toml': policy },
    });
    await clone.fetch('main');
    clone.git('merge', '--quiet', '--ff-only', 'FETCH_HEAD');
    place.wait(60_000);
    expect(await proposed(clone)).toEqual([DELAY]);
    expect((await place.pull(1)).head.sha).not.toBe(head.sha);
    await clone.published({ requestedMode: 'disabled' });
    expect([(await place.pull(1)).state, (await declinedIn(at)).length]).toEqual(['closed', 1]);
    place.wait(60_000);
    expect(await proposed(clone)).toEqual([DELAY]);
    expect(await decline(clone)).toBe('known');
  }, 120_000);

  test('is refused where there is nothing to say no to', async () => {
    const at = await stage();
    const { place, clone } = at;
    const refused = ['DECLINE_REFUSED'];
    expect(await decline(clone, { target: 'strategy.take_profit' })).toEqual(refused);
    expect(await decline(clone, { pull: 2 })).toEqual(refused);
    const { forge, repository, stranger } = place;
    await forge.push(repository, { author: stranger, branch: 'peak/x', from: MANUAL, files: { x: 'x\n' } });
    await forge.as(stranger).in(repository).post('/pulls', { title: 'x', head: 'peak/x', base: 'main' });
    expect(await decline(clone, { pull: 2 })).toEqual(refused);
    await closePull(place, place.operator, 1);
    expect(await decline(clone)).toEqual(refused);
    expect([await declinedIn(at), await declinedIn(at, 2)]).toEqual([[], []]);
    // Somebody else's commit on the branch: the publisher would not rebuild it.
    await forge.as(place.operator).in(repository).patch('/pulls/1', { state: 'open' });
    await forge.push(repository, { author: stranger, branch: MANUAL, files: { x: 'x\n' } });
    expect(await decline(clone)).toEqual(refused);
  }, 60_000);

  test('and a cycle that read the body before lose nothing to each other', async () => {
    const at = await stage();
    const { clone } = at;
    const publishing = await clone.publishing();
    if (!publishing.ok) throw new Error('no publishing');
    const { target } = publishing.value;
    await target.survey('all');
    expect(await decline(clone)).toBe('recorded');
    const seen: string[] = [];
    await target.pulls?.edit(1, (body) => {
      seen.push(body);
      return null;
    });
    expect(seen).toEqual([await bodyOf(at)]);
    expect(await declinedIn(at)).toHaveLength(1);
  });

  test('as a command says what it did, with the exit code of its kind', async () => {
    const { place, clone } = await stage();
    const env = { ...clone.variables(), SOURCE_DATE_EPOCH: String(place.now() / 1000) };
    const run = (target: string) =>
      runPeak(clone, ['decline', target, '--pull', '1', '--reason', 'too early', '--json'], { env });
    const [done, known, refused] = [await run(LEVERAGE), await run(LEVERAGE), await run('strategy.stop')];
    expect([done.exitCode, known.exitCode, refused.exitCode]).toEqual([0, 0, 2]);
    const said = { target: LEVERAGE, value: 1.2, pull_request: 1 };
    expect(answerOf(done)).toMatchObject({ ok: true, state: 'recorded', ...said });
    expect(answerOf(known)).toMatchObject({ ok: true, state: 'known', ...said });
    expect(placesOf(answerOf(refused))).toEqual(['DECLINE_REFUSED']);
  }, 60_000);

  test.each([
    [['x y', '--pull', '1', '--reason', 'r'], ['ARGUMENT_INVALID']],
    [
      [LEVERAGE, '--pull', '0', '--reason', ''],
      ['ARGUMENT_INVALID', 'ARGUMENT_INVALID'],
    ],
    [
      [LEVERAGE, '--pull', '1e3', '--reason', 'ghp_0123456789abcdefghijklmnopqrstuvwxyz'],
      ['ARGUMENT_INVALID', 'ARGUMENT_INVALID'],
    ],
  ])('of %j names every fault', async (args, codes) => {
    const { exitCode, ...run } = await runHere(null, ['decline', ...args, '--json']);
    expect([exitCode, placesOf(answerOf({ exitCode, ...run }))]).toEqual([2, codes]);
  });
});

describe('a body that somebody edited', () => {
  test('says so where its state cannot be read, and a new "no" makes it whole', async () => {
    const at = await stage();
    const { place, clone } = at;
    await rewrite(at, 'nothing to see');
    expect(await decline(clone)).toBe('recorded');
    expect(await proposed(clone)).toEqual([DELAY]);
    expect(await bodyOf(at)).toContain('### Checklist');
    await rewrite(at, 'nothing to see');
    await closePull(place, place.stranger, 1);
    place.wait(60_000);
    const { gathered, derivation } = await clone.published();
    expect(derivation.proposals).toHaveLength(1);
    expect(gathered.warnings.warnings.map(({ code }) => code)).toContain('STATE_UNREADABLE');
  }, 60_000);

  test('can keep a change out, as long as it stands there, and nothing else', async () => {
    const at = await stage();
    const { place, clone } = at;
    expect(await decline(clone)).toBe('recorded');
    const forged = (await bodyOf(at)).replace(/"at":"[^"]*"/, '"at":"2999-01-01T00:00:00.000Z"');
    await rewrite(at, forged.replace('"value":1.2', '"value":2.9'));
    expect(await proposed(clone)).toEqual([LEVERAGE, DELAY]);
    await rewrite(at, forged);
    const { derivation } = await clone.published();
    const found = derivation.decisions.flatMap(({ findings }) => findings);
    const now = formatInstant(instantFromMs(place.now()));
    expect(found).toContainEqual(
      expect.objectContaining({ code: 'DECLINED', observed: '#1', required: now }),
    );
    place.wait(15 * DAY_MS);
    await rewrite(at, (await bodyOf(at)).replace(/,"declined":\[.*\]/, ''));
    expect(await proposed(clone)).toContain(LEVERAGE);
  }, 60_000);
});
