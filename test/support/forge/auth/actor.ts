import type { Account, App, Permissions, Token } from '../world/model.ts';

/** Who asks. */
export type Actor =
  | { readonly kind: 'anonymous' }
  /** A user's token, or an installation's; `account` is the user or the bot. */
  | { readonly kind: 'token'; readonly account: Account; readonly token: Token }
  /** An App by its signed JWT: it may only look at itself and ask for tokens. */
  | { readonly kind: 'app'; readonly app: App };

/** Shown in the request log. */
export function nameOf(actor: Actor): string | null {
  if (actor.kind === 'anonymous') return null;
  return actor.kind === 'app' ? `app:${actor.app.slug}` : actor.account.login;
}

/** The App behind a token, if it is an installation's. */
export function appOf(actor: Actor): App | null {
  return actor.kind === 'token' ? (actor.token.installation?.app ?? null) : null;
}

/** Whether a set of App permissions covers one. */
export function permits(permissions: Permissions, scope: string, level: 'read' | 'write'): boolean {
  const given = permissions[scope];
  return given === 'write' || (given === 'read' && level === 'read');
}
