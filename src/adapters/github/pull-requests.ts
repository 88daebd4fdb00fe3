import type { GitRemote } from '../../cycles/git-remote-port.ts';
import type {
  KnownPull,
  NewPull,
  OpenedPull,
  OpenPull,
  PullEdit,
  PullRequests,
} from '../../cycles/publishing-port.ts';
import { AppError } from '../../kernel/app-error.ts';
import { type Problem, warning } from '../../kernel/problem.ts';
import type { WebPlace } from '../../review/index.ts';
import { isRefusal, statusOf } from './failure.ts';
import { type ListedPull, type PullHistory, readPullHistory } from './list-pulls.ts';
import { readCloser } from './read-closer.ts';
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
    edit: (number, change) => editPull(context().repository, number, change),
    mark: (number, labels, reviewers) => markPull(context(), { number, labels, reviewers }),
    closerOf: (number, operators) => readCloser(context().repository, { number, operators }),
    since: (date, head) => listSince(context(), date, head),
    fetchHead: ({ number, head }) => context().remote.fetchPull(number, head),
  };
}

/** An open pull request of ours as the port shows it. */
export function toOpenPull({
  number,
  html_url: url,
  body,
  labels,
  created_at: openedAt,
}: ListedPull): OpenPull {
  return { number, url, body: body ?? '', labels: labels.map(({ name }) => name), openedAt };
}

/** Ours: opened by the account that we write as. */
export function isOurs({ login }: GitHubRepository, pull: Pick<ListedPull, 'user'>): boolean {
  return pull.user?.login === login;
}

async function openPull(
  { repository, defaultBranch: base }: PullContext,
  { branch, title, body }: NewPull,
): Promise<OpenedPull> {
  try {
    const created = await repository.call<ListedPull>('createPull', { head: branch, base, title, body });
    return { ...toOpenPull(created), isNew: true };
  } catch (error) {
    if (statusOf(error) !== 422) throw error;
    // Either one stands there already, or GitHub has another reason: only reading tells.
    const { pulls } = await readPullHistory(repository, branch, base);
    const found = pulls.find(({ state }) => state === 'open');
    if (found === undefined) throw error;
    if (!isOurs(repository, found))
      throw movedAway(`#${found.number} of somebody else is open for ${branch}`, error);
    return { ...toOpenPull(found), isNew: false };
  }
}

/**
 * Read right before, and after the branch was written: what has been merged or closed by then keeps the words under which that was done,
 * and what is merged later is what they say.
 */
async function editPull(
  repository: GitHubRepository,
  number: number,
  change: (body: string) => PullEdit | null,
): Promise<void> {
  const { state, body } = await repository.call<ListedPull>('pull', { pull_number: number });
  if (state !== 'open') throw movedAway(`#${number} is not open any more`);
  const edit = change(body ?? '');
  if (edit !== null) await repository.call('updatePull', { pull_number: number, ...edit });
}

function movedAway(message: string, cause?: unknown): AppError {
  return new AppError('GIT_REF_MOVED', message, { hint: 'run again', cause });
}

async function listSince(
  { repository, histories }: PullContext,
  date: string,
  head: string | undefined,
): Promise<readonly KnownPull[]> {
  const isWanted = (pull: ListedPull) =>
    (pull.closed_at === null || pull.closed_at >= date) &&
    isOurs(repository, pull) &&
    (head === undefined || pull.head.sha === head);
  const isClosed = (pull: ListedPull) => isWanted(pull) && stateOf(pull) === 'closed';
  const isThere = head !== undefined && [...histories.values()].some(({ pulls }) => pulls.some(isClosed));
  const found: KnownPull[] = [];
  for (const [branch, history] of histories) {
    const pulls = isThere ? history.pulls : await history.readBackTo(date);
    found.push(...pulls.filter(isWanted).map((pull) => toKnownPull(branch, pull)));
  }
  return found.sort((a, b) => {
    const [one, other] = [a.closedAt ?? '', b.closedAt ?? ''];
    return one < other ? 1 : one > other ? -1 : b.number - a.number;
  });
}

function toKnownPull(branch: string, pull: ListedPull): KnownPull {
  const { number, head, body, closed_at: closedAt } = pull;
  return { number, branch, head: head.sha, body: body ?? '', state: stateOf(pull), closedAt };
}

function stateOf({ closed_at: closedAt, merged_at: mergedAt }: ListedPull): KnownPull['state'] {
  if (closedAt === null) return 'open';
  return mergedAt === null ? 'closed' : 'merged';
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
