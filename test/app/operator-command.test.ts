/** What operators ask for in comments, through the judge and the workflow that acts as the publisher, to what is merged. */
import { describe, expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../support/hostile-text.ts';
import { type JudgePlace, judgePlace } from '../support/judge/judge-place.ts';
import {
  dispatched,
  OPERATOR_JOB,
  type Payload,
  runnerWith,
  runOperatorWorkflow,
  said,
} from '../support/judge/operator-workflow.ts';
import { runJob } from '../support/workflow/run-job.ts';
import type { Job } from '../support/workflow/workflow.ts';

/** The numbers of the pull requests that the workflow opened. */
async function runWorkflow(place: JudgePlace, payload: Payload): Promise<readonly number[]> {
  const before = place.repository.pulls.size;
  const run = await runOperatorWorkflow(place, payload);
  expect(run.ok ? '' : said(run)).toBe('');
  expect(said(run)).not.toMatch(/PRIVATE KEY|ghs_/);
  return (await place.pulls()).map(({ number }) => number).filter((number) => number > before);
}

/** The operator stands behind it already: the command was the word. */
async function mergeAsAsked(place: JudgePlace, number: number): Promise<void> {
  expect(await place.check(number)).toMatchObject({ conclusion: 'success' });
  expect(await place.merge(number, place.operator)).toBe(200);
}

/** A promotion that an operator has approved and ticked, and nobody merged yet. */
async function agreedPlace() {
  const place = await judgePlace();
  await (await place.clone()).published();
  const number = (await place.pulls())[0]?.number ?? 0;
  await place.tick(number, place.operator);
  await place.review(number, place.operator);
  return { place, number };
}

test('rollback and disable by comment: dispatched, opened by the publisher, judged, merged by the same operator', async () => {
  const { place, number } = await agreedPlace();
  await place.comment(number, place.operator, '/peak rollback too early');
  await place.comment(number, place.stranger, '/peak disable');
  await place.settled();
  expect(dispatched(place)).toEqual([]);

  expect(await place.merge(number, place.operator)).toBe(200);
  await place.comment(number, place.operator, '/peak rollback losses\n\nsee the desk');
  await place.settled();
  const [asked] = dispatched(place);
  expect(asked).toEqual({
    command: 'rollback',
    target: expect.stringMatching(/^live_promotion_\d{8}T\d{6}Z_[0-9a-f]{8}$/),
    reason: `losses (asked for by olivia in #${number})`,
    asked_by: expect.stringMatching(new RegExp(`^${number}/[1-9]\\d*$`)),
  });
  const [rollback] = await runWorkflow(place, asked ?? {});
  await mergeAsAsked(place, rollback ?? 0);
  const live = (await place.clone()).read('config/live_overrides/auto.toml');
  expect(live).not.toMatch(/^"portfolio\.leverage"/m);

  await place.comment(number, place.operator, '/peak disable ghp_0123456789abcdefghijklmnopqrstuvwxyz');
  await place.settled();
  const disable = dispatched(place)[1];
  // What looks like a secret does not get into Git, and does not stop the killswitch.
  expect(disable).toEqual({
    command: 'disable',
    target: '',
    reason: `asked for by olivia in #${number}`,
    asked_by: expect.stringMatching(new RegExp(`^${number}/[1-9]\\d*$`)),
  });
  const [killswitch] = await runWorkflow(place, disable ?? {});
  await mergeAsAsked(place, killswitch ?? 0);
  expect((await place.clone()).read('config/promotion.toml')).toMatch(/^mode = "disabled"/m);
  expect(dispatched(place)).toHaveLength(2);
}, 180_000);

describe('a word of an operator', { timeout: 180_000 }, () => {
  /** A merged promotion below which the operator has asked for something. */
  async function askedPlace(body: string) {
    const { place, number } = await agreedPlace();
    expect(await place.merge(number, place.operator)).toBe(200);
    const comment = await place.comment(number, place.operator, body);
    await place.settled();
    return { place, number, comment, payload: dispatched(place)[0] ?? {} };
  }

  async function isWaiting(place: JudgePlace, number: number | undefined): Promise<void> {
    const { conclusion, output } = await place.check(number ?? 0);
    expect([conclusion, output.summary + output.text]).toEqual([
      'action_required',
      expect.stringContaining('APPROVALS_MISSING'),
    ]);
  }

  test('stands behind nothing but what it asks for, whoever sends the dispatch', async () => {
    const { place, number, payload } = await askedPlace('/peak disable');
    const target = (await proposalOf(place)) ?? '';
    const [rollback] = await runWorkflow(place, { ...payload, command: 'rollback', target });
    await isWaiting(place, rollback);
    const stranger = await place.comment(number, place.stranger, '/peak disable');
    const [asked] = await runWorkflow(place, { ...payload, asked_by: `${number}/${stranger}` });
    await isWaiting(place, asked);
  });

  test('does not stand where it was refused, because it came before the merge', async () => {
    const { place, number } = await agreedPlace();
    const early = await place.comment(number, place.operator, '/peak rollback');
    place.wait(2000);
    expect(await place.merge(number, place.operator)).toBe(200);
    const target = (await proposalOf(place)) ?? '';
    const payload = { command: 'rollback', target, reason: 'x', asked_by: `${number}/${early}` };
    const [rollback] = await runWorkflow(place, payload);
    await isWaiting(place, rollback);
  });

  test('stands for a day, and not once it was edited', async () => {
    const { place, number, comment, payload } = await askedPlace('/peak rollback');
    const [rollback] = await runWorkflow(place, payload);
    expect(await place.check(rollback ?? 0)).toMatchObject({ conclusion: 'success' });
    const repository = place.forge.as(place.operator).in(place.repository);
    place.wait(1000);
    await repository.patch(`/issues/comments/${comment}`, { body: '/peak rollback\n\nafter all' });
    await place.comment(rollback ?? 0, place.operator, '/peak recheck');
    await isWaiting(place, rollback);
    const again = await place.comment(number, place.operator, '/peak rollback');
    await place.settled();
    const body = ((await place.pull(rollback ?? 0)).body ?? '').replace(`${comment}`, `${again}`);
    await repository.patch(`/pulls/${rollback}`, { body });
    expect(await place.check(rollback ?? 0)).toMatchObject({ conclusion: 'success' });
    place.wait(25 * 3_600_000);
    await place.comment(rollback ?? 0, place.operator, '/peak recheck');
    await isWaiting(place, rollback);
  });

  test('stands behind nothing that the publisher did not make', async () => {
    const { place, number, comment } = await askedPlace('/peak disable');
    const policy = (await place.clone()).read('config/promotion.toml');
    const files = {
      'config/promotion.toml': policy.replace('mode = "manual_only"', 'mode = "disabled"'),
    };
    const forged = await place.open(place.stranger, 'peak/policy/disable-12345678', files);
    await place.forge
      .as(place.stranger)
      .in(place.repository)
      .patch(`/pulls/${forged}`, { body: `<!-- peak:asked-by ${number}/${comment} -->` });
    await isWaiting(place, forged);
  });
});

/** The id of the promotion that the default branch holds. */
async function proposalOf({ repository }: JudgePlace): Promise<string | undefined> {
  const listed = await repository.git.text(['ls-tree', '-r', '--name-only', 'refs/heads/main', 'reports/']);
  return /live_promotion_\d{8}T\d{6}Z_[0-9a-f]{8}/.exec(listed)?.[0];
}

describe('a dispatch that the judge never sent', () => {
  const script = { ...OPERATOR_JOB, steps: OPERATOR_JOB.steps.slice(-1) };
  const run = (payload: unknown) => runJob(script, runnerWith(payload, { origin: '', env: {} }));

  test.each([
    [{}],
    [{ command: 'enable' }],
    [{ command: 'rollback', target: '--all' }],
    [{ command: 'rollback', target: 'live_promotion_20261121T222640Z_09fc7af8\n--all' }],
    [{ command: 'hold', target: 'portfolio.leverage' }],
    [{ command: 'decline', target: 'portfolio.leverage' }],
    [{ command: 'decline', target: '--dry-run', pull: '1' }],
    [{ command: 'decline', target: 'portfolio.leverage;id', pull: '1' }],
    [{ command: 'decline', target: 'portf\u043elio.leverage', pull: '1' }],
    [{ command: 'decline', target: 'portfolio.leverage', pull: '1 --dry-run' }],
    [{ command: 'decline', target: 'portfolio.leverage', pull: '-1' }],
    [{ command: 'disable --mode', target: '' }],
  ])('is refused before peak is started: %j', async (payload) => {
    const { ok, steps } = await run({ reason: 'x', ...payload });
    expect(ok).toBe(false);
    expect(steps[0]?.run?.stdout).toBe(
      '::error::this is no command of the judge: disable, decline TARGET PULL or rollback PROPOSAL\n',
    );
  });

  test('whose reason is hostile stays one word, one line and no command to the runner', async () => {
    const probe = `peak() { printf '%s\\n' "$@"; }\n`;
    // No environment can hold a zero byte.
    for (const { text } of HOSTILE_TEXTS.filter((hostile) => !hostile.text.includes('\0'))) {
      const [step] = script.steps;
      const probed = { ...script, steps: [{ ...step, run: `${probe}${step?.run}` }] } as Job;
      const { steps } = await runJob(
        probed,
        runnerWith({ command: 'disable', reason: text }, { origin: '', env: {} }),
      );
      const lines = steps[0]?.run?.stdout.split('\n') ?? [];
      expect(lines.slice(0, 2)).toEqual(['disable', '--publish=github']);
      expect(lines.slice(3)).toEqual(['']);
      expect(lines[2]).toMatch(/^--reason=./);
    }
  }, 60_000);
});
