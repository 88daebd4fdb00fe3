/** `peak cycle --publish github` against a local GitHub: a first run, and the same again. */
import { describe, expect, test } from 'vitest';
import { GRAPHQL_PATH, OPERATIONS } from '../../src/adapters/github/operations.ts';
import type { PublishReport } from '../../src/cycles/publish-cycle.ts';
import { parseLabels, parseState, parseTitle } from '../../src/review/index.ts';
import { runPeak } from '../support/cli/run-peak.ts';
import { findOperation } from '../support/forge/index.ts';
import { callsSeen, callsToldBy } from '../support/github/calls.ts';
import { EVIDENCE, MANUAL, patch, withoutResearch } from '../support/github/evidence.ts';
import { githubPlace, workflowVariables } from '../support/github/github-place.ts';

const digestsOf = ({ derivation }: PublishReport) =>
  derivation.proposals.map(({ changeSetDigest }) => changeSetDigest);

describe('a first run', () => {
  test('opens one pull request on the lane branch, by the App, verified, in at most 12 calls', async () => {
    const place = await githubPlace();
    const clone = await place.clone();
    clone.write(`${EVIDENCE}/new.json`, patch());
    const base = clone.git('rev-parse', 'HEAD');
    place.forge.requests.splice(0);
    const report = await clone.published();
    expect(report.branches).toMatchObject([
      { branch: MANUAL, state: 'created', pull: { number: 1, state: 'opened' } },
    ]);
    expect(callsSeen(place)).toEqual(callsToldBy(report));
    const { reads, writes, tokens } = callsSeen(place);
    expect(reads + writes + tokens).toBeLessThanOrEqual(12);
    expect(place.forge.violations).toEqual([]);
    const pull = await place.pull(1);
    expect(pull).toMatchObject({
      state: 'open',
      user: { login: 'peak-publisher[bot]' },
      base: { sha: base },
    });
    expect(pull.requested_reviewers.map(({ login }) => login)).toEqual(['olivia']);
    expect(parseLabels(pull.labels.map(({ name }) => name))).toBe('manual');
    expect(parseTitle(pull.title)).toBe('manual');
    expect(parseState(pull.body ?? '')?.head).toBe(pull.head.sha);
    const { commit, parents } = await place.commit(pull.head.sha);
    expect(commit.verification.verified).toBe(true);
    expect(parents.map(({ sha }) => sha)).toEqual([base]);
  });

  test('leaves work tree, index, branches and configuration of the clone alone', async () => {
    const place = await githubPlace();
    const clone = await place.clone();
    clone.write(`${EVIDENCE}/new.json`, patch());
    const before = [clone.snapshot(), clone.read('.git/config'), clone.git('branch', '--all', '--verbose')];
    await clone.published();
    expect([clone.snapshot(), clone.read('.git/config'), clone.git('branch', '--all', '--verbose')]).toEqual(
      before,
    );
  });

  test('has the same tree and change set as the local branch, and as a run that publishes nothing', async () => {
    const place = await githubPlace();
    const clone = await place.clone();
    clone.write(`${EVIDENCE}/new.json`, patch());
    const env = { SOURCE_DATE_EPOCH: String(place.now() / 1000) };
    const report = await clone.published();
    await runPeak(clone, ['cycle', '--publish', 'branch'], { env });
    const none = JSON.parse((await runPeak(clone, ['cycle', '--dry-run', '--json'], { env })).stdout);
    const head = report.branches[0]?.commit ?? '';
    const { tree, message } = (await place.commit(head)).commit;
    expect(tree.sha).toBe(clone.git('rev-parse', `${MANUAL}^{tree}`));
    expect(message.trimEnd()).toBe(clone.git('log', '-1', '--format=%B', MANUAL));
    const [proposal] = none.proposals as { change_set_digest: string }[];
    expect(digestsOf(report)).toEqual([proposal?.change_set_digest]);
    expect(message).toContain(`Peak-Digest: ${proposal?.change_set_digest}`);
  });

  test('with --dry-run asks, and writes nothing', async () => {
    const place = await githubPlace();
    const clone = await place.clone();
    const report = await clone.published({ dryRun: true });
    expect(report.branches).toMatchObject([{ branch: MANUAL, state: 'dry_run', pull: null }]);
    expect(callsSeen(place).writes).toBe(0);
  });

  test('with the token of a workflow opens the manual lane only, and says so', async () => {
    const place = await githubPlace((folder) => folder.setMode('bounded_auto'));
    const clone = await place.clone();
    const variables = await workflowVariables(place);
    const report = await clone.published({ variables });
    expect(report).toMatchObject({
      publisher: { kind: 'token', login: 'github-actions[bot]' },
      mode: { mode: 'manual_only' },
    });
    expect(report.derivation.proposals[0]?.meta.requestedMode).toBe('manual_only');
    expect((await place.pull(1)).user.login).toBe('github-actions[bot]');
    expect((await clone.published({ variables })).branches).toMatchObject([{ state: 'unchanged' }]);
  });

  test('publishes a governed folder below the top of the repository, on a default branch of any name', async () => {
    const place = await githubPlace(undefined, { defaultBranch: 'live', folder: 'desk' });
    const clone = await place.clone();
    clone.write(`${EVIDENCE}/new.json`, patch());
    expect((await clone.published()).branches).toMatchObject([{ state: 'created' }]);
    const pull = await place.pull(1);
    expect(pull.base.ref).toBe('live');
    expect(pull.body).toContain(`/blob/${pull.head.sha}/desk/reports/live_promotion/`);
    expect(await place.filesOf(1)).toContain(`desk/${EVIDENCE}/new.json`);
  });
});

describe('the same again', () => {
  test('writes nothing, in at most 8 reads, also with new supporting evidence and at another time', async () => {
    const place = await githubPlace(withoutResearch);
    const clone = await place.clone();
    clone.write(`${EVIDENCE}/new.json`, patch({ new_value: 1.25 }));
    const first = await clone.published();
    const before = await place.pull(1);
    for (const later of [0, 3_600_000]) {
      place.wait(later);
      place.forge.requests.splice(0);
      if (later > 0) clone.write(`${EVIDENCE}/support.json`, patch({ new_value: 1.25, id: 'support' }));
      const again = await clone.published();
      expect(again.branches).toMatchObject([{ state: 'unchanged', pull: { number: 1, state: 'unchanged' } }]);
      expect(digestsOf(again)).toEqual(digestsOf(first));
      const { reads, writes } = callsSeen(place);
      expect(writes).toBe(0);
      expect(reads).toBeLessThanOrEqual(8);
      expect(callsToldBy(again)).toEqual(callsSeen(place));
    }
    expect(await place.pull(1)).toEqual(before);
  });

  test('in two clones at once makes one pull request', async () => {
    const place = await githubPlace();
    const clones = [await place.clone(), await place.clone(), await place.clone()];
    const reports = await Promise.all(clones.map((clone) => clone.published()));
    expect(await place.pulls()).toHaveLength(1);
    expect(new Set(reports.map(({ branches }) => branches[0]?.commit)).size).toBe(1);
    expect(reports.map(({ branches }) => branches[0]?.pull?.number)).toEqual([1, 1, 1]);
  });
});

/** Queries of GraphQL are held against its schema on the wire (request-shapes.test.ts). */
const OF_REST = Object.entries(OPERATIONS).filter(([, { path }]) => path !== GRAPHQL_PATH);

test.each(OF_REST)('the request %s is one of GitHub’s own description', (_, operation) => {
  const { method, path } = operation;
  const found = findOperation(
    method,
    path.replaceAll(/\{(\w+)\}/g, (_all, name) => (name === 'basehead' ? 'a...b' : '1')),
  );
  expect(found?.operation.path).toBe(path);
});
