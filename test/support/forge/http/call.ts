import type { Actor } from '../auth/actor.ts';
import type { Json, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';

/** One REST call: whose, with which arguments. Body and path were checked against GitHub's schema before. */
export interface Call {
  readonly world: World;
  readonly actor: Actor;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Json;
}

/** A call about a repository that the caller may see. */
export interface RepositoryCall extends Call {
  readonly repository: Repository;
}

/** What goes back; a list is cut into pages by the server. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export type Handler<C extends Call = Call> = (call: C) => Answer | Promise<Answer>;

/** 200. */
export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** 201. */
export function created(body: unknown): Answer {
  return { status: 201, body };
}

/** 204. */
export function noContent(): Answer {
  return { status: 204, body: null };
}

/** The text under a name, if the caller gave one. */
export function textOf(body: Json, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' ? value : undefined;
}

/** The texts under a name; GitHub's label lists also take objects with a name. */
export function textsOf(body: Json, name: string): readonly string[] | undefined {
  const value = body[name];
  if (!Array.isArray(value)) return undefined;
  return value.map((entry) => (typeof entry === 'string' ? entry : String((entry as Json)['name'])));
}

/** The whole number in the path under a name. */
export function numberIn(call: Call, name: string): number {
  return Number(call.params[name]);
}

/** A parameter of the path. */
export function paramIn(call: Call, name: string): string {
  return call.params[name] ?? '';
}
