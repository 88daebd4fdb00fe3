import type { World } from '../../compose.ts';
import {
  changePolicy,
  findHoldFaults,
  findReasonFaults,
  findReleaseFaults,
  type PolicyRequest,
} from '../../cycles/change-policy.ts';
import type { Mode } from '../../governance/index.ts';
import { type Instant, parseInstant } from '../../kernel/instant.ts';
import { problem } from '../../kernel/problem.ts';
import { fail, ok, type Result } from '../../kernel/result.ts';
import { policyChangeJson, policyChangeText } from '../../reports/policy-change.ts';
import { type ChangePlaceOptions, openChangePlace } from '../change-place.ts';
import { type Answer, answer, type CommonOptions, type Streams } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { withWorld } from '../with-world.ts';

interface PolicyOptions extends CommonOptions, ChangePlaceOptions {
  readonly reason?: string;
  readonly mode?: Mode;
  readonly until?: string;
}

/** `peak disable`, `peak enable`. */
export function setMode(
  kind: 'disable' | 'enable',
): (args: string[], options: PolicyOptions, streams: Streams) => Promise<ExitCode> {
  return (_, options, streams) =>
    withWorld(options, streams, (world) => {
      const faults = options.reason === undefined ? [] : findReasonFaults(options.reason);
      if (faults.length > 0) return fail(...faults);
      const mode = kind === 'disable' ? 'disabled' : (options.mode ?? null);
      return run(world, options, { kind: 'mode', mode, reason: options.reason ?? null });
    });
}

/** `peak hold TARGET`. */
export function hold([target = '']: string[], options: PolicyOptions, streams: Streams): Promise<ExitCode> {
  return withWorld(options, streams, (world) => {
    const { reason = '' } = options;
    const faults = findHoldFaults(world.workTree, target, reason);
    const until = readUntil(options.until, world.clock);
    if (faults.length > 0 || !until.ok) return fail(...faults, ...until.problems);
    return run(world, options, { kind: 'hold', target, reason, until: until.value });
  });
}

/** `peak release TARGET`. */
export function release(
  [target = '']: string[],
  options: PolicyOptions,
  streams: Streams,
): Promise<ExitCode> {
  return withWorld(options, streams, (world) => {
    const { reason = '' } = options;
    const faults = findReleaseFaults(target, reason);
    return faults.length > 0 ? fail(...faults) : run(world, options, { kind: 'release', target, reason });
  });
}

function readUntil(text: string | undefined, clock: Instant): Result<Instant | null> {
  if (text === undefined) return ok(null);
  const until = parseInstant(text);
  if (until !== null && until > clock) return ok(until);
  const reason = until === null ? 'is no ISO 8601 time' : 'is not in the future';
  return fail(
    problem('ARGUMENT_INVALID', { argument: '--until', reason, hint: '--until 2026-12-01T00:00:00Z' }),
  );
}

async function run(world: World, options: PolicyOptions, request: PolicyRequest): Promise<Result<Answer>> {
  const place = await openChangePlace(world, options);
  if (!place.ok) return place;
  // The killswitch and a hold read the policy and nothing else.
  const needsLog = request.kind === 'release' || (request.kind === 'mode' && request.mode === null);
  const log = needsLog ? await world.openRepository() : null;
  const report = await changePolicy(place.value, request, {
    clock: world.clock,
    dryRun: options.dryRun === true,
    log,
  });
  return answer(report, (view) => ({
    json: () => policyChangeJson(view),
    text: (style) => policyChangeText(view, style),
    warnings: report.problems,
  }));
}
