import { declineEnds } from '../governance/index.ts';
import { type Instant, parseInstant } from '../kernel/instant.ts';
import { parseState, replaceState } from './state-block.ts';
import { DeclinableValue, haveRoom, type PullDecline } from './state-schema.ts';

/** The pull request that a "no" is written into. */
export interface DeclinedPull {
  readonly body: string;
  readonly branch: string;
  /** The commit that it stands for. */
  readonly head: string;
}

/**
 * What became of a "no". `known`: it stands there already. `refused`: the body has no room for it, or its value is too long to be refused
 * alone.
 */
export type RecordedDecline =
  | { readonly state: 'recorded'; readonly body: string }
  | { readonly state: 'known' | 'refused' };

/**
 * Writes a "no" into the state of a body. One to the same target and value is replaced when its 14 days are over, because the change has
 * come back since. A state that cannot be read is written anew.
 */
export function recordDecline(pull: DeclinedPull, decline: PullDecline, now: Instant): RecordedDecline {
  const { body, branch, head } = pull;
  const known = parseState(body);
  const before = known?.declined ?? [];
  const same = before.find((one) => isSameChange(one, decline));
  if (same !== undefined && stands(same, now)) return { state: 'known' };
  const declined = [...before.filter((one) => one !== same), decline];
  if (!DeclinableValue.safeParse(decline.value).success || !haveRoom(declined)) return { state: 'refused' };
  const anew = {
    version: 1,
    branch,
    head,
    proposal_id: null,
    change_set_digest: null,
    closed: null,
  } as const;
  return { state: 'recorded', body: replaceState(body, { ...(known ?? anew), declined }) };
}

function stands({ at }: PullDecline, now: Instant): boolean {
  const closedAt = parseInstant(at);
  return closedAt !== null && now < declineEnds({ closedAt });
}

function isSameChange(a: PullDecline, b: PullDecline): boolean {
  return a.target === b.target && a.value === b.value;
}
