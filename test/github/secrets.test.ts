/** Where a token and a key go: to GitHub, in headers, and into nothing that others can read. */
import { inspect } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { runPeak } from '../support/cli/run-peak.ts';
import type { FaultEffect } from '../support/forge/index.ts';
import {
  type Clone,
  type GitHubPlace,
  githubPlace,
  workflowVariables,
} from '../support/github/github-place.ts';
import { SECRET, type Seen, watchGit } from '../support/github/watch-git.ts';

/** What talks to the other end. */
const TRANSPORT = ['fetch', 'ls-remote'];

/** No argument of any process is secret, and only git's own transport has a token, in its configuration. */
function assertKept(seen: readonly Seen[]): void {
  for (const { command, argv, variables } of seen) {
    expect(argv).toContain('"argv"');
    expect(argv).not.toMatch(SECRET);
    const expected = TRANSPORT.includes(command) ? ['GIT_CONFIG_VALUE_1'] : [];
    expect([command, variables]).toEqual([command, expected]);
  }
  expect(seen.map(({ command }) => command)).toEqual(expect.arrayContaining(['rev-parse', 'fetch']));
}

afterEach(() => vi.unstubAllEnvs());

const IDENTITIES: Readonly<
  Record<string, (place: GitHubPlace, clone: Clone) => Promise<Record<string, string>>>
> = {
  'an App': async (_, clone) => clone.variables(),
  "the workflow's own token": async (place, clone) => ({
    ...clone.variables(),
    ...(await workflowVariables(place)),
  }),
};

/** Sets the variables as Actions does, for whatever this process starts. */
async function actAs(identity: string, place: GitHubPlace, clone: Clone): Promise<Record<string, string>> {
  const variables = (await IDENTITIES[identity]?.(place, clone)) ?? {};
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return variables;
}

test.each(Object.keys(IDENTITIES))('%s publishes, and no process shows it', async (identity) => {
  const place = await githubPlace();
  const clone = await place.clone();
  const variables = await actAs(identity, place, clone);
  const { seen } = watchGit();
  await clone.published({ variables });
  await clone.published({ variables });
  assertKept(seen());
});

const FAILURES: readonly (readonly [string, RegExp, FaultEffect])[] = [
  ['git that is refused', /\/info\/refs$/, { status: 403 }],
  ['git that is cut off', /\/git-upload-pack$/, { reset: 'before' }],
  ['an answer that says no', /\/git\/trees$/, { status: 403 }],
  ['no answer', /\/git\/commits$/, { reset: 'after' }],
];

test.each(FAILURES)('%s: the error has it nowhere, not even in its causes', async (_, path, effect) => {
  const place = await githubPlace();
  const clone = await place.clone();
  const variables = await actAs('an App', place, clone);
  const { seen } = watchGit();
  place.forge.faults.plan({ path, times: 99, effect });
  const error: unknown = await clone.published({ variables }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Error);
  expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toMatch(SECRET);
  assertKept(seen());
});

// At GitHub's own pace, a request that never gets an answer takes a while to be given up.
test.each(FAILURES.slice(0, 3))(
  '%s: the command says it nowhere',
  async (_, path, effect) => {
    const place = await githubPlace();
    const clone = await place.clone();
    const variables = await actAs("the workflow's own token", place, clone);
    const watched = watchGit();
    place.forge.faults.plan({ path, times: 99, effect });
    const env = { ...variables, PATH: watched.path, GITHUB_STEP_SUMMARY: clone.path('.git/summary') };
    const run = await runPeak(clone, ['cycle', '--publish', 'github'], { env });
    expect(run.exitCode).toBe(3);
    expect(run.stdout + run.stderr).not.toMatch(SECRET);
    assertKept(watched.seen());
  },
  60_000,
);
