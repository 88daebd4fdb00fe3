import type { Problem } from '../kernel/problem.ts';
import { describeProblem } from '../kernel/problem-catalogue.ts';
import { formatEnvironmentEntry } from '../kernel/text/environment-entry.ts';
import { escapeMarkdown, markdownCode } from '../kernel/text/escape-markdown.ts';
import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import { formatAnnotation } from '../kernel/text/workflow-command.ts';
import { type BranchView, describeCalls, identityLines, type PublishView } from './publish-report.ts';

/** GitHub shows 10 annotations of a kind per step (github-facts.md C.1). */
const MAX_ANNOTATIONS = 10;

/** Rows of the summary's tables; a summary may have 1 MiB, people read less. */
const MAX_ROWS = 50;

/** Problems as annotations, errors first; more than GitHub shows are left to the log. */
export function problemAnnotations(problems: readonly Problem[]): string {
  const of = (severity: Problem['severity']) =>
    problems.filter((problem) => problem.severity === severity).slice(0, MAX_ANNOTATIONS);
  return [...of('error'), ...of('warning')].map(annotate).join('');
}

function annotate({ code, args, severity, file, line, column }: Problem): string {
  const { message, hint } = describeProblem(code, args);
  const text = escapeTerminal(hint === undefined || hint === '' ? message : `${message} – ${hint}`);
  const place = file === undefined ? {} : { file: escapeTerminal(file), line, column };
  return formatAnnotation(severity, text, place);
}

/** What later steps may ask for: `proposal_id`, `pull_request` (its number), `changed`. The auto lane's where there are two. */
export function stepOutputs({ branches }: Pick<PublishView, 'branches'>): string {
  const proposal = branches.find(({ proposalId }) => proposalId !== null);
  const shown = proposal ?? branches.find(({ pull }) => pull !== null);
  return [
    ['proposal_id', proposal?.proposalId ?? ''],
    ['pull_request', shown?.pull == null ? '' : String(shown.pull.number)],
    ['changed', String(branches.some(isWritten))],
  ]
    .map(([name, value]) => formatEnvironmentEntry(name ?? '', value ?? ''))
    .join('');
}

function isWritten({ state, pull }: BranchView): boolean {
  return ['created', 'updated'].includes(state) || (pull !== null && pull.state !== 'unchanged');
}

/** The job summary, in Markdown. */
export function jobSummary(view: PublishView, problems: readonly Problem[]): string {
  const { mode, branches, calls, newEvidence, derivation } = view;
  const accepted = derivation.proposals.reduce((sum, { changes }) => sum + changes.length, 0);
  const facts = [
    `Mode **${mode.mode}**${mode.degradedByLock ? ' (locked)' : ''}`,
    `${accepted} of ${derivation.decisions.length} recommendations proposed`,
    `${newEvidence.length} new evidence file${newEvidence.length === 1 ? '' : 's'}`,
  ];
  return `${[
    '## Promotion cycle',
    facts.join(' · '),
    branchTable(branches),
    changeTable(view),
    view.publisher.kind === 'local' ? '' : identityLines(view).map(escapeMarkdown).join('\n\n'),
    problemList(problems),
    calls.length === 0 ? '' : callList(calls),
  ]
    .filter((block) => block !== '')
    .join('\n\n')}\n`;
}

function branchTable(branches: readonly BranchView[]): string {
  if (branches.length === 0) return 'No branch was written.';
  const rows = branches.map(({ branch, state, proposalId, pull }) => [
    markdownCode(branch),
    escapeMarkdown(state.replaceAll('_', ' ')),
    proposalId === null ? '' : markdownCode(proposalId),
    pull === null ? '' : `[#${pull.number}](${encodeURI(pull.url)}) ${pull.state}`,
  ]);
  return table(['Branch', 'State', 'Proposal', 'Pull request'], rows);
}

function changeTable({ derivation }: PublishView): string {
  const rows = derivation.proposals.flatMap(({ lane, changes }) =>
    changes.map(({ target, old, new: next }) => [
      lane,
      markdownCode(target),
      markdownCode(JSON.stringify(old).slice(0, 200)),
      markdownCode(JSON.stringify(next).slice(0, 200)),
    ]),
  );
  if (rows.length === 0) return '';
  const more = rows.length > MAX_ROWS ? `\n\n… and ${rows.length - MAX_ROWS} more.` : '';
  return table(['Lane', 'Target', 'Live now', 'Proposed'], rows.slice(0, MAX_ROWS)) + more;
}

function problemList(problems: readonly Problem[]): string {
  const lines = problems.slice(0, MAX_ROWS).map(({ code, args, severity, file }) => {
    const { message } = describeProblem(code, args);
    return `- ${severity}: ${file === undefined ? '' : `${markdownCode(file)}: `}${escapeMarkdown(message)}`;
  });
  return lines.join('\n');
}

function callList(calls: PublishView['calls']): string {
  const named = calls.map(({ name, count }) => `${escapeMarkdown(name)} ${count}`).join(', ');
  return `Calls: ${describeCalls(calls)} (${named}).`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
