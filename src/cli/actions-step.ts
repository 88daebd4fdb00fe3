import { AppError } from '../kernel/app-error.ts';
import type { Result } from '../kernel/result.ts';
import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import { disarmWorkflowCommands, formatAnnotation } from '../kernel/text/workflow-command.ts';
import { problemAnnotations } from '../reports/actions-report.ts';
import type { Answer, Streams } from './context.ts';

/** What a step tells GitHub Actions beside its log. */
interface StepReport {
  /** Entries of $GITHUB_OUTPUT. */
  readonly outputs: string;
  /** Markdown. */
  readonly summary: string;
  /** Workflow commands. Default: the warnings. */
  readonly annotations?: string;
}

/** An answer that can be shown as a job summary, too. */
type StepAnswer = Answer & { readonly step: StepReport };

function isStep({ variables }: Streams): boolean {
  return variables['GITHUB_ACTIONS'] === 'true';
}

/** Streams on which nothing can be taken for a workflow command; outside of Actions the same streams. */
export function stepStreams(streams: Streams): Streams {
  if (!isStep(streams)) return streams;
  return {
    ...streams,
    out: (text) => streams.out(disarmWorkflowCommands(text)),
    err: (text) => streams.err(disarmWorkflowCommands(text)),
  };
}

/**
 * Runs a publication and, in a step of GitHub Actions, also tells it there: outputs, job summary, annotations. Annotations go to stderr,
 * which the runner reads as well, so that stdout stays what was asked for.
 */
export async function reportStep(
  streams: Streams,
  run: () => Promise<Result<StepAnswer>>,
): Promise<Result<StepAnswer>> {
  if (!isStep(streams)) return run();
  try {
    const result = await run();
    streams.err(result.ok ? annotationsOf(result.value) : problemAnnotations(result.problems));
    if (result.ok) await writeStep(streams, result.value.step);
    return result;
  } catch (error) {
    if (error instanceof AppError)
      streams.err(formatAnnotation('error', escapeTerminal([error.message, error.hint ?? ''].join(' – '))));
    throw error;
  }
}

function annotationsOf({ step, warnings }: StepAnswer): string {
  return step.annotations ?? problemAnnotations(warnings);
}

async function writeStep({ variables }: Streams, { outputs, summary }: StepReport): Promise<void> {
  const { appendStepFiles } = await import('../adapters/step-files.ts');
  const files = { output: variables['GITHUB_OUTPUT'], summary: variables['GITHUB_STEP_SUMMARY'] };
  appendStepFiles(files, { output: outputs, summary });
}
