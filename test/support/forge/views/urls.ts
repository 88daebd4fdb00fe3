import type { Millis, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';

/** Where the REST API of GitHub Enterprise Server lies. */
export const API_PREFIX = '/api/v3';

/** Where its GraphQL API lies. */
export const GRAPHQL_PATH = '/api/graphql';

/** An address of the REST API. */
export function apiUrl(world: World, path: string): string {
  return `${world.origin}${API_PREFIX}${path}`;
}

/** An address of the REST API below a repository. */
export function repositoryApi(world: World, repository: Repository, path = ''): string {
  return apiUrl(world, `/repos/${fullName(repository)}${path}`);
}

/** An address for people below a repository. */
export function repositoryPage(world: World, repository: Repository, path = ''): string {
  return `${world.origin}/${fullName(repository)}${path}`;
}

/** `owner/name`. */
export function fullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}

/** GitHub's times have no fractions of a second. */
export function iso(at: Millis): string {
  return `${new Date(Math.floor(at / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

/** As `iso`, or null. */
export function isoOrNull(at: Millis | null): string | null {
  return at === null ? null : iso(at);
}

/** GitHub's other kind of id. */
export function nodeId(kind: string, id: number): string {
  return `${kind}_${Buffer.from(String(id)).toString('base64url')}`;
}
