/** A run that ends after any call, and the next one: what stands is one whole pull request. */
import { describe, expect, test } from 'vitest';
import { parseState } from '../../../src/review/index.ts';
import { MANUAL } from './evidence.ts';
import type { Clone } from './github-place.ts';

/** The connection breaks for good: no call of this run gets an answer any more, whatever happened at the other end. */
type Break = 'before' | 'after';

/** A clone whose next run has something to do, in a repository where all was whole before. */
export type Stages = () => Promise<Clone>;

/** What a run has to do, and which of its calls are broken. */
export interface CrashCase {
  /** Starts; the places behind the stages live as long as the test. */
  readonly open: () => Promise<Stages>;
  /** All writes, by their number among the calls. */
  readonly writes: readonly number[];
  /** A few of the reads before the first write, which all end the same way, and every one between writes. */
  readonly reads: readonly number[];
  /** Calls that another case breaks already, for the same work. Default none. */
  readonly proven?: readonly number[];
  /** Runs again, and looks what stands then. */
  readonly assertStands: (clone: Clone) => Promise<void>;
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

/** One whole pull request of the manual lane, with all that the run proposed. */
export async function assertProposal(clone: Clone): Promise<void> {
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
}

/** What stands after the next run is whole, and then nothing is left to do. */
async function assertWhole({ assertStands }: CrashCase, clone: Clone): Promise<void> {
  await assertStands(clone);
  const { requests } = clone.place.forge;
  requests.splice(0);
  await clone.published();
  expect(requests.filter(({ kind, write }) => kind === 'rest' && write)).toEqual([]);
}

/** Checks a stage for each call. One after the other: octokit shares tokens that are asked for at once, by an id that every place gives. */
async function forEachCall(
  { open }: CrashCase,
  calls: readonly number[],
  check: (clone: Clone, passed: number) => Promise<void>,
): Promise<void> {
  const next = await open();
  for (const passed of calls) await check(await next(), passed);
}

/** The tests of one case; each case has a file, so that two run at once. */
export function describeCrashes(name: string, one: CrashCase): void {
  const { open, writes, reads, proven = [] } = one;
  const unproven = (calls: readonly number[]) => calls.filter((call) => !proven.includes(call));
  describe(name, () => {
    test.each([
      ['before', unproven([...reads, ...writes])],
      ['after', unproven(writes)],
    ] as const)(
      'broken %s each call in turn, and run again',
      async (how, calls) => {
        await forEachCall(one, calls, async (clone, passed) => {
          const mend = breakAfter(clone.place, passed, how);
          const code = await clone.published().then(
            () => 'done',
            (error: { code?: string }) => error.code,
          );
          mend();
          expect(['GITHUB_UNREACHABLE', 'GITHUB_INTERRUPTED']).toContain(code);
          await assertWhole(one, clone);
        });
      },
      600_000,
    );

    test('with one lost answer to any write, one run is enough', async () => {
      await forEachCall(one, unproven(writes), async (clone, passed) => {
        clone.place.forge.faults.plan({ path: REST, after: passed, effect: { reset: 'after' } });
        await clone.published();
        await assertWhole(one, clone);
      });
    }, 600_000);

    test('asks and writes as the numbers above say', async () => {
      const clone = await (await open())();
      clone.place.forge.requests.splice(0);
      await clone.published();
      const rest = clone.place.forge.requests.filter(({ kind }) => kind === 'rest');
      const [first = 0] = writes;
      expect(rest.flatMap(({ write }, i) => (write ? [i] : []))).toEqual(writes);
      expect(rest.flatMap(({ write }, i) => (write || i < first ? [] : [i]))).toEqual(
        reads.filter((call) => call > first),
      );
    });
  });
}
