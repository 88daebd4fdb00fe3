import type { PublishReport } from '../../../src/cycles/publish-cycle.ts';
import type { GitHubPlace } from './github-place.ts';

/** Requests of one kind each; the token exchange is neither read nor write. */
export interface Calls {
  readonly reads: number;
  readonly writes: number;
  readonly tokens: number;
}

/** Calls that a run made, by kind, as the local GitHub saw them. */
export function callsSeen({ forge }: Pick<GitHubPlace, 'forge'>): Calls {
  const rest = forge.requests.filter(({ kind }) => kind === 'rest');
  const tokens = rest.filter(({ path }) => path.endsWith('/access_tokens')).length;
  const writes = rest.filter(({ write }) => write).length;
  return { reads: rest.length - writes - tokens, writes, tokens };
}

/** The same, as the report counts them. */
export function callsToldBy({ calls }: PublishReport): Calls {
  const sum = (kind: string) => calls.reduce((all, call) => all + (call.kind === kind ? call.count : 0), 0);
  return { reads: sum('read'), writes: sum('write'), tokens: sum('token') };
}
