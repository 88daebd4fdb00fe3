import { openAckFolder, type World } from '../../compose.ts';
import { compareSessions, openMergedState, type SessionState } from '../../cycles/compare-sessions.ts';
import { withMore } from '../../cycles/gather.ts';
import { readLoadAcks } from '../../cycles/load-acks.ts';
import { readStatus } from '../../cycles/status.ts';
import { formatInstant } from '../../kernel/instant.ts';
import { type Problem, problem, warning } from '../../kernel/problem.ts';
import { fail, ok, type Result } from '../../kernel/result.ts';
import { statusJson, statusText } from '../../reports/status-report.ts';
import { answer, type CommonOptions, progressOf, type Streams } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { readWaiting } from '../read-waiting.ts';
import { withWorld } from '../with-world.ts';

interface StatusOptions extends CommonOptions {
  readonly acks?: string;
  readonly maxLag: string;
}

/** `peak status`. Always ends with 0 when it can be told: what is an incident stands in the answer. */
export function status(_: string[], options: StatusOptions, streams: Streams): Promise<ExitCode> {
  return withWorld(options, streams, async (world) => {
    const found = readStatus(world.workTree, { clock: world.clock, onProgress: progressOf(streams) });
    const sessions = await readSessions(world, options);
    if (!sessions.ok) return sessions;
    const { waiting, warnings } = await readWaiting(world, options.root);
    const problems = [...sessions.problems, ...warnings];
    return answer(found, ({ gathered, ...report }) => {
      const view = { ...gathered, ...report, sessions: sessions.value, waiting };
      return {
        json: () => statusJson(view),
        text: (style) => statusText(view, style),
        ...withMore(gathered.warnings, problems),
      };
    });
  });
}

async function readSessions(world: World, options: StatusOptions): Promise<Result<readonly SessionState[]>> {
  const maxLagMinutes = Number(options.maxLag);
  if (!/^\d{1,6}$/.test(options.maxLag)) {
    const reason = 'is no whole number of minutes';
    return fail(problem('ARGUMENT_INVALID', { argument: '--max-lag', reason, hint: '--max-lag 15' }));
  }
  const { acks, problems } = readLoadAcks(await openAckFolder(options.root, options.acks));
  if (acks.length === 0) return ok([], problems);
  const merged = await openMergedState(await world.openRepository(), world.workTree);
  const sessions = compareSessions(acks, merged, { now: world.clock, maxLagMinutes });
  return ok(sessions, [...sessions.flatMap(incidentOf), ...problems]);
}

function incidentOf({ ack, state, since }: SessionState): readonly Problem[] {
  if (state !== 'incident') return [];
  const when = since === null || since === 0 ? 'an unknown time' : formatInstant(since);
  return [warning('LOAD_INCIDENT', { session: ack.session, since: when })];
}
