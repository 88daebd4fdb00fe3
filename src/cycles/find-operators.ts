import type { Person } from '../review/index.ts';
import type { JudgeDesk } from './judge-desk.ts';

type Desk = Pick<JudgeDesk, 'access' | 'memory'>;

const WRITING: readonly string[] = ['admin', 'write'];

/**
 * Of some people, the ids of those whom a list of operators names: a login with write access now whose account is that very person,
 * or an active member of a team (judge.md §4.5). What GitHub does not tell counts as no.
 */
export async function findOperators(
  desk: Desk,
  operators: readonly string[],
  people: readonly Person[],
): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  for (const person of people)
    if (!found.has(person.id) && (await isOperator(desk, operators, person))) found.add(person.id);
  return found;
}

/** Of some people, the ids of the repository's admins. */
export async function findAdmins(desk: Desk, people: readonly Person[]): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  for (const person of people) if ((await permissionOf(desk, person)) === 'admin') found.add(person.id);
  return found;
}

async function isOperator(desk: Desk, operators: readonly string[], person: Person): Promise<boolean> {
  for (const operator of operators) {
    const isNamed = operator.toLowerCase() === person.login.toLowerCase();
    if (isNamed && WRITING.includes(await permissionOf(desk, person))) return true;
    if (operator.startsWith('@') && (await isMember(desk, operator, person))) return true;
  }
  return false;
}

/** Who has this name by now may be somebody else. */
async function permissionOf({ access, memory }: Desk, { id, login }: Person): Promise<string> {
  const found = await memory.access.of(login.toLowerCase(), () => access.access(login));
  return found?.id === id ? found.permission : 'none';
}

async function isMember(desk: Desk, team: string, person: Person): Promise<boolean> {
  const [org = '', slug = ''] = team.slice(1).split('/');
  const key = `${org}/${slug}/${person.login}`.toLowerCase();
  const answer = await desk.memory.teams.of(key, () => desk.access.isTeamMember({ org, slug }, person.login));
  // A team is asked by name; the account behind the name has to be that very person.
  return answer === true && (await permissionOf(desk, person)) !== 'none';
}
