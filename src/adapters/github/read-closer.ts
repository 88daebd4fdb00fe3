import type { Closer } from '../../cycles/publishing-port.ts';
import { isRefusal, statusOf } from './failure.ts';
import type { GitHubRepository } from './repository.ts';

/** Reads that an unchanged cycle makes at most (ADR 0010). Who closed is asked last, and what it can do without. */
const MAX_READS = 8;

/** What has been closed, and whose closing counts: logins and `@org/team`. */
interface ClosedIssue {
  readonly number: number;
  readonly operators: readonly string[];
}

/** Who closed a pull request, as its issue says; a team's members are asked for only when no login matches. */
export async function readCloser(
  repository: GitHubRepository,
  { number, operators }: ClosedIssue,
): Promise<Closer> {
  if (repository.reads() >= MAX_READS) return 'not_asked';
  const closer = await readLogin(repository, number);
  if (closer === null) return 'unknown';
  const same = (name: string) => name.toLowerCase() === closer.toLowerCase();
  if (same(repository.login)) return 'other';
  if (operators.some(same)) return 'operator';
  const answers: Closer[] = [];
  for (const team of operators.filter((name) => name.startsWith('@')))
    answers.push(await readMembership(repository, team, closer));
  return (['operator', 'not_asked', 'unknown'] as const).find((one) => answers.includes(one)) ?? 'other';
}

async function readLogin(repository: GitHubRepository, number: number): Promise<string | null> {
  try {
    const issue = await repository.call<{ closed_by?: { login: string } | null }>('issue', {
      issue_number: number,
    });
    return issue.closed_by?.login ?? null;
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
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
