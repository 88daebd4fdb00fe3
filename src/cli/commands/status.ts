import { readStatus } from '../../cycles/status.ts';
import { statusJson, statusText } from '../../reports/status-report.ts';
import { answer, type CommonOptions, progressOf, type Streams } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { withWorld } from '../with-world.ts';

/** `peak status`. */
export function status(_: string[], options: CommonOptions, streams: Streams): Promise<ExitCode> {
  return withWorld(options, streams, ({ workTree, clock }) =>
    answer(readStatus(workTree, { clock, onProgress: progressOf(streams) }), ({ gathered, ...report }) => {
      const view = { ...gathered, ...report };
      return { json: () => statusJson(view), text: (style) => statusText(view, style), ...gathered.warnings };
    }),
  );
}
