/** `peak audit`: exit codes, words and JSON, also about what somebody hostile has pushed. */
import { expect, test } from 'vitest';
import { answerOf, placesOf } from '../support/cli/answer.ts';
import { gitFolder } from '../support/cli/git-folder.ts';
import { governedFolder } from '../support/cli/governed-folder.ts';
import { runHere } from '../support/cli/run-here.ts';

const AUTO = 'config/live_overrides/auto.toml';
const REAL_CLOCK = { env: { SOURCE_DATE_EPOCH: '' } };
const auditOf = (folder: ReturnType<typeof gitFolder>, ...args: readonly string[]) =>
  runHere(folder, ['audit', ...args], REAL_CLOCK);

test('everything explained is exit code 0, a deviation 1, and --since tells only what came later', async () => {
  const folder = gitFolder();
  expect((await auditOf(folder)).exitCode).toBe(0);
  folder.write(AUTO, '[auto_applied]\n"portfolio.leverage" = 10.0\n');
  const commit = folder.commitAll();
  const run = await auditOf(folder, '--json');
  expect(run.exitCode).toBe(1);
  expect(answerOf(run)).toMatchObject({ explained: false, base: commit, verdicts_since: null });
  const deviations = answerOf(run)['deviations'] as readonly Record<string, unknown>[];
  expect(deviations.map(({ code, state }) => `${code} ${state}`)).toEqual([
    'UNEXPLAINED open',
    'HARD_LIMIT open',
  ]);
  expect(deviations[0]).toMatchObject({ commit, author: 'Somebody <somebody@example.org>', files: [AUTO] });
  expect((await auditOf(folder, '--since', '2027-01-01')).exitCode).toBe(0);
});

test('names of people and files cannot bend a terminal', async () => {
  const folder = gitFolder();
  const name = 'reports/learning_snippets/\u001b[2Jx.json';
  folder.write(name, '{}\n');
  folder.commitAll();
  folder.remove(name);
  folder.git('add', '--all');
  folder.git('commit', '--quiet', '--message', 'gone', '--author', 'Eve\u001b]0;pwned\u0007 <e@example.org>');
  const run = await auditOf(folder);
  expect(run.exitCode).toBe(1);
  expect(run.stdout).toContain('EVIDENCE_DELETED');
  expect(run.stdout).not.toMatch(/[\u001b\u0007]/);
});

test('what cannot be audited is exit code 2', async () => {
  const folder = gitFolder();
  const told = async (...args: readonly string[]) => {
    const run = await auditOf(folder, '--json', ...args);
    return [run.exitCode, ...placesOf(answerOf(run))];
  };
  expect(await told('--base', 'nowhere')).toEqual([2, 'ARGUMENT_INVALID']);
  expect(await told('--since', 'once')).toEqual([2, 'ARGUMENT_INVALID']);
  const fixed = await runHere(folder, ['audit', '--json']);
  expect([fixed.exitCode, ...placesOf(answerOf(fixed))]).toEqual([2, 'ARGUMENT_INVALID']);
  const outside = await runHere(governedFolder(), ['audit', '--json'], REAL_CLOCK);
  expect([outside.exitCode, placesOf(answerOf(outside))[0]?.split(' ')[0]]).toEqual([2, 'NOT_A_REPOSITORY']);
});
