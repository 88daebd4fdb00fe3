/** A run that ends after any call, and the next one: what stands is one whole pull request. */
import { describe, expect, test } from 'vitest';
import { parseState } from '../../src/review/index.ts';
import type { Forge } from '../support/forge/index.ts';
import { EVIDENCE, MANUAL, patch, withoutResearch } from '../support/github/evidence.ts';
import { type Clone, type GitHubPlace, githubPlace } from '../support/github/github-place.ts';

/** The connection breaks for good: no call of this run gets an answer any more, whatever happened at the other end. */
type Break = 'before' | 'after';

interface Stage {
  readonly place: GitHubPlace;
  readonly clone: Clone;
}

/** A repository where a run has something to do. */
const STAGES: Readonly<Record<string, () => Promise<Stage>>> = {
  'a new proposal': async () => {
    const place = await githubPlace(withoutResearch);
    return { place, clone: await place.clone() };
  },
  'a changed proposal': async () => {
    const place = await githubPlace(withoutResearch);
    const clone = await place.clone();
    await clone.published();
    place.wait(60_000);
    clone.write(`${EVIDENCE}/slow.json`, patch({ target: 'strategy.ma_slow_period', new_value: 31 }));
    return { place, clone };
  },
};

const REST = /^\/(repos|app)\//;

/** Lets calls pass, then breaks the next one, and every one after it fails without an effect. */
function breakAfter({ forge }: GitHubPlace, passed: number, how: Break): () => void {
  const one: Parameters<Forge['faults']['plan']>[0]['effect'] = { reset: how };
  const undo = [
    forge.faults.plan({ path: REST, after: passed, times: 1, effect: one }),
    forge.faults.plan({
      path: /^\/(repos|app)\//,
      after: passed + 1,
      times: 999,
      effect: { reset: 'before' },
    }),
  ];
  return () => {
    for (const take of undo) take();
  };
}

async function assertWhole({ place, clone }: Stage): Promise<void> {
  const report = await clone.published();
  expect(report.branches).toMatchObject([{ branch: MANUAL, pull: { number: 1 } }]);
  const pulls = await place.pulls();
  expect(pulls).toHaveLength(1);
  const pull = await place.pull(1);
  expect(pull.state).toBe('open');
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

async function stageOf(name: string): Promise<Stage> {
  const build = STAGES[name];
  if (build === undefined) throw new Error(name);
  return build();
}

describe.each(Object.entries(WRITES))('%s', (name, writes) => {
  test.each([
    ['before', [...READS, ...writes]],
    ['after', writes],
  ] as const)(
    'broken %s each call in turn, and run again',
    async (how, calls) => {
      for (const passed of calls) {
        const stage = await stageOf(name);
        const mend = breakAfter(stage.place, passed, how);
        const code = await stage.clone.published().then(
          () => 'done',
          (error: { code?: string }) => error.code,
        );
        mend();
        expect(['GITHUB_UNREACHABLE', 'GITHUB_INTERRUPTED']).toContain(code);
        await assertWhole(stage);
      }
    },
    600_000,
  );

  test('with one lost answer to any write, one run is enough', async () => {
    for (const passed of writes) {
      const stage = await stageOf(name);
      const fault = { path: REST, after: passed, effect: { reset: 'after' } } as const;
      stage.place.forge.faults.plan(fault);
      await stage.clone.published();
      await assertWhole(stage);
    }
  }, 600_000);

  test('writes where the calls above say', async () => {
    const { place, clone } = await stageOf(name);
    place.forge.requests.splice(0);
    await clone.published();
    const rest = place.forge.requests.filter(({ kind }) => kind === 'rest');
    expect(rest.flatMap(({ write }, i) => (write ? [i] : []))).toEqual(writes);
  });
});
