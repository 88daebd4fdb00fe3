/** What an operator has written once, used again by somebody who may write: every writer can send the dispatch, and merge what is green. */
import { describe, expect, test } from 'vitest';
import { type JudgePlace, judgePlace } from '../../support/judge/judge-place.ts';
import {
  dispatched,
  type Payload,
  runOperatorWorkflow,
  said,
} from '../../support/judge/operator-workflow.ts';

/** The pull request that the workflow opened. */
async function opened(place: JudgePlace, payload: Payload): Promise<number> {
  const before = place.repository.pulls.size;
  const run = await runOperatorWorkflow(place, payload);
  expect(run.ok ? '' : said(run)).toBe('');
  expect(place.repository.pulls.size).toBe(before + 1);
  return before + 1;
}

async function conclusionOf(place: JudgePlace, number: number): Promise<string | null> {
  return (await place.check(number)).conclusion;
}

/** Moves a file of a branch past the judge. */
async function push(place: JudgePlace, branch: string, files: Readonly<Record<string, string>>) {
  const { forge, repository, operator } = place;
  const from = branch === 'main' ? {} : { from: 'main' };
  const { ok, said: why } = await forge.push(repository, { author: operator, branch, files, ...from });
  expect(ok ? '' : why).toBe('');
}

describe('a word of an operator', { timeout: 180_000 }, () => {
  test('is over once it was carried out: what was enabled again is not disabled by it', async () => {
    const place = await judgePlace({ protection: 'none' });
    const number = await place.open(place.stranger, 'words', { 'notes.md': 'words\n' });
    await place.comment(number, place.operator, '/peak disable');
    await place.settled();
    const payload = dispatched(place)[0] ?? {};
    const killswitch = await opened(place, payload);
    expect(await conclusionOf(place, killswitch)).toBe('success');
    place.wait(60_000);
    const before = (await place.clone()).read('config/promotion.toml');
    expect(await place.merge(killswitch, place.operator)).toBe(200);
    place.wait(60_000);
    await push(place, 'main', { 'config/promotion.toml': `${before}# enabled again\n` });
    place.wait(60_000);
    const again = await opened(place, payload);
    expect(await conclusionOf(place, again)).toBe('action_required');
    // Said anew, it counts.
    await place.comment(number, place.operator, '/peak disable');
    await place.settled();
    const { asked_by: word = '' } = dispatched(place).at(-1) ?? {};
    const body = ((await place.pull(again)).body ?? '').replace(payload['asked_by'] ?? '', word);
    await place.forge.as(place.operator).in(place.repository).patch(`/pulls/${again}`, { body });
    expect(await conclusionOf(place, again)).toBe('success');
  });

  test('is none where the judge did not take it: below a pull request into a branch that is not governed', async () => {
    const place = await judgePlace({ protection: 'none' });
    await push(place, 'stage', { 'stage.md': 'a branch\n' });
    const number = await place.open(place.stranger, 'words', { 'notes.md': 'words\n' });
    const own = place.forge.as(place.stranger).in(place.repository);
    expect((await own.patch(`/pulls/${number}`, { base: 'stage' })).status).toBe(200);
    const comment = await place.comment(number, place.operator, '/peak disable');
    await place.settled();
    expect(dispatched(place)).toEqual([]);
    const killswitch = await opened(place, {
      command: 'disable',
      target: '',
      reason: 'x',
      asked_by: `${number}/${comment}`,
    });
    expect(await conclusionOf(place, killswitch)).toBe('action_required');
  });
});
