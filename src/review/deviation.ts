import type { Instant } from '../kernel/instant.ts';
import type { ReviewFinding } from './review-finding.ts';

interface Words {
  readonly message: string;
  readonly help: string;
}

type Say = (observed: string, required: string) => Words;

const say = (message: string, help: string): Words => ({ message, help });
const ASK_THE_PUSHER = 'find out who pushed it; take it back, or acknowledge it';
const NEVER_TRUST = 'compare with the check on the pull request; whoever can write refs can write notes';

/** What an audit names: code → words. `observed` and `required` are texts from outside, to be escaped for their sink. */
const CATALOGUE = {
  UNEXPLAINED: () => say('live values were changed, and nothing in Git explains how', ASK_THE_PUSHER),
  UNEXPLAINED_SETTLED: (o) =>
    say(
      `live values were changed, and nothing in Git explains how; ${o} settled it`,
      'sessions may have loaded what stood in between: see peak history',
    ),
  HARD_LIMIT: () => say('the live configuration broke a hard limit', ASK_THE_PUSHER),
  LIVE_INVALID: () => say('the live configuration holds what a session refuses or ignores', ASK_THE_PUSHER),
  NOT_AUTHENTIC: () =>
    say(
      'is not the promotion that its evidence and the policy of its base give',
      'roll it back, or acknowledge it',
    ),
  NOT_DERIVED_AGAIN: (o, r) =>
    say(
      `was derived by version ${o} of the rules; this engine has ${r} and cannot derive it again`,
      'audit it with the version of peak that made it',
    ),
  EVIDENCE_CHANGED: () => say('evidence was changed after it was added', 'restore what stood there'),
  EVIDENCE_DELETED: () => say('evidence was taken away', 'restore it from the commit before'),
  RECORD_CHANGED: () => say('the record of a promotion was changed after the merge', 'restore it'),
  POLICY_REMOVED: () => say('the policy was taken away', 'restore it'),
  POLICY_UNREADABLE: () => say('the policy could not be read from then on', 'repair it'),
  UNJUDGED_LOOSENING: (o) =>
    say(`the policy allowed more from then on: ${o}`, 'no verdict is known; was it approved?'),
  UNJUDGED_CHANGE: (o) =>
    say(`live values were changed by hand: ${o}`, 'no verdict is known; was it approved?'),
  NO_VERDICT: (o) => say(`a governed change (${o}) without a verdict of the judge`, ASK_THE_PUSHER),
  VERDICT_INVALID: (o) => say(`its note is no verdict record: ${o}`, NEVER_TRUST),
  VERDICT_OTHER: (o, r) => say(`its verdict is about another change: ${o}, here it is ${r}`, NEVER_TRUST),
  VERDICT_NOT_SUCCESS: (o) => say(`was merged although the judge said ${o}`, ASK_THE_PUSHER),
  VERDICT_EXPIRED: (o, r) => say(`was merged at ${o}; its verdict held ${r}`, ASK_THE_PUSHER),
} satisfies Record<string, Say>;

/** The closed set of codes. */
export type AuditCode = keyof typeof CATALOGUE;

/** All codes. */
export const AUDIT_CODES = Object.keys(CATALOGUE) as readonly AuditCode[];

/** One thing that a commit of the base did and that is not explained; or, where it is only `noted`, that nobody vouches for. */
export interface Deviation {
  readonly code: AuditCode;
  /** Noted: people may want to know; it does not make the audit's answer "no". */
  readonly isNoted: boolean;
  readonly commit: string;
  readonly time: Instant;
  readonly files: readonly string[];
  readonly observed: string;
  readonly required: string;
  /** What the judge's rules found in it. */
  readonly findings: readonly ReviewFinding[];
}

/** The words for a deviation, lower case, and the advice apart. May hold untrusted text: escape it for its sink. */
export function describeDeviation({
  code,
  observed,
  required,
}: Pick<Deviation, 'code' | 'observed' | 'required'>): Words {
  return (CATALOGUE[code] as Say)(observed, required);
}
