import { formatInstant, HOUR_MS } from '../kernel/instant.ts';
import type { JudgeDesk } from './judge-desk.ts';
import { raiseIssue } from './raise-issue.ts';

/** The workflow whose runs are cycles. */
const CYCLE_WORKFLOW = 'promotion-cycle.yml';

/** A schedule counts as stopped when no cycle has ended well for so long, in milliseconds (issue: 36 hours). */
const SILENT_MS = 36 * HOUR_MS;

/** Raises one issue when the nightly cycle has stopped; what cannot be found out raises none, and is answered as `unknown`. */
export async function watchSchedule(desk: JudgeDesk): Promise<'running' | 'stopped' | 'unknown'> {
  const latest = await desk.access.latestRun(CYCLE_WORKFLOW);
  if (latest === null) return 'unknown';
  // A repository whose first night is yet to come has nothing that could have stopped.
  const seen = latest === 'never' ? desk.memory.since : latest;
  if (desk.clock() - seen < SILENT_MS) return 'running';
  const since =
    latest === 'never'
      ? 'No run of it has ever succeeded.'
      : `Its last good run ended at ${formatInstant(latest)}.`;
  await raiseIssue(desk, {
    name: 'schedule',
    title: 'The promotion cycle has stopped',
    body: [
      `\`${CYCLE_WORKFLOW}\` has not succeeded for 36 hours. ${since}`,
      '',
      'Open proposals grow stale, and new evidence is not collected. GitHub switches schedules off in repositories without activity for',
      '60 days, and a failing producer fails the run: look at the workflow on the Actions page, mend or enable it, and close this issue.',
      '',
    ].join('\n'),
  });
  return 'stopped';
}
