import { includesRole, roleOf } from '../auth/access.ts';
import { appOf } from '../auth/actor.ts';
import type { Call, RepositoryCall } from '../http/call.ts';
import { Refusal } from '../http/refusal.ts';
import type { Account, Role } from '../world/model.ts';

/** The account that acts; 401 for nobody and for an App's JWT. */
export function actorOf({ actor }: Call): Account {
  if (actor.kind === 'token') return actor.account;
  throw new Refusal(401, 'Requires authentication');
}

/** Who asks, for rules that some may bypass. */
export function askerOf(call: RepositoryCall): { readonly app?: number; readonly isAdmin?: boolean } {
  const app = appOf(call.actor);
  if (app !== null) return { app: app.id };
  return { isAdmin: roleOf(call.world, call.repository, actorOf(call)) === 'admin' };
}

/** An author may edit what they wrote; other users need the role. Apps need no more than the permission. */
export function assertAuthorOr(call: RepositoryCall, author: Account, role: Role): void {
  if (appOf(call.actor) !== null || actorOf(call) === author) return;
  const { world, repository } = call;
  if (includesRole(roleOf(world, repository, actorOf(call)), role)) return;
  throw new Refusal(403, 'Must have admin rights to Repository.');
}
