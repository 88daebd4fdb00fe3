import { openCheckoutOnDisk, openSettingsReader } from '../../compose.ts';
import { diagnose } from '../../cycles/doctor.ts';
import type { SettingsReader } from '../../cycles/settings-reader-port.ts';
import type { AppError } from '../../kernel/app-error.ts';
import { problem } from '../../kernel/problem.ts';
import { fail, ok, type Result } from '../../kernel/result.ts';
import { doctorJson, doctorText } from '../../reports/doctor-report.ts';
import type { Check } from '../../setup/index.ts';
import { answer, type CommonOptions, type Streams } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { findRepositoryFault } from '../repository-fault.ts';
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
    const fault = findRepositoryFault({ publish: 'github', repository: options.repository });
    if (fault !== null) return fail(fault);
    const settings = await openSettings(options, streams);
    if (!settings.ok) return settings;
    const repository = await openRepository();
    const { checks, failure } = await diagnose(workTree, {
      checkout: repository === null ? null : await openCheckoutOnDisk(options.root),
      hasCommits: repository !== null && (await repository.resolve('HEAD')) !== null,
      settings: settings.value,
      apps: {
        judge,
        publisher: readAppId(streams.variables['PEAK_APP_ID'] || streams.variables['APP_ID']) ?? null,
      },
    });
    return answer(ok(checks), (found) => ({
      json: () => doctorJson(found),
      text: (style) => doctorText(found, style),
      warnings: [],
      exitCode: exitCodeOf(found, failure),
    }));
  });
}

/** What is to be put right here is known; what GitHub would say is not, so "no" comes after "could not ask". */
function exitCodeOf(checks: readonly Check[], failure: AppError | null): ExitCode {
  if (failure !== null) return EXIT.outsideFailed;
  return checks.some(({ level }) => level === 'error') ? EXIT.no : EXIT.done;
}

/** GitHub is asked when there is a token and a repository; without them only the folder is looked at, and that is said. */
function openSettings(
  { repository }: DoctorOptions,
  { variables }: Streams,
): Result<null> | Promise<Result<SettingsReader>> {
  const name = repository ?? variables['GITHUB_REPOSITORY'] ?? '';
  const token = variables['GITHUB_TOKEN'] || variables['GH_TOKEN'];
  if (name === '' || !token) return ok(null);
  return openSettingsReader({ ...variables, GITHUB_REPOSITORY: name });
}

/** An App's id; null when there is none, undefined when it is no number. */
function readAppId(text: string | undefined): number | null | undefined {
  if (text === undefined || text === '') return null;
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}
