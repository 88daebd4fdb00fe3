import type { World } from '../../compose.ts';
import { findReleaseFaults } from '../../cycles/change-policy.ts';
import { declineChange } from '../../cycles/decline-change.ts';
import { problem } from '../../kernel/problem.ts';
import { fail, ok, type Result } from '../../kernel/result.ts';
import { declineJson, declineText } from '../../reports/decline-report.ts';
import { type Answer, answer, type CommonOptions, type Streams } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { findRepositoryFault } from '../repository-fault.ts';
import { withWorld } from '../with-world.ts';

interface DeclineOptions extends CommonOptions {
  readonly pull: string;
  readonly reason: string;
  readonly repository?: string;
}

/** `peak decline TARGET --pull N`. */
export function decline(
  [target = '']: string[],
  options: DeclineOptions,
  streams: Streams,
): Promise<ExitCode> {
  return withWorld(options, streams, (world) => {
    const pull = readNumber(options.pull);
    const faults = [...findReleaseFaults(target, options.reason)];
    const fault = findRepositoryFault({ publish: 'github', repository: options.repository });
    if (fault !== null) faults.push(fault);
    if (!pull.ok || faults.length > 0) return fail(...faults, ...pull.problems);
    return run(world, target, { ...options, pull: pull.value });
  });
}

/** GitHub's numbers are safe integers. */
function readNumber(text: string): Result<number> {
  if (/^[1-9]\d{0,14}$/.test(text)) return ok(Number(text));
  return fail(problem('ARGUMENT_INVALID', { argument: '--pull', reason: 'is no number', hint: '--pull 12' }));
}

async function run(
  world: World,
  target: string,
  { pull, reason, repository, dryRun = false }: Omit<DeclineOptions, 'pull'> & { readonly pull: number },
): Promise<Result<Answer>> {
  const publishing = await world.openPublishing('github', { askedBy: 'publisher', repository });
  if (!publishing.ok) return publishing;
  const request = { target, pull, reason, clock: world.clock, dryRun };
  return answer(await declineChange(publishing.value, request), (report) => ({
    json: () => declineJson(report),
    text: (style) => declineText(report, style),
    warnings: [],
  }));
}
