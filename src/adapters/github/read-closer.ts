import type { Closer } from '../../cycles/publishing-port.ts';
import { isRefusal, statusOf } from './failure.ts';
import { PAGE } from './known-answer.ts';
import type { GitHubRepository } from './repository.ts';

/** Reads that an unchanged cycle makes at most (ADR 0010). Who closed is asked last, and what it can do without. */
const MAX_READS = 8;

/** What has been closed, and whose closing counts: logins and `@org/team`. */
interface ClosedIssue {
  readonly number: number;
  readonly operators: readonly string[];
}

/** What an issue tells of its past. */
interface IssueEvent {
  readonly event: string;
  readonly actor: { readonly login: string } | null;
}

/**
 * Whose closing of a pull request stands: an operator's, until an operator has opened it again, whatever others did since. A team's members
 * are asked for only when no login matches.
 */
export async function readCloser(
  repository: GitHubRepository,
  { number, operators }: ClosedIssue,
): Promise<Closer> {
  const events = await readClosings(repository, number);
  if (typeof events === 'string') return events;
  if (events.every(({ event }) => event !== 'closed')) return 'unknown';
  const answers = new Map<string | null, Closer>([[repository.login.toLowerCase(), 'other']]);
  for (const { actor } of events.toReversed()) {
    const login = actor?.login.toLowerCase() ?? null;
    if (answers.has(login)) continue;
    answers.set(login, login === null ? 'unknown' : await readRole(repository, login, operators));
    if (answers.get(login) === 'operator') break;
  }
  const last = events.findLast(({ actor }) => answers.get(actor?.login.toLowerCase() ?? null) === 'operator');
  if (last?.event === 'closed') return 'operator';
  const left = [...answers.values()];
  return (['not_asked', 'unknown'] as const).find((one) => left.includes(one)) ?? 'other';
}

/** Closings and reopenings, oldest first. */
async function readClosings(
  repository: GitHubRepository,
  number: number,
): Promise<readonly IssueEvent[] | Closer> {
  const found: IssueEvent[] = [];
  try {
    for (let page = 1; repository.reads() < MAX_READS; page += 1) {
      const of = { issue_number: number, per_page: PAGE, page };
      const listed = await repository.call<readonly IssueEvent[]>('issueEvents', of);
      found.push(...listed.filter(({ event }) => event === 'closed' || event === 'reopened'));
      if (listed.length < PAGE) return found;
    }
    return 'not_asked';
  } catch (error) {
    if (isRefusal(error)) return 'unknown';
    throw error;
  }
}

async function readRole(
  repository: GitHubRepository,
  login: string,
  operators: readonly string[],
): Promise<Closer> {
  if (operators.some((name) => name.toLowerCase() === login)) return 'operator';
  const answers: Closer[] = [];
  for (const team of operators.filter((name) => name.startsWith('@')))
    answers.push(await readMembership(repository, team, login));
  return (['operator', 'not_asked', 'unknown'] as const).find((one) => answers.includes(one)) ?? 'other';
}

async function readMembership(repository: GitHubRepository, team: string, login: string): Promise<Closer> {
  if (repository.reads() >= MAX_READS) return 'not_asked';
  const [org = '', slug = ''] = team.slice(1).split('/');
  try {
    const member = await repository.call<{ state: string }>('membership', {
      org,
      team_slug: slug,
      username: login,
    });
    return member.state === 'active' ? 'operator' : 'other';
  } catch (error) {
    if (statusOf(error) === 404) return 'other';
    if (isRefusal(error)) return 'unknown';
    throw error;
  }
}
