import { openCheckoutOnDisk } from '../../compose.ts';
import { diagnose } from '../../cycles/doctor.ts';
import { problem } from '../../kernel/problem.ts';
import { fail, ok } from '../../kernel/result.ts';
import { doctorJson, doctorText } from '../../reports/doctor-report.ts';
import { answer, type CommonOptions, type Streams } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { withWorld } from '../with-world.ts';

interface DoctorOptions extends CommonOptions {
  readonly repository?: string;
  readonly judgeApp?: string;
}

/** `peak doctor`. */
export function doctor(_: string[], options: DoctorOptions, streams: Streams): Promise<ExitCode> {
  return withWorld(options, streams, async ({ workTree, openRepository }) => {
    const judge = readAppId(options.judgeApp);
    if (judge === undefined)
      return fail(problem('ARGUMENT_INVALID', { argument: '--judge-app', reason: 'is no App id' }));
    const repository = await openRepository();
    const checks = await diagnose(workTree, {
      checkout: repository === null ? null : await openCheckoutOnDisk(options.root),
      hasCommits: repository !== null && (await repository.resolve('HEAD')) !== null,
      settings: null,
      apps: { judge, publisher: readAppId(streams.variables['APP_ID']) ?? null },
    });
    return answer(ok(checks), (found) => ({
      json: () => doctorJson(found),
      text: (style) => doctorText(found, style),
      warnings: [],
      exitCode: found.some(({ level }) => level === 'error') ? EXIT.no : EXIT.done,
    }));
  });
}

/** An App's id; null when there is none, undefined when it is no number. */
function readAppId(text: string | undefined): number | null | undefined {
  if (text === undefined || text === '') return null;
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}
