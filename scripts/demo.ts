/**
 * `npm run demo`: the main job on the sample evidence, against a local GitHub on loopback that a real judge guards: a night's job opens a
 * pull request, it cannot be merged before an operator agrees, sessions load it, a leverage of 10 is refused, and one parameter is
 * rolled back. Nothing outside a temporary folder is touched, and no account, key or network is needed. The clock stands on the
 * evening of the sample evidence.
 */
import { dirname } from 'node:path';
import colors from 'picocolors';
import { approve, attack, merge, newestPull, showCheck, showNote, showPull } from './demo/on-github.ts';
import { cloneHere, git, showPeak } from './demo/run.ts';
import { buildStage, EVIDENCE, leaveEvidence, removeClone, type Stage } from './demo/stage.ts';

const TARGET = 'portfolio.leverage';

function heading(title: string): void {
  console.log(`\n${colors.bold(colors.cyan(`── ${title}`))}\n`);
}

async function promote(stage: Stage): Promise<void> {
  heading('1. The night left evidence');
  leaveEvidence(stage.folder);
  await showPeak(stage, 'signals');

  heading('2. The scheduled job: both loops, and one pull request on a local GitHub');
  await showPeak(stage, 'cycle', '--publish', 'github');
  await git(stage, 'clean', '--quiet', '--force', EVIDENCE);

  heading('3. What operators see');
  const promotion = await newestPull(stage);
  await showPull(stage, promotion);

  heading('4. The judge derives everything again, byte for byte, and waits for an operator');
  await showCheck(stage, promotion, 'action_required');
  await merge(stage, promotion, 405);

  heading('5. An operator agrees: merging is the promotion');
  stage.wait(10);
  await approve(stage, promotion);
  await showCheck(stage, promotion, 'success');
  await merge(stage, promotion, 200);
  for (const mode of ['paper', 'live']) await showPeak(stage, 'config', 'get', TARGET, '--env', mode);
  await showPeak(stage, 'config', 'diff', '--env', 'live');

  heading('6. The judge notes its verdict on the merge');
  await showNote(stage);
}

async function refuseAndRollBack(stage: Stage): Promise<void> {
  heading('7. Somebody else wants a leverage of 10');
  stage.wait(10);
  const attacked = await attack(stage);
  await showCheck(stage, attacked, 'failure');
  await merge(stage, attacked, 405);

  heading('8. Reverting is the rollback, of one parameter, and the others stay');
  stage.wait(10);
  const reason = 'drawdown since the promotion';
  await showPeak(stage, 'rollback', '--target', TARGET, '--reason', reason, '--publish', 'github');
  const rollback = await newestPull(stage);
  await approve(stage, rollback);
  await showCheck(stage, rollback, 'success');
  await merge(stage, rollback, 200);
  await showPeak(stage, 'config', 'get', TARGET, '--env', 'live');

  heading('9. Git history is the audit');
  await git(stage, 'fetch', '--quiet', 'origin', 'refs/notes/peak:refs/notes/peak');
  await showPeak(stage, 'audit');
  await showPeak(stage, 'history', TARGET);
}

function showPlaces({ folder }: Stage): void {
  heading('Where to look');
  console.log(`The clone of this demo        ${folder}
Evidence                      ${EVIDENCE}/
The proposal                  reports/live_promotion/
What goes live                config/live_overrides/auto.toml
The policy                    config/promotion.toml
The judge's verdicts          git log --notes=peak
Nothing else was written; away with it   rm -r ${dirname(folder)}

Try your own: peak signal emit --help, then peak cycle; docs/quickstart.md is the tour.`);
}

const stage = await buildStage();
try {
  await cloneHere(stage);
  await promote(stage);
  await refuseAndRollBack(stage);
  showPlaces(stage);
} catch (error) {
  removeClone(stage);
  throw error;
} finally {
  await stage.close();
}
