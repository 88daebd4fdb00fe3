/**
 * A `.gitignore` passes the judge as unrelated. Whoever merges one, or plants a repository inside the evidence, hopes that the
 * contradicting signal counts on the operator's machine and is missing where it is published.
 */
import { expect, test } from 'vitest';
import { answerOf } from '../support/cli/answer.ts';
import { type GitFolder, gitFolder } from '../support/cli/git-folder.ts';
import { runPeak } from '../support/cli/run-peak.ts';

const MANUAL = 'peak/promotion/manual';
const EVIDENCE = 'reports/learning_snippets';

function leverage(value: number): string {
  const patch = { target: 'portfolio.leverage', new_value: value, confidence_score: 0.95 };
  return `${JSON.stringify({ ...patch, generated_at: '2026-11-21T12:00:00Z' })}\n`;
}

function publish(folder: GitFolder) {
  return runPeak(folder, ['cycle', '--publish', 'branch', '--json']);
}

/** A folder with one signal upwards and one downwards, of which an attacker wants to lose the second. */
function contradicted(down: string): GitFolder {
  const folder = gitFolder();
  folder.write(`${EVIDENCE}/up.json`, leverage(1.2));
  folder.write(`${EVIDENCE}/${down}`, leverage(0.9));
  return folder;
}

test.each([
  ['a committed .gitignore', '.gitignore', 'down*'],
  ['one in the evidence folder', `${EVIDENCE}/.gitignore`, '*'],
  ['the exclude file of the clone', '.git/info/exclude', '*.json'],
  ['a whole folder', '.gitignore', 'reports/'],
])('evidence that %s hides is published all the same', async (_, file, pattern) => {
  const folder = contradicted('down.json');
  folder.write(file, `${pattern}\n`);
  const run = await publish(folder);
  expect(run.exitCode).toBe(0);
  for (const name of ['up.json', 'down.json'])
    expect(folder.changesOf(MANUAL)).toContain(`A ${EVIDENCE}/${name}`);
});

test('evidence in a repository inside the folder stops the publication', async () => {
  const folder = contradicted('inner/down.json');
  const inner = `${folder.root}/${EVIDENCE}/inner`;
  folder.git('-C', inner, 'init', '--quiet');
  folder.git('-C', inner, 'add', '--all');
  folder.git('-C', inner, 'commit', '--quiet', '--message', 'mine');
  const run = await publish(folder);
  expect(run.exitCode).toBe(2);
  expect(answerOf(run).problems).toMatchObject([{ code: 'INNER_REPOSITORY', file: `${EVIDENCE}/inner/` }]);
  expect(folder.branches()).not.toHaveProperty(MANUAL);
});
