import { readDiff } from '../git/diff.ts';
import { mergeBase } from '../git/merge.ts';
import type { Account, Pull, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';

/** Where GitHub looks, in this order, on the base branch: https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners. */
const PLACES = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];

/** The owners of each changed file that has any: `@login`, `@org/team`. */
export async function findCodeOwners(
  repository: Repository,
  pull: Pull,
): Promise<readonly (readonly string[])[]> {
  const base = repository.refs.get(`refs/heads/${pull.base.ref}`) ?? pull.base.sha;
  const lines = await readLines(repository, base);
  const from = (await mergeBase(repository.git, base, pull.head.sha)) ?? base;
  const changes = await readDiff(repository.git, from, pull.head.sha);
  return changes.map(({ path }) => ownersOf(lines, path)).filter((owners) => owners.length > 0);
}

/** Whether an account is one of these owners, by itself or as an active member of a team. */
export function isOwner(world: World, account: Account, owners: readonly string[]): boolean {
  return owners.some((owner) => {
    const [first = '', slug] = owner.replace(/^@/, '').toLowerCase().split('/');
    if (slug === undefined) return account.login.toLowerCase() === first;
    const team = world.teams.find(
      (entry) => entry.slug === slug && entry.organization.login.toLowerCase() === first,
    );
    return team?.members.get(account.id) === 'active';
  });
}

async function readLines(repository: Repository, base: string): Promise<readonly string[]> {
  for (const place of PLACES) {
    const { code, stdout } = await repository.git.run(['cat-file', 'blob', `${base}:${place}`]);
    if (code === 0) return stdout.toString('utf8').split('\n');
  }
  return [];
}

/** The last line that matches decides. */
function ownersOf(lines: readonly string[], path: string): readonly string[] {
  let owners: readonly string[] = [];
  for (const line of lines) {
    const [pattern = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (pattern !== '' && toRegExp(pattern).test(path)) owners = names;
  }
  return owners;
}

/** The part of gitignore's patterns that CODEOWNERS takes: `*`, `**`, a leading and a trailing slash. */
function toRegExp(pattern: string): RegExp {
  const isAnchored = pattern.replace(/\/$/, '').includes('/');
  const escaped = pattern.replace(/^\//, '').replace(/[.+^${}()|[\]\\?]/g, '\\$&');
  const glob = escaped.replaceAll('**', '\0').replaceAll('*', '[^/]*').replaceAll('\0', '.*');
  const end = pattern.endsWith('/') ? '.*' : pattern.endsWith('*') ? '' : '(?:/.*)?';
  return new RegExp(`${isAnchored ? '^' : '(?:^|/)'}${glob}${end}$`);
}
