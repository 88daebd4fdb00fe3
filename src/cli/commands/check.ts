import { findGovernedAbove, type World } from '../../compose.ts';
import { checkChange } from '../../cycles/check-change.ts';
import { problem } from '../../kernel/problem.ts';
import { fail } from '../../kernel/result.ts';
import { checkJson, checkText } from '../../reports/check-report.ts';
import { checkStep } from '../../reports/check-step.ts';
import { reportStep, stepStreams } from '../actions-step.ts';
import { answer, type CommonOptions, respond, type Streams } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { findFixedClock } from '../refuse-fixed-clock.ts';
import { withWorld } from '../with-world.ts';

interface CheckOptions extends CommonOptions {
  readonly base: string;
  readonly head: string;
}

/** Judging one change may take this long (judge.md §7); an ordinary one takes a fraction of a second. */
const MAX_JUDGING_MS = 30_000;

/** `peak check`. A fixed clock would let expired evidence count, so it is refused (product.md §9). */
export function check(_: string[], options: CheckOptions, given: Streams): Promise<ExitCode> {
  const streams = stepStreams(given);
  const fault = findFixedClock(streams);
  if (fault !== null) return Promise.resolve(respond(streams, options, fail(fault)));
  const deadline = Date.now() + MAX_JUDGING_MS;
  return withWorld(options, streams, (world) => reportStep(given, () => judgeRefs(world, options, deadline)));
}

async function judgeRefs(
  world: World,
  { root, base, head }: CheckOptions,
  deadline: number,
): ReturnType<Parameters<typeof reportStep>[1]> {
  const repository = await world.openRepository();
  if (repository === null) return fail(problem('NOT_A_REPOSITORY', {}, { file: root }));
  const isOverdue = () => Date.now() > deadline;
  const checked = await checkChange(repository, { base, head, now: world.clock, isOverdue });
  // A subfolder of a governed one: its answer would be true, and about nothing.
  if (checked.ok && !checked.value.isGoverned && findGovernedAbove(root) !== null)
    return fail(problem('NOT_GOVERNED', {}, { file: root }));
  return answer(checked, ({ verdict, autoToml }) => ({
    step: checkStep(verdict, autoToml),
    json: () => checkJson(verdict),
    text: (style) => checkText(verdict, style),
    warnings: [],
    exitCode: verdict.conclusion === 'success' ? EXIT.done : EXIT.no,
  }));
}
