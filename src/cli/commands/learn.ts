import { learnCycle } from '../../cycles/learn.ts';
import { LEARNING_OVERRIDE_PATH } from '../../kernel/governed-paths.ts';
import { learnJson, learnText } from '../../reports/learn-report.ts';
import { answer, type CommonOptions, progressOf, type Streams } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { withWorld } from '../with-world.ts';

/** `peak learn`. */
export function learn(_: string[], options: CommonOptions, streams: Streams): Promise<ExitCode> {
  return withWorld(options, streams, ({ workTree, clock }) => {
    const report = learnCycle(workTree, {
      clock,
      dryRun: options.dryRun === true,
      onProgress: progressOf(streams),
    });
    return answer(report, ({ gathered, learned, overrideState }) => {
      const view = {
        evidence: gathered.evidence,
        patches: learned.patches,
        live: gathered.live,
        overrides: learned.learningOverride.overrides.size,
        overridePath: LEARNING_OVERRIDE_PATH,
        overrideState,
      };
      return { json: () => learnJson(view), text: (style) => learnText(view, style), ...gathered.warnings };
    });
  });
}
