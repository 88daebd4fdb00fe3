import { counted } from '../kernel/text/counted.ts';
import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import { type PromoteView, promoteJson, promoteText } from './promote-report.ts';
import type { Style } from './style.ts';

/** A branch of a published cycle. */
export interface BranchView {
  readonly branch: string;
  readonly state: string;
  readonly commit: string | null;
  readonly proposalId: string | null;
  readonly pull: { readonly number: number; readonly url: string; readonly state: string } | null;
}

/** What a published cycle found and wrote. */
export interface PublishView extends PromoteView {
  readonly newEvidence: readonly string[];
  readonly branches: readonly BranchView[];
  readonly publisher: { readonly kind: 'local' | 'app' | 'token'; readonly login: string };
  readonly calls: readonly { readonly name: string; readonly kind: string; readonly count: number }[];
}

export function publishJson({ newEvidence, branches, publisher, calls, ...view }: PublishView) {
  const published = branches.map(({ proposalId, pull, ...branch }) => ({
    ...branch,
    proposal_id: proposalId,
    pull_request: pull,
  }));
  return { ...promoteJson(view), new_evidence: newEvidence, branches: published, publisher, calls };
}

export function publishText(view: PublishView, style: Style): string {
  const { newEvidence, branches, publisher, calls, ...rest } = view;
  const local = publisher.kind === 'local';
  const lines = branches.map((branch) => branchLine(branch, local, style));
  if (local && newEvidence.length > 0 && branches.some(({ proposalId }) => proposalId !== null))
    lines.push(style.dim(COMMIT_FIRST));
  if (newEvidence.length > 0) lines.unshift(evidenceLine(newEvidence.length, branches));
  if (branches.length === 0) lines.push('No branch was written.');
  if (publisher.kind !== 'local') lines.push(...identityLines(view).map((line) => style.dim(line)));
  if (calls.length > 0) lines.push(style.dim(`Calls: ${describeCalls(calls)}.`));
  return `${promoteText(rest, style)}\n\n${lines.join('\n')}`;
}

/** What it means who published. */
export function identityLines({
  publisher: { kind, login },
}: Pick<PublishView, 'publisher'>): readonly string[] {
  const name = escapeTerminal(login);
  if (kind === 'app')
    return [
      `Published as ${name}, a GitHub App: its commits are verified, its pull requests start workflows and count as the bot's, so the auto lane is possible.`,
    ];
  return [
    `Published as ${name}, the workflow's own token: manual lane only, because every writer's workflow has it; its pull requests start no workflows and do not count as the bot's.`,
    'Commits of every workflow in this repository are verified as this account: it proves a workflow, not this one.',
  ];
}

/** `7 reads, 1 token exchange, 4 writes, 1 git fetch`. */
export function describeCalls(calls: PublishView['calls']): string {
  const words = { read: 'read', token: 'token exchange', write: 'write', git: 'git fetch' } as const;
  const parts = Object.entries(words).flatMap(([kind, word]) => {
    const count = calls.filter((call) => call.kind === kind).reduce((sum, call) => sum + call.count, 0);
    if (count === 0) return [];
    return [`${count} ${word}${count === 1 ? '' : word.endsWith('h') ? 'es' : 's'}`];
  });
  return parts.join(', ');
}

/** Evidence goes with what is written; without that it waits (ADR 0008). */
function evidenceLine(count: number, branches: readonly BranchView[]): string {
  const files = counted(count, 'new evidence file');
  const has = (...states: readonly string[]) => branches.some(({ state }) => states.includes(state));
  if (has('created', 'updated')) return `${files} published along.`;
  if (has('dry_run')) return `${files} would be published along.`;
  return `${files}: on a branch already, or kept here for the next commit.`;
}

/** Git refuses to overwrite untracked files, also with the same content. */
const COMMIT_FIRST =
  'Before you merge here: git add reports/learning_snippets && git commit, because the branch holds the same files.';

const WORDS: Readonly<Record<string, string>> = {
  created: 'created',
  updated: 'updated',
  unchanged: 'unchanged: the same change set stands there already',
  moot: 'left alone: nothing to propose there now',
  dry_run: 'not written: dry run',
  hands_off: 'not written: it holds somebody else’s work',
  left_closed: 'left closed, as people decided',
};

const PULL_WORDS: Readonly<Record<string, string>> = {
  opened: 'opened',
  updated: 'updated',
  unchanged: 'unchanged',
  closed: 'closed: nothing to propose there now',
};

function branchLine(
  { branch, state, commit, proposalId, pull }: BranchView,
  local: boolean,
  style: Style,
): string {
  const head = `${style.bold(branch)}  ${WORDS[state] ?? state}`;
  const details = [
    commit === null ? '' : commit.slice(0, 12),
    proposalId === null ? '' : escapeTerminal(proposalId),
  ].filter((part) => part !== '');
  const lines = [`${head}${details.length === 0 ? '' : `  ${style.dim(details.join('  '))}`}`];
  if (pull !== null)
    lines.push(
      `  #${pull.number} ${PULL_WORDS[pull.state] ?? pull.state}  ${style.dim(escapeTerminal(pull.url))}`,
    );
  if (local && commit !== null && state !== 'moot') {
    lines.push(`  ${style.dim(`git diff HEAD...${branch}`)}`);
    // Without a merge commit of its own, `git revert -m 1` would take an updated branch back to its former proposal.
    if (proposalId !== null) lines.push(`  ${style.dim(`git merge --no-ff ${branch}`)}`);
  }
  return lines.join('\n');
}
