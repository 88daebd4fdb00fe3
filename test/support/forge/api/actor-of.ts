import { roleOf } from '../auth/access.ts';
import { appOf } from '../auth/actor.ts';
import type { Call, RepositoryCall } from '../http/call.ts';
import { Refusal } from '../http/refusal.ts';
import type { Account } from '../world/model.ts';

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
