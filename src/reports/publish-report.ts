import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import { type PromoteView, promoteJson, promoteText } from './promote-report.ts';
import type { Style } from './style.ts';

/** A branch of a published cycle. */
export interface BranchView {
  readonly branch: string;
  readonly state: string;
  readonly commit: string | null;
  readonly proposalId: string | null;
}

/** What a published cycle found and wrote. */
export interface PublishView extends PromoteView {
  readonly newEvidence: readonly string[];
  readonly branches: readonly BranchView[];
}

export function publishJson({ newEvidence, branches, ...view }: PublishView) {
  const published = branches.map(({ proposalId, ...branch }) => ({ ...branch, proposal_id: proposalId }));
  return { ...promoteJson(view), new_evidence: newEvidence, branches: published };
}

export function publishText({ newEvidence, branches, ...view }: PublishView, style: Style): string {
  const lines = branches.map((branch) => branchLine(branch, style));
  if (newEvidence.length > 0) lines.unshift(evidenceLine(newEvidence.length, branches));
  if (branches.length === 0) lines.push('No branch was written.');
  return `${promoteText(view, style)}\n\n${lines.join('\n')}`;
}

/** Evidence goes with what is written; without that it waits (ADR 0008). */
function evidenceLine(count: number, branches: readonly BranchView[]): string {
  const files = `${count} new evidence file${count === 1 ? '' : 's'}`;
  const has = (...states: readonly string[]) => branches.some(({ state }) => states.includes(state));
  if (has('created', 'updated')) return `${files} published along.`;
  if (has('dry_run')) return `${files} would be published along.`;
  return `${files}: on a branch already, or kept here for the next commit.`;
}

const WORDS: Readonly<Record<string, string>> = {
  created: 'created',
  updated: 'updated',
  unchanged: 'unchanged: the same change set stands there already',
  moot: 'left alone: nothing to propose there now',
  dry_run: 'not written: dry run',
};

function branchLine({ branch, state, commit, proposalId }: BranchView, style: Style): string {
  const head = `${style.bold(branch)}  ${WORDS[state] ?? state}`;
  const details = [
    commit === null ? '' : commit.slice(0, 12),
    proposalId === null ? '' : escapeTerminal(proposalId),
  ].filter((part) => part !== '');
  const look = commit === null || state === 'moot' ? '' : `\n  ${style.dim(`git diff HEAD...${branch}`)}`;
  return `${head}${details.length === 0 ? '' : `  ${style.dim(details.join('  '))}`}${look}`;
}
