import { checkChange } from '../../cycles/check-change.ts';
import { problem } from '../../kernel/problem.ts';
import { fail } from '../../kernel/result.ts';
import { checkJson, checkText } from '../../reports/check-report.ts';
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
export function check(_: string[], options: CheckOptions, streams: Streams): Promise<ExitCode> {
  const fault = findFixedClock(streams);
  if (fault !== null) return Promise.resolve(respond(streams, options, fail(fault)));
  const deadline = Date.now() + MAX_JUDGING_MS;
  return withWorld(options, streams, async (world) => {
    const repository = await world.openRepository();
    if (repository === null) return fail(problem('NOT_A_REPOSITORY', {}, { file: options.root }));
    const { base, head } = options;
    const isOverdue = () => Date.now() > deadline;
    const verdict = await checkChange(repository, { base, head, now: world.clock, isOverdue });
    return answer(verdict, (found) => ({
      json: () => checkJson(found),
      text: (style) => checkText(found, style),
      warnings: [],
      exitCode: found.conclusion === 'success' ? EXIT.done : EXIT.no,
    }));
  });
}
