import { createHash } from 'node:crypto';
import type { Token } from '../world/model.ts';
import type { World } from '../world/world.ts';

/** What a token is to be good for; a user's own unless told otherwise. */
export interface TokenDraft extends Partial<Omit<Token, 'value' | 'account'>> {
  /** `ghp` a user's, `ghs` an installation's: https://github.blog/engineering/behind-githubs-new-authentication-token-formats. */
  readonly prefix: 'ghp' | 'ghs';
  readonly account: Token['account'];
}

/** Issues a token that looks like GitHub's. The same forge, set up in the same way, issues the same tokens. */
export function issueToken(world: World, { prefix, ...draft }: TokenDraft): Token {
  const digest = createHash('sha256').update(`token ${world.nextId()}`).digest('hex');
  const token: Token = {
    installation: null,
    permissions: {},
    repositories: 'all',
    workflow: false,
    expiresAt: null,
    ...draft,
    value: `${prefix}_${digest.slice(0, 36)}`,
  };
  world.tokens.set(token.value, token);
  return token;
}
