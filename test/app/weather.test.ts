/** Bad weather between GitHub and the judge: nothing is green that must not be, and a reconciliation puts the rest right (judge.md §6). */
import { describe, expect, test } from 'vitest';
import { primaryLimit, secondaryLimit } from '../support/forge/index.ts';
import { withoutResearch } from '../support/github/evidence.ts';
import { type JudgePlace, judgePlace } from '../support/judge/judge-place.ts';

const AUTO_TOML = 'config/live_overrides/auto.toml';

/** A small generator with a seed: https://prng.di.unimi.it/splitmix64.c in 32 bits. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** The bot's proposal, as people have agreed to it, beside a change of nothing governed and an attack. */
async function three(place: JudgePlace) {
  const clone = await place.clone();
  await clone.published();
  const promotion = (await place.pulls())[0]?.number ?? 0;
  const unrelated = await place.open(place.stranger, 'words', { 'NOTES.md': 'words\n' });
  const attack = await place.open(place.stranger, 'greed', {
    [AUTO_TOML]: '[auto_applied]\n"portfolio.leverage" = 10.0\n',
  });
  await place.review(promotion, place.operator);
  await place.tick(promotion, place.operator);
  return { clone, promotion, unrelated, attack };
}

async function conclusions(place: JudgePlace, numbers: readonly number[]) {
  await place.settled();
  const checks = numbers.map(async (number) => place.checkOn((await place.pull(number)).head.sha));
  return (await Promise.all(checks)).map((check) => check?.conclusion ?? null);
}

async function isNoted(place: JudgePlace, number: number): Promise<boolean> {
  const clone = await place.clone();
  await clone.fetch('+refs/notes/peak:refs/notes/peak');
  const merge = place.repository.pulls.get(number)?.mergeCommit ?? 'none';
  const note = JSON.parse(clone.git('notes', '--ref', 'peak', 'show', merge)) as { conclusion: string };
  return note.conclusion === 'success';
}

describe('bad weather', { timeout: 180_000 }, () => {
  test.each([1, 2])('webhooks doubled, reordered and a third dropped (seed %i)', async (seed) => {
    const place = await judgePlace({ change: withoutResearch });
    const random = seeded(seed);
    let dropped = 0;
    place.forge.webhooks.fate = () => {
      const isDropped = random() < 1 / 3;
      dropped += isDropped ? 1 : 0;
      return isDropped ? 'drop' : 'hold';
    };
    const { promotion, unrelated, attack } = await three(place);
    await place.forge.webhooks.release((held) => shuffled([...held, ...held], random));
    await place.judge.reconcile();
    const numbers = [promotion, unrelated, attack];
    expect(await conclusions(place, numbers)).toEqual(['success', 'success', 'failure']);
    expect(dropped).toBeGreaterThan(0);

    // Now nothing at all arrives of a merge.
    place.forge.webhooks.fate = () => 'drop';
    expect(await place.merge(promotion, place.operator)).toBe(200);
    await place.judge.reconcile();
    // The attack conflicts by now, which waits for its author.
    expect(await conclusions(place, [unrelated, attack])).toEqual(['success', 'action_required']);
    expect(await isNoted(place, promotion)).toBe(true);
    const notes = place.repository.refs.get('refs/notes/peak');
    await place.judge.reconcile();
    await place.settled();
    expect(place.repository.refs.get('refs/notes/peak')).toBe(notes);
  });

  test('GitHub failing at any single call of an evaluation', async () => {
    const place = await judgePlace({ change: withoutResearch });
    const { forge, operator } = place;
    const { promotion } = await three(place);
    const { sha } = (await place.pull(promotion)).head;
    /** A review, and the one evaluation that it causes; answers the number of requests. */
    const judgedAfter = async (event: 'APPROVE' | 'REQUEST_CHANGES', prepare: () => void) => {
      await place.settled();
      forge.webhooks.fate = () => 'hold';
      await place.review(promotion, operator, event);
      forge.webhooks.fate = () => 'send';
      const before = forge.requests.length;
      prepare();
      await forge.webhooks.release();
      await place.settled();
      forge.faults.clear();
      return forge.requests.length - before;
    };
    const calls = await judgedAfter('REQUEST_CHANGES', () => undefined);
    expect(await place.checkOn(sha)).toMatchObject({ conclusion: 'action_required' });
    expect(calls).toBeGreaterThan(3);
    const inSuccess = await judgedAfter('APPROVE', () => undefined);
    expect(await place.checkOn(sha)).toMatchObject({ conclusion: 'success' });
    const effects = [
      { status: 500 },
      secondaryLimit(1, 429),
      secondaryLimit(60),
      { reset: 'before' },
      { reset: 'after' },
      primaryLimit(Math.floor(place.now() / 1000) + 1800),
    ] as const;
    for (let call = 0; call < inSuccess; call += 1) {
      const effect = effects[call % effects.length] ?? effects[0];
      await judgedAfter('REQUEST_CHANGES', () => forge.faults.plan({ after: call, effect }));
      expect([call, (await place.checkOn(sha))?.conclusion]).not.toEqual([call, 'success']);
      await judgedAfter('APPROVE', () => forge.faults.plan({ after: call, effect }));
      await place.judge.reconcile();
      expect([call, ...(await conclusions(place, [promotion]))]).toEqual([call, 'success']);
    }
  });

  test('a judge that is killed, and another that starts', async () => {
    const place = await judgePlace({ change: withoutResearch });
    const { operator } = place;
    const { promotion, unrelated, attack } = await three(place);
    await place.settled();
    await place.judge.stop();
    // Nobody hears of these.
    await place.review(promotion, operator, 'REQUEST_CHANGES');
    const late = await place.open(place.stranger, 'late', { 'LATE.md': 'late\n' });
    expect(await place.merge(unrelated, operator)).toBe(200);
    const instance = await place.startInstance();
    expect(await conclusions(place, [promotion, attack, late])).toEqual([
      'action_required',
      'failure',
      'success',
    ]);
    expect(await isNoted(place, unrelated)).toBe(true);
    await instance.stop();
  });

  test('two instances side by side', async () => {
    const place = await judgePlace({
      isAcknowledged: true,
      change: (folder) => {
        withoutResearch(folder);
        folder.setMode('bounded_auto');
      },
    });
    const { forge, operator } = place;
    const other = await place.startInstance();
    // Each hears of everything.
    forge.webhooks.fate = () => 'double';
    const unrelated = await place.open(place.stranger, 'words', { 'NOTES.md': 'words\n' });
    const report = await (await place.clone()).published();
    const number = report.branches.find(({ branch }) => branch === 'peak/promotion/auto')?.pull?.number ?? 0;
    await Promise.all([place.judge.reconcile(), other.reconcile()]);
    await place.settled();
    const merges = forge.requests.filter(({ method, path }) => method === 'PUT' && path.endsWith('/merge'));
    expect(merges.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await isNoted(place, number)).toBe(true);
    // GitHub sends a comment once, to one of them; by hand it can be sent again, to the other.
    forge.webhooks.fate = () => 'send';
    await place.comment(unrelated, operator, '/peak explain');
    await place.settled();
    const sent = forge.webhooks.deliveries.find(({ event }) => event === 'issue_comment');
    for (const _ of ['other', 'same']) {
      await forge.webhooks.redeliver(sent?.guid ?? '');
      await place.settled();
    }
    const comments = await forge.as(operator).in(place.repository).get(`/issues/${unrelated}/comments`);
    const replies = (comments.body as { body: string }[]).filter(({ body }) => body.includes('peak'));
    // The command, its answer and the explanation.
    expect(replies).toHaveLength(3);
    const { sha } = (await place.pull(unrelated)).head;
    const listed = await forge.as(operator).in(place.repository).get(`/commits/${sha}/check-runs?filter=all`);
    const runs = listed.body.check_runs as { id: number; external_id: string }[];
    const latest = (await place.checkOn(sha))?.external_id ?? '';
    expect(
      runs
        .map(({ external_id }) => external_id)
        .sort()
        .at(-1),
    ).toBe(latest);
  });
});
