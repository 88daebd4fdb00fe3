import type { World } from '../../compose.ts';
import { type PublishReport, publishCycle } from '../../cycles/publish-cycle.ts';
import { problem } from '../../kernel/problem.ts';
import { fail } from '../../kernel/result.ts';
import { jobSummary, stepOutputs } from '../../reports/actions-report.ts';
import { publishJson, publishText } from '../../reports/publish-report.ts';
import { reportStep, stepStreams } from '../actions-step.ts';
import { answer, progressOf, type Streams } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { findRepositoryFault } from '../repository-fault.ts';
import { withWorld } from '../with-world.ts';
import { type PromoteOptions, promoteLocally } from './promote.ts';

interface CycleOptions extends PromoteOptions {
  readonly publish: 'none' | 'branch' | 'github';
  readonly repository?: string;
}

/** `peak cycle`. */
export function cycle(_: string[], options: CycleOptions, given: Streams): Promise<ExitCode> {
  const streams = stepStreams(given);
  const { publish, repository } = options;
  return withWorld(options, streams, (world) => {
    const fault = findRepositoryFault({ publish, repository });
    if (fault !== null) return fail(fault);
    return publish === 'none'
      ? promoteLocally(world, options, streams, true)
      : reportStep(given, () => publishTo(publish, world, options, streams));
  });
}

async function publishTo(
  where: 'branch' | 'github',
  world: World,
  options: CycleOptions,
  streams: Streams,
): ReturnType<Parameters<typeof reportStep>[1]> {
  if (options.policy !== undefined) {
    const reason = 'answers "what if" and can publish nothing';
    return fail(
      problem('ARGUMENT_INVALID', { argument: '--policy', reason, hint: `leave out --publish ${where}` }),
    );
  }
  const publishing = await world.openPublishing(where, {
    askedBy: 'publisher',
    repository: options.repository,
  });
  if (!publishing.ok) return publishing;
  const report = await publishCycle(
    { ...publishing.value, workTree: world.workTree },
    {
      clock: world.clock,
      requestedMode: options.autoApplyMode ?? null,
      dryRun: options.dryRun === true,
      onProgress: progressOf(streams),
    },
  );
  return answer(report, (published) => {
    const view = viewOf(published);
    return {
      step: { outputs: stepOutputs(view), summary: jobSummary(view, published.gathered.warnings.warnings) },
      json: () => publishJson(view),
      text: (style) => publishText(view, style),
      exitCode: view.branches.some(({ state }) => state === 'hands_off') ? EXIT.no : EXIT.done,
      ...published.gathered.warnings,
    };
  });
}

/** Proposals stand on their branches; nothing of the work tree changed. */
function viewOf({ gathered, mode, derivation, ...published }: PublishReport) {
  const { newEvidence, branches, publisher, calls } = published;
  return {
    evidence: gathered.evidence,
    mode,
    derivation,
    proposals: [],
    offline: null,
    autoToml: null,
    newEvidence,
    branches,
    publisher,
    calls,
  };
}
