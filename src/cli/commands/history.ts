import type { World } from '../../compose.ts';
import { checkSources, readTimelines, type TimelineReport } from '../../cycles/read-timelines.ts';
import { type Instant, parseInstant } from '../../kernel/instant.ts';
import { type Problem, problem } from '../../kernel/problem.ts';
import { fail, ok } from '../../kernel/result.ts';
import { findTargetFault } from '../../kernel/target.ts';
import {
  historyCsv,
  historyJson,
  historyText,
  historyWhyJson,
  historyWhyText,
  type WhyView,
} from '../../reports/history-report.ts';
import type { Answer, CommonOptions, Streams } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { withWorld } from '../with-world.ts';

interface HistoryOptions extends CommonOptions {
  readonly why?: boolean;
  readonly csv?: boolean;
  readonly since?: string;
}

/** `peak history [TARGET]`. */
export function history(args: string[], options: HistoryOptions, streams: Streams): Promise<ExitCode> {
  return withWorld(options, streams, async (world) => {
    const target = args[0] ?? null;
    const since = options.since === undefined ? null : parseInstant(options.since);
    const faults = findFaults(target, since, options);
    if (faults.length > 0) return fail(...faults);
    const git = await world.openRepository();
    const report = await readTimelines(git, { clock: world.clock, target, since });
    if (!report.ok) return report;
    if (options.why === true && target !== null && git !== null) {
      const why = await explainLive(git, report.value, target);
      return ok(whyAnswer(world, report.value, why, report.problems));
    }
    return ok(historyAnswer(world, report.value, options, report.problems));
  });
}

function findFaults(
  target: string | null,
  since: Instant | null,
  options: HistoryOptions,
): readonly Problem[] {
  const say = (argument: string, reason: string, hint: string) =>
    problem('ARGUMENT_INVALID', { argument, reason, hint });
  const fault = target === null ? null : findTargetFault(target);
  return [
    ...(fault === null ? [] : [say(`target "${target}"`, fault, 'peak config show lists all')]),
    ...(options.since !== undefined && since === null
      ? [say('--since', 'is no ISO 8601 time', '--since 2026-11-01')]
      : []),
    ...(options.why === true && target === null
      ? [say('--why', 'needs a target', 'peak history portfolio.leverage --why')]
      : []),
    ...(options.csv === true && (options.json === true || options.why === true)
      ? [say('--csv', 'stands alone', 'leave out --json and --why')]
      : []),
  ];
}

function historyAnswer(
  { clock: now }: World,
  report: TimelineReport,
  { csv }: HistoryOptions,
  warnings: readonly Problem[],
): Answer {
  const view = { ...report, now };
  return {
    json: () => historyJson(view),
    text: (style) => (csv === true ? historyCsv(view) : historyText(view, style)),
    warnings,
  };
}

function whyAnswer(
  { clock: now }: World,
  report: TimelineReport,
  why: WhyView,
  warnings: readonly Problem[],
): Answer {
  const view = { ...report, now };
  return {
    json: () => historyWhyJson(view, why),
    text: (style) => historyWhyText(view, why, style),
    warnings,
  };
}

/** The change that made the value which is live at HEAD: the latest one that was not settled as never live. */
async function explainLive(
  git: NonNullable<Awaited<ReturnType<World['openRepository']>>>,
  { head, timelines, records }: TimelineReport,
  target: string,
): Promise<WhyView> {
  const entry = timelines.get(target)?.findLast(({ settledBy }) => settledBy === null) ?? null;
  const [id] = entry?.proposals ?? [];
  const patch = id === undefined || entry?.kind !== 'promotion' ? null : records.patchOf(id, target);
  return { target, entry, sources: await checkSources(git, head, patch?.evidence.sources ?? []) };
}
