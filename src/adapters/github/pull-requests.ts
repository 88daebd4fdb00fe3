import type { GitRemote } from '../../cycles/git-remote-port.ts';
import type { ClosedPull, OpenPull, PullRequests } from '../../cycles/publishing-port.ts';
import { AppError } from '../../kernel/app-error.ts';
import { type Problem, warning } from '../../kernel/problem.ts';
import type { WebPlace } from '../../review/index.ts';
import { statusOf } from './failure.ts';
import { type ListedPull, type PullHistory, readPullHistory } from './list-pulls.ts';
import type { GitHubRepository } from './repository.ts';

/** What pull requests need of the survey. */
export interface PullContext {
  readonly repository: GitHubRepository;
  readonly remote: GitRemote;
  readonly web: WebPlace;
  readonly defaultBranch: string;
  /** By branch; only branches that were asked for. */
  readonly histories: ReadonlyMap<string, PullHistory>;
}

/** GitHub's pull requests behind the port. `context` answers what the latest survey found. */
export function githubPulls(web: WebPlace, context: () => PullContext): PullRequests {
  return {
    web,
    open: (pull) => openPull(context(), pull),
    edit: async (number, change) => {
      await context().repository.call('updatePull', { pull_number: number, ...change });
    },
    mark: (number, labels, reviewers) => markPull(context(), { number, labels, reviewers }),
    wasClosedBy: (number, operators) => wasClosedBy(context().repository, number, operators),
    closedSince: (date) => closedSince(context(), date),
    fetchHead: ({ number, head }) => context().remote.fetchPull(number, head),
  };
}

/** An open pull request of ours as the port shows it. */
export function toOpenPull({ number, html_url, body, labels }: ListedPull): OpenPull {
  return { number, url: html_url, body: body ?? '', labels: labels.map(({ name }) => name) };
}

/** Ours: opened by the account that we write as. */
export function isOurs({ login }: GitHubRepository, pull: ListedPull): boolean {
  return pull.user?.login === login;
}

async function openPull(
  { repository, defaultBranch }: PullContext,
  pull: { readonly branch: string; readonly title: string; readonly body: string },
): Promise<OpenPull> {
  const { branch, title, body } = pull;
  try {
    const created = await repository.call<ListedPull>('createPull', {
      head: branch,
      base: defaultBranch,
      title,
      body,
    });
    return toOpenPull(created);
  } catch (error) {
    if (statusOf(error) !== 422) throw error;
    // Either another run was faster, or GitHub has another reason: only reading tells.
    const { pulls } = await readPullHistory(repository, branch, defaultBranch);
    const found = pulls.find((one) => one.state === 'open' && isOurs(repository, one));
    if (found === undefined) throw error;
    throw openedElsewhere(found, error);
  }
}

function openedElsewhere({ number, head }: ListedPull, cause: unknown): AppError {
  const message = `another run has opened #${number} for ${head.ref} just now`;
  return new AppError('GIT_REF_MOVED', message, { hint: 'run again', cause });
}

async function closedSince(
  { repository, histories }: PullContext,
  date: string,
): Promise<readonly ClosedPull[]> {
  const found: ClosedPull[] = [];
  for (const [branch, history] of histories) {
    for (const pull of await history.readBackTo(date)) {
      const { closed_at: closedAt, merged_at: mergedAt, number, head, body } = pull;
      if (closedAt === null || mergedAt !== null || closedAt < date || !isOurs(repository, pull)) continue;
      found.push({ number, branch, head: head.sha, closedAt, body: body ?? '' });
    }
  }
  return found.sort((a, b) =>
    a.closedAt < b.closedAt ? 1 : a.closedAt > b.closedAt ? -1 : b.number - a.number,
  );
}

/** People are asked first: labels, which come last, say that all is done. */
async function markPull(
  { repository }: PullContext,
  request: {
    readonly number: number;
    readonly labels: readonly string[];
    readonly reviewers: readonly string[];
  },
): Promise<readonly Problem[]> {
  const { number, labels, reviewers } = request;
  const problems: Problem[] = [];
  const refused = await askReviewers(repository, number, reviewers);
  if (refused.length > 0)
    problems.push(warning('REVIEWERS_REFUSED', { reviewers: refused.join(', '), pull: `#${number}` }));
  try {
    await repository.call('addLabels', { issue_number: number, labels });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    problems.push(warning('LABELS_REFUSED', { pull: `#${number}`, hint: error.hint ?? '' }));
  }
  return problems;
}

/** GitHub refuses all for one: then each is asked alone. Answers those who were refused. */
async function askReviewers(
  repository: GitHubRepository,
  number: number,
  reviewers: readonly string[],
): Promise<readonly string[]> {
  if (reviewers.length === 0 || (await ask(repository, number, reviewers))) return [];
  if (reviewers.length === 1) return reviewers;
  const refused: string[] = [];
  for (const reviewer of reviewers) if (!(await ask(repository, number, [reviewer]))) refused.push(reviewer);
  return refused;
}

async function ask(
  repository: GitHubRepository,
  number: number,
  reviewers: readonly string[],
): Promise<boolean> {
  const teams = reviewers.filter((name) => name.startsWith('@'));
  try {
    await repository.call('requestReviewers', {
      pull_number: number,
      reviewers: reviewers.filter((name) => !name.startsWith('@')),
      team_reviewers: teams.map((name) => name.slice(name.indexOf('/') + 1)),
    });
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

/** Who closed it stands in the issue; a team's members are asked for only when no login matches. */
async function wasClosedBy(
  repository: GitHubRepository,
  number: number,
  operators: readonly string[],
): Promise<boolean | null> {
  const issue = await tolerating(
    repository.call<{ closed_by?: { login: string } | null }>('issue', { issue_number: number }),
  );
  const closer = issue?.closed_by?.login;
  if (closer === undefined) return null;
  const same = (name: string) => name.toLowerCase() === closer.toLowerCase();
  if (same(repository.login)) return false;
  if (operators.some(same)) return true;
  const answers = [];
  for (const team of operators.filter((name) => name.startsWith('@')))
    answers.push(await isMember(repository, team, closer));
  if (answers.includes(true)) return true;
  return answers.includes(null) ? null : false;
}

async function isMember(repository: GitHubRepository, team: string, login: string): Promise<boolean | null> {
  const [org = '', slug = ''] = team.slice(1).split('/');
  try {
    const member = await repository.call<{ state: string }>('membership', {
      org,
      team_slug: slug,
      username: login,
    });
    return member.state === 'active';
  } catch (error) {
    if (statusOf(error) === 404) return false;
    if (isRefusal(error)) return null;
    throw error;
  }
}

async function tolerating<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

function isRefusal(error: unknown): error is AppError {
  return error instanceof AppError && error.code === 'GITHUB_REFUSED';
}
