import type { World } from '../../compose.ts';
import { auditBranch } from '../../cycles/audit.ts';
import { readRevision } from '../../cycles/read-revision.ts';
import { parseInstant } from '../../kernel/instant.ts';
import { problem } from '../../kernel/problem.ts';
import { fail, ok, type Result } from '../../kernel/result.ts';
import { auditJson, auditText, openDeviations } from '../../reports/audit-report.ts';
import { type CommonOptions, respond, type Streams } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { findFixedClock } from '../refuse-fixed-clock.ts';
import { withWorld } from '../with-world.ts';

interface AuditOptions extends CommonOptions {
  readonly base?: string;
  readonly since?: string;
}

/**
 * `peak audit`: exit code 1 where something is not explained. A fixed clock would let what came later pass for the future, so it is
 * refused.
 */
export function audit(_: string[], options: AuditOptions, streams: Streams): Promise<ExitCode> {
  const fault = findFixedClock(streams);
  if (fault !== null) return Promise.resolve(respond(streams, options, fail(fault)));
  return withWorld(options, streams, async (world) => {
    const since = options.since === undefined ? null : parseInstant(options.since);
    if (options.since !== undefined && since === null) {
      const facts = { argument: '--since', reason: 'is no ISO 8601 time', hint: '--since 2026-11-01' };
      return fail(problem('ARGUMENT_INVALID', facts));
    }
    const repository = await world.openRepository();
    if (repository === null) return fail(problem('NOT_A_REPOSITORY', {}, { file: options.root }));
    const head = await readTip(repository, options);
    if (!head.ok) return head;
    const report = await auditBranch(repository, { head: head.value, now: world.clock, since });
    if (!report.ok) return report;
    const view = report.value;
    return ok({
      json: () => auditJson(view),
      text: (style) => auditText(view, style),
      warnings: report.problems,
      exitCode: openDeviations(view).length === 0 ? EXIT.done : EXIT.no,
    });
  });
}

/** Without `--base` the current branch, which may have no commit yet. */
async function readTip(
  repository: NonNullable<Awaited<ReturnType<World['openRepository']>>>,
  { base, root }: AuditOptions,
): Promise<Result<string>> {
  if (base !== undefined) return readRevision(repository, '--base', base);
  const head = await repository.resolve('HEAD');
  return head === null ? fail(problem('NO_COMMIT', {}, { file: root })) : ok(head);
}
