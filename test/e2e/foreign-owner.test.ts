/** A repository that belongs to somebody else: git refuses it until it is told to trust it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerOf, type CycleAnswer } from '../support/cli/answer.ts';
import { type GitFolder, gitFolder } from '../support/cli/git-folder.ts';
import { temporaryFolder } from '../support/cli/governed-folder.ts';
import { type Run, runPeak } from '../support/cli/run-peak.ts';

/** Git's own switch for its tests makes the real git see another owner, also where a test may not change one. */
function runAsStranger(folder: GitFolder, args: readonly string[]): Promise<Run> {
  const bin = temporaryFolder();
  const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  writeFileSync(join(bin, 'git'), `#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec "${git}" "$@"\n`);
  chmodSync(join(bin, 'git'), 0o755);
  return runPeak(folder, args, { env: { PATH: `${bin}:${process.env['PATH']}` } });
}

function baseCommitOf(folder: GitFolder, answer: CycleAnswer): unknown {
  const [proposal] = answer.proposals;
  return JSON.parse(folder.read(`${proposal?.path}/proposal_meta.json`)).base_commit;
}

describe.each([['promote'], ['cycle']])('peak %s in a repository of somebody else', (command) => {
  test('does its work as outside of Git, and says so with the way to trust it', async () => {
    const folder = gitFolder();
    const run = await runAsStranger(folder, [command, '--json']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    const answer = answerOf<CycleAnswer>(run);
    expect(answer.problems.map(({ code, severity }) => [code, severity])).toEqual([
      ['BASE_COMMIT_UNKNOWN', 'warning'],
    ]);
    expect(answer.problems[0]?.hint).toContain(`git config --global --add safe.directory ${folder.root}`);
    expect(baseCommitOf(folder, answer)).toBeNull();
    const text = await runAsStranger(folder, [command]);
    expect(text.stderr).toContain('safe.directory');
  });

  test('records the base commit, without a word, when it is one of ours', async () => {
    const folder = gitFolder();
    const run = await runPeak(folder, [command, '--json']);
    const answer = answerOf<CycleAnswer>(run);
    expect(answer.problems).toEqual([]);
    expect(baseCommitOf(folder, answer)).toBe(folder.git('rev-parse', 'HEAD'));
  });
});

test('peak cycle --publish branch in a repository of somebody else: exit 3 with the way to trust it', async () => {
  const folder = gitFolder();
  const before = folder.standing();
  const run = await runAsStranger(folder, ['cycle', '--publish', 'branch', '--json']);
  expect(run.exitCode).toBe(3);
  expect(JSON.parse(run.stdout).failure).toMatchObject({
    code: 'GIT_REFUSED',
    hint: expect.stringContaining(`git config --global --add safe.directory ${folder.root}`),
  });
  expect(run.stderr).toContain('safe.directory');
  expect(folder.standing()).toEqual(before);
  expect(existsSync(folder.path('.peak'))).toBe(false);
});
