import { listSignals } from '../../cycles/list-signals.ts';
import { formatInstant } from '../../kernel/instant.ts';
import { problem } from '../../kernel/problem.ts';
import { fail, ok } from '../../kernel/result.ts';
import { type SignalRow, signalTable } from '../../reports/listings.ts';
import { type CommonOptions, progressOf, type Streams } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { withWorld } from '../with-world.ts';

/** `peak signals [id] [--latest]`: the list, or the records of one file. */
export function signals(
  [id]: string[],
  options: CommonOptions & { readonly latest?: boolean },
  streams: Streams,
): Promise<ExitCode> {
  return withWorld(options, streams, ({ workTree, clock }) => {
    const listed = listSignals(workTree, clock, progressOf(streams));
    if (!listed.ok) return listed;
    const { signals: all, more } = listed.value;
    const found = select(all, id, options.latest === true);
    if (found.length === 0 && (id !== undefined || options.latest === true)) {
      return fail(
        problem('NOT_FOUND', { what: 'signal', id: id ?? 'latest', hint: 'peak signals lists all' }),
      );
    }
    return ok({
      json: () => ({ signals: found.map(toJson), more }),
      text: (style) => signalTable(found, more, style),
      warnings: listed.value.problems,
      warningCount: listed.value.problemCount,
    });
  });
}

/** An id is a file's name without its folder and ending, or its path. */
function select(all: readonly SignalRow[], id: string | undefined, latest: boolean): readonly SignalRow[] {
  if (id !== undefined)
    return all.filter(
      ({ file }) =>
        file === id ||
        file
          .split('/')
          .at(-1)
          ?.replace(/\.jsonl?$/, '') === id,
    );
  return latest ? all.slice(0, 1) : all;
}

function toJson({ time, healthScore, changeCount, ...row }: SignalRow) {
  return {
    ...row,
    time: time === null ? null : formatInstant(time),
    change_count: changeCount,
    health_score: healthScore,
  };
}
