import { formatEnvironmentEntry } from '../kernel/text/environment-entry.ts';
import { formatAnnotation } from '../kernel/text/workflow-command.ts';
import { buildCheckRun, type CheckAnnotation, type Verdict } from '../review/index.ts';

/** GitHub shows 10 annotations of a kind per step (github-facts.md C.1). */
const MAX_ANNOTATIONS = 10;

const LEVELS = { failure: 'error', warning: 'warning', notice: 'notice' } as const;

/** What a check is not, where a step of Actions reports it: whoever may write can change or imitate a workflow (judge.md §7). */
const ADVICE =
  '> **Advice, not the check `peak/governance`.** It knows no approvals and guards no branch: it stops mistakes and outsiders, not those who may write.';

/** A verdict for a step of GitHub Actions: the output `conclusion`, the job summary, and annotations. */
export function checkStep(verdict: Verdict, autoToml: string | null) {
  const run = buildCheckRun(verdict, { prefix: '', autoToml, isHeld: false, reference: 'peak check' });
  const notes = run.annotations.flat();
  const shown = Object.keys(LEVELS).flatMap((level) =>
    notes.filter((note) => note.level === level).slice(0, MAX_ANNOTATIONS),
  );
  return {
    outputs: formatEnvironmentEntry('conclusion', verdict.conclusion),
    summary: `## ${run.title}\n\n${ADVICE}\n\n${run.summary}\n${run.text ?? ''}\n`,
    annotations: shown.map(annotate).join(''),
  };
}

function annotate({ level, title, message, path, startLine, startColumn }: CheckAnnotation): string {
  const place = { file: path, line: startLine, ...(startColumn === null ? {} : { column: startColumn }) };
  return formatAnnotation(LEVELS[level], `${title}: ${message}`, place);
}
