import { loadLiveConfigFromDisk, openAckFolder } from '../../compose.ts';
import type { LoadAck } from '../../cycles/load-ack-schema.ts';
import { acknowledgeLoad } from '../../cycles/load-acks.ts';
import { warning } from '../../kernel/problem.ts';
import type { Result } from '../../kernel/result.ts';
import type { PeakConfig } from '../../liveconfig/index.ts';
import { ackText } from '../../reports/status-report.ts';
import { answer, type CommonOptions, respond, type Streams } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';

interface AckOptions extends CommonOptions {
  readonly session: string;
  readonly digest?: string;
  readonly acks?: string;
}

interface AckCommandOptions extends AckOptions {
  readonly env?: string;
  readonly force?: boolean;
  readonly overrides: boolean;
}

/** `peak ack`. */
export async function ack(_: string[], options: AckCommandOptions, streams: Streams): Promise<ExitCode> {
  const { root, env, force, digest, session } = options;
  const overrides = options.overrides ? undefined : false;
  const loaded = loadLiveConfigFromDisk({ root, env, force, overrides, variables: streams.variables });
  if (!loaded.ok) return respond(streams, options, loaded);
  const said = await acknowledge(loaded.value, options, streams);
  const here = loaded.value.digest;
  const differs =
    digest === undefined || digest === here
      ? []
      : [warning('ACK_DIFFERS', { session, said: digest.slice(0, 12), here: here.slice(0, 12) })];
  return respond(
    streams,
    options,
    answer(said, (noted) => ({
      json: () => ({ ack: noted, state: options.dryRun === true ? 'dry_run' : 'written' }),
      text: () => ackText(noted),
      warnings: [...differs, ...loaded.problems],
    })),
  );
}

/** Notes what a session loaded, in the folder that the options name. */
export async function acknowledge(
  config: PeakConfig,
  { root, session, digest, acks, dryRun }: AckOptions,
  { variables }: Streams,
): Promise<Result<LoadAck>> {
  const { readClock } = await import('../../adapters/clock.ts');
  const now = readClock(variables);
  if (!now.ok) return now;
  const folder = await openAckFolder(root, acks);
  return acknowledgeLoad(folder, {
    session,
    config,
    digest: digest ?? null,
    now: now.value,
    dryRun: dryRun === true,
  });
}
