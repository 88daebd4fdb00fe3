import { AppError } from '../kernel/app-error.ts';
import type { Result } from '../kernel/result.ts';
import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import { disarmWorkflowCommands, formatAnnotation } from '../kernel/text/workflow-command.ts';
import { jobSummary, problemAnnotations, stepOutputs } from '../reports/actions-report.ts';
import type { PublishView } from '../reports/publish-report.ts';
import type { Answer, Streams } from './context.ts';

/** An answer that can be shown as a job summary, too. */
type StepAnswer = Answer & { readonly view: PublishView };

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
    streams.err(problemAnnotations(result.ok ? result.value.warnings : result.problems));
    if (result.ok) await writeStep(streams, result.value);
    return result;
  } catch (error) {
    if (error instanceof AppError)
      streams.err(formatAnnotation('error', escapeTerminal([error.message, error.hint ?? ''].join(' – '))));
    throw error;
  }
}

async function writeStep({ variables }: Streams, { view, warnings }: StepAnswer): Promise<void> {
  const { appendStepFiles } = await import('../adapters/step-files.ts');
  appendStepFiles(
    { output: variables['GITHUB_OUTPUT'], summary: variables['GITHUB_STEP_SUMMARY'] },
    { output: stepOutputs(view), summary: jobSummary(view, warnings) },
  );
}
