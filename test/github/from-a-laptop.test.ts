/** An operator without the judge and without a workflow: one line opens the killswitch's pull request, as that operator. */
import { expect, test } from 'vitest';
import { answerOf } from '../support/cli/answer.ts';
import { runPeak } from '../support/cli/run-peak.ts';
import { type Clone, type GitHubPlace, githubPlace } from '../support/github/github-place.ts';

async function prepared(): Promise<{ place: GitHubPlace; clone: Clone }> {
  const place = await githubPlace((folder) =>
    folder.write('config/live_overrides/auto.toml', '[auto_applied]\n"portfolio.leverage" = 1.25\n'),
  );
  return { place, clone: await place.clone() };
}

/** Runs a command as on a laptop on which the judge's environment was loaded. */
function run({ place, clone }: { place: GitHubPlace; clone: Clone }, ...args: readonly string[]) {
  const { GITHUB_REPOSITORY: name = '', ...variables } = clone.variables();
  const env = {
    ...variables,
    WEBHOOK_SECRET: 'of-the-judge',
    GITHUB_TOKEN: place.forge.tokenOf(place.operator),
    SOURCE_DATE_EPOCH: String(place.now() / 1000),
  };
  return runPeak(clone, [...args, '--publish', 'github', '--repository', name, '--json'], { env });
}

test.each([
  ['disable', ['disable', '--reason', 'stop'], ['config/promotion.toml']],
  ['rollback', ['rollback', '--all'], expect.arrayContaining(['config/live_overrides/auto.toml'])],
])('peak %s opens one pull request as the operator, and none as the judge', async (_, args, files) => {
  const prepare = await prepared();
  const { place } = prepare;
  const first = await run(prepare, ...args);
  expect([first.exitCode, answerOf(first)['pull_request']]).toMatchObject([
    0,
    { number: 1, state: 'opened' },
  ]);
  expect(await place.pull(1)).toMatchObject({ state: 'open', user: { login: place.operator.login } });
  expect(await place.filesOf(1)).toEqual(files);
  const again = await run(prepare, ...args);
  expect(answerOf(again)['pull_request']).toMatchObject({ number: 1, state: 'already_open' });
});

test('a cycle never publishes as a person', async () => {
  const prepare = await prepared();
  const answer = answerOf(await run(prepare, 'cycle'));
  expect(answer.problems.map(({ code }) => code)).toEqual(['CREDENTIALS_INVALID']);
  expect(await prepare.place.pulls()).toEqual([]);
});

test.each([
  ['nonsense', 'github'],
  ['acme/..', 'github'],
  ['acme/trading', 'none'],
])('--repository %s with --publish %s is refused', async (name, where) => {
  const { clone } = await prepared();
  const words = ['disable', '--repository', name, '--publish', where, '--json'];
  const told = await runPeak(clone, words);
  expect([told.exitCode, answerOf(told).problems.map(({ code }) => code)]).toEqual([2, ['ARGUMENT_INVALID']]);
});
