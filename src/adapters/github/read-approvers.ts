import type { Known } from '../../setup/index.ts';
import { statusOf } from './failure.ts';
import { known, readPages } from './known-answer.ts';
import type { GitHubRepository } from './repository.ts';

/** What GitHub calls write access or more (`maintain` is told as `write`, see "Get repository permissions for a user"). */
const WRITING = ['admin', 'write'];

/** For each operator of the policy, the people behind the name who have write access now. Everybody is asked for once. */
export async function readApprovers(
  repository: GitHubRepository,
  operators: readonly string[],
): Promise<ReadonlyMap<string, Known<readonly string[]>>> {
  const asked = new Map<string, Promise<Known<boolean>>>();
  const mayWrite = (login: string): Promise<Known<boolean>> => {
    const answer = asked.get(login) ?? readMayWrite(repository, login);
    asked.set(login, answer);
    return answer;
  };
  const approvers = new Map<string, Known<readonly string[]>>();
  for (const operator of operators) {
    const people = operator.startsWith('@') ? await readTeam(repository, operator) : theOne(operator);
    approvers.set(operator, people.known ? await keepWriters(people.value, mayWrite) : people);
  }
  return approvers;
}

function theOne(login: string): Known<readonly string[]> {
  return { known: true, value: [login] };
}

/** Members of the team and of the teams below it; GitHub lists active ones only. */
async function readTeam(repository: GitHubRepository, team: string): Promise<Known<readonly string[]>> {
  const [org = '', slug = ''] = team.slice(1).split('/');
  const members = await readPages<{ login: string; type: string }>(repository, 'teamMembers', {
    org,
    team_slug: slug,
  });
  if (!members.known) return members;
  return {
    known: true,
    value: members.value.filter(({ type }) => type === 'User').map(({ login }) => login),
  };
}

async function keepWriters(
  people: readonly string[],
  mayWrite: (login: string) => Promise<Known<boolean>>,
): Promise<Known<readonly string[]>> {
  const writers: string[] = [];
  for (const login of people) {
    const answer = await mayWrite(login);
    if (!answer.known) return answer;
    if (answer.value) writers.push(login);
  }
  return { known: true, value: writers };
}

/** Somebody who does not exist, or is a bot, approves nothing. */
async function readMayWrite(repository: GitHubRepository, login: string): Promise<Known<boolean>> {
  const asked = repository
    .call<{ permission: string; user: { type: string } | null }>('collaborator', { username: login })
    .catch((error: unknown) => {
      if (statusOf(error) === 404) return null;
      throw error;
    });
  const answer = await known(asked);
  if (!answer.known) return answer;
  const { permission = 'none', user = null } = answer.value ?? {};
  return { known: true, value: WRITING.includes(permission) && user?.type === 'User' };
}
