/** What operators' commands publish is what the judge takes it for: nothing but approvals is left open. */
import { expect, test } from 'vitest';
import { answerOf } from '../support/cli/answer.ts';
import { runHere } from '../support/cli/run-here.ts';
import { PromotedFolder } from '../support/history/promoted-folder.ts';

interface Verdict {
  readonly conclusion: string;
  readonly class: string;
  readonly rules: readonly { readonly rule: string; readonly outcome: string }[];
}

test.each<readonly [string, readonly string[]]>([
  ['rollback', ['rollback', '--target', 'portfolio.leverage']],
  ['rollback', ['rollback', '--all']],
  ['policy', ['disable']],
  ['policy', ['hold', 'portfolio.leverage', '--reason', 'drawdown']],
  ['policy', ['release', 'portfolio.leverage', '--reason', 'calm']],
])('class %s: peak %j', async (kind, args) => {
  const tree = new PromotedFolder();
  tree.promote({ 'portfolio.leverage': 1.25, 'macro.regime_weight': 0.1 });
  tree.promote({ 'portfolio.leverage': 1.5 });
  const made = await runHere(tree.folder, [...args, '--publish', 'branch', '--json']);
  const { branch } = answerOf(made) as unknown as { branch: string };
  // Whoever judges refuses a fixed clock.
  const run = await runHere(tree.folder, ['check', '--base', 'main', '--head', branch, '--json'], {
    env: { SOURCE_DATE_EPOCH: '' },
  });
  const verdict = answerOf(run) as unknown as Verdict;
  expect([verdict.conclusion, verdict.class]).toEqual(['action_required', kind]);
  const open = verdict.rules.filter(({ outcome }) => !['passed', 'noted'].includes(outcome));
  expect(open.map(({ rule }) => rule)).toEqual(['agreement']);
});
