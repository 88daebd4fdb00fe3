/** A run that ends after any call, and the next one: what stands is one whole pull request. */
import { describe, expect, test } from 'vitest';
import { formatInstant, HOUR_MS, instantFromMs } from '../../src/kernel/instant.ts';
import { parseState } from '../../src/review/index.ts';
import { EVIDENCE, MANUAL, patch, withoutResearch } from '../support/github/evidence.ts';
import { type Clone, type GitHubPlace, githubPlace } from '../support/github/github-place.ts';

/** The connection breaks for good: no call of this run gets an answer any more, whatever happened at the other end. */
type Break = 'before' | 'after';

/** A clone whose next run has something to do, in a repository where all was whole before. */
type Stages = () => Promise<Clone>;

/** How to come by stages; the places behind them live as long as the test. */
const STAGES: Readonly<Record<string, () => Promise<Stages>>> = {
  'a new proposal': async () => async () => (await githubPlace(withoutResearch)).clone(),
  // One repository for all: what a stage leaves whole is the next one's start.
  'a changed proposal': async () => {
    const place = await githubPlace(withoutResearch);
    const clone = await place.clone();
    await clone.published();
    let value = 30;
    return async () => {
      value += 1;
      place.wait(HOUR_MS);
      clone.write(`${EVIDENCE}/slow-${value}.json`, slowFor(place, value));
      return clone;
    };
  },
};

/** Evidence for one value, which counts until the next stage. */
function slowFor(place: GitHubPlace, value: number): string {
  const at = (ms: number) => formatInstant(instantFromMs(place.now() + ms));
  const dates = { generated_at: at(0), expires_at: at(HOUR_MS / 2) };
  return patch({ target: 'strategy.ma_slow_period', new_value: value, ...dates });
}

const REST = /^\/(repos|app)\//;

/** Lets calls pass, then breaks the next one, and every one after it fails without an effect. */
function breakAfter({ forge }: Clone['place'], passed: number, how: Break): () => void {
  const undo = [
    forge.faults.plan({ path: REST, after: passed, effect: { reset: how } }),
    forge.faults.plan({ path: REST, after: passed + 1, times: 999, effect: { reset: 'before' } }),
  ];
  return () => {
    for (const take of undo) take();
  };
}

async function assertWhole(clone: Clone): Promise<void> {
  const { place } = clone;
  const report = await clone.published();
  expect(report.branches).toMatchObject([{ branch: MANUAL, pull: { number: 1 } }]);
  const proposed = report.derivation.proposals.flatMap(({ changes }) => changes.map(({ target }) => target));
  const pulls = await place.pulls();
  expect(pulls).toHaveLength(1);
  const pull = await place.pull(1);
  expect(pull.state).toBe('open');
  expect(pull.head.sha).toBe(report.branches[0]?.commit);
  for (const target of proposed) expect(pull.body).toContain(target);
  expect(parseState(pull.body ?? '')?.head).toBe(pull.head.sha);
  expect(pull.labels.map(({ name }) => name)).toContain('lane: manual');
  expect(pull.requested_reviewers.map(({ login }) => login)).toEqual(['olivia']);
  expect((await place.filesOf(1)).filter((path) => path.endsWith('proposal_meta.json'))).toHaveLength(1);
  place.forge.requests.splice(0);
  await clone.published();
  expect(place.forge.requests.filter(({ kind, write }) => kind === 'rest' && write)).toEqual([]);
}

/** Calls before the first write, and writes: with the token exchange, five reads; a branch that stands is compared, too. */
const WRITES: Readonly<Record<string, readonly number[]>> = {
  'a new proposal': [5, 6, 7, 8, 9, 10],
  'a changed proposal': [6, 7, 8, 9],
};
/** A few of the reads: all end the same way, before anything was written. */
const READS = [0, 1, 4];

async function stagesOf(name: string): Promise<Stages> {
  const build = STAGES[name];
  if (build === undefined) throw new Error(name);
  return build();
}

/** Checks a stage for each call. One after the other: octokit shares tokens that are asked for at once, by an id that every place gives. */
async function forEachCall(
  name: string,
  calls: readonly number[],
  check: (clone: Clone, passed: number) => Promise<void>,
): Promise<void> {
  const next = await stagesOf(name);
  for (const passed of calls) await check(await next(), passed);
}

describe.each(Object.entries(WRITES))('%s', (name, writes) => {
  test.each([
    ['before', [...READS, ...writes]],
    ['after', writes],
  ] as const)(
    'broken %s each call in turn, and run again',
    async (how, calls) => {
      await forEachCall(name, calls, async (clone, passed) => {
        const mend = breakAfter(clone.place, passed, how);
        const code = await clone.published().then(
          () => 'done',
          (error: { code?: string }) => error.code,
        );
        mend();
        expect(['GITHUB_UNREACHABLE', 'GITHUB_INTERRUPTED']).toContain(code);
        await assertWhole(clone);
      });
    },
    600_000,
  );

  test('with one lost answer to any write, one run is enough', async () => {
    await forEachCall(name, writes, async (clone, passed) => {
      clone.place.forge.faults.plan({ path: REST, after: passed, effect: { reset: 'after' } });
      await clone.published();
      await assertWhole(clone);
    });
  }, 600_000);

  test('writes where the calls above say', async () => {
    const clone = await (await stagesOf(name))();
    clone.place.forge.requests.splice(0);
    await clone.published();
    const rest = clone.place.forge.requests.filter(({ kind }) => kind === 'rest');
    expect(rest.flatMap(({ write }, i) => (write ? [i] : []))).toEqual(writes);
  });
});
