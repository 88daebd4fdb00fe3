import { loadLiveConfigFromDisk } from '../../compose.ts';
import { explain } from '../../cycles/explain.ts';
import { withMore } from '../../cycles/gather.ts';
import { explanationJson, explanationText } from '../../reports/explanation.ts';
import { answer, type CommonOptions, progressOf, type Streams } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { openLocalHistory } from '../local-history.ts';
import { withWorld } from '../with-world.ts';

/** `peak why [target]`. */
export function why(
  [target]: string[],
  options: CommonOptions & { readonly env?: string },
  streams: Streams,
): Promise<ExitCode> {
  return withWorld(options, streams, async (world) => {
    const { workTree, clock } = world;
    const session = loadLiveConfigFromDisk({
      root: options.root,
      env: options.env,
      variables: streams.variables,
    });
    if (!session.ok) return session;
    const { history, warnings } = await openLocalHistory(world, options.root);
    const explained = explain(
      workTree,
      { clock, history, onProgress: progressOf(streams) },
      session.value,
      target ?? null,
    );
    return answer(explained, ({ report, targets }) => {
      const view = { ...report, evidence: report.gathered.evidence, targets, session: session.value };
      return {
        json: () => explanationJson(view),
        text: (style) => explanationText(view, style),
        ...withMore(report.gathered.warnings, warnings),
      };
    });
  });
}
