import type { World } from '../../compose.ts';
import { type PublishReport, publishBranch } from '../../cycles/publish-branch.ts';
import { problem } from '../../kernel/problem.ts';
import { fail, type Result } from '../../kernel/result.ts';
import { publishJson, publishText } from '../../reports/publish-report.ts';
import { type Answer, answer, progressOf, type Streams } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { withWorld } from '../with-world.ts';
import { type PromoteOptions, promoteLocally } from './promote.ts';

interface CycleOptions extends PromoteOptions {
  readonly publish: 'none' | 'branch';
}

/** `peak cycle`. */
export function cycle(_: string[], options: CycleOptions, streams: Streams): Promise<ExitCode> {
  return withWorld(options, streams, (world) =>
    options.publish === 'none'
      ? promoteLocally(world, options, streams, true)
      : publish(world, options, streams),
  );
}

async function publish(world: World, options: CycleOptions, streams: Streams): Promise<Result<Answer>> {
  if (options.policy !== undefined) {
    const reason = 'answers "what if" and can publish nothing';
    return fail(
      problem('ARGUMENT_INVALID', { argument: '--policy', reason, hint: 'leave out --publish branch' }),
    );
  }
  const repository = await world.openRepository();
  if (repository === null) return fail(problem('NOT_A_REPOSITORY', {}, { file: options.root }));
  const report = await publishBranch(repository, world.workTree, {
    clock: world.clock,
    requestedMode: options.autoApplyMode ?? null,
    dryRun: options.dryRun === true,
    onProgress: progressOf(streams),
  });
  return answer(report, (published) => {
    const view = viewOf(published);
    return {
      json: () => publishJson(view),
      text: (style) => publishText(view, style),
      ...published.gathered.warnings,
    };
  });
}

/** Proposals stand on their branches; nothing of the work tree changed. */
function viewOf({ gathered, mode, derivation, newEvidence, branches }: PublishReport) {
  return {
    evidence: gathered.evidence,
    mode,
    derivation,
    proposals: [],
    autoToml: null,
    newEvidence,
    branches,
  };
}
