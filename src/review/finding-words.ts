import { formatInstant, type Instant } from '../kernel/instant.ts';
import type { Problem } from '../kernel/problem.ts';
import { describeProblem } from '../kernel/problem-catalogue.ts';

/** What is the case, and what to do about it. */
interface Words {
  readonly message: string;
  readonly help?: string;
}

/** What words are made of; texts from outside, to be escaped for their sink. */
export interface WordFacts {
  readonly observed?: string;
  readonly required?: string;
  readonly until?: Instant;
  /** What the code that reads the file said. */
  readonly problem?: Problem;
}

type Say = (observed: string, required: string, facts: WordFacts) => Words;

const say = (message: string, help?: string): Words => (help === undefined ? { message } : { message, help });
const REBUILD =
  'let the workflow promotion-cycle run again: it rebuilds the proposal from the evidence and the base';
const OWN_PULL_REQUEST = 'take it out, and open a pull request of its own for it';

/** Every finding of the judge: code → words, and the section of judge.md it follows (docs/governance-check.md). */
const CATALOGUE = {
  // §2, §7: what is judged at all
  MERGE_BASE: (o) =>
    say(
      `the head and the base have ${o} best common ancestors; one is needed`,
      'merge the base into the branch',
    ),
  LIMIT_EXCEEDED: (o, r) => say(`${o}, over the judge's limit of ${r}`, 'split the change'),
  OBJECTS_REFUSED: () =>
    say(
      'git refuses objects of this branch: they are damaged or made to mislead',
      'push a branch that `git fsck` accepts',
    ),
  TEXT_INVALID: () => say('is not valid UTF-8', 'write it as UTF-8'),
  INTERNAL_ERROR: (o, r) =>
    say(`the rule ${o} failed inside; reference ${r}`, 'please report it with the reference'),
  // §3: classes
  MIXED_CLASSES: (o, r) => say(`is of class ${o}, in a change of class ${r}`, OWN_PULL_REQUEST),
  PATH_TWIN: (_, r) => say(`is the same as ${r} to some file systems`, 'use the exact path'),
  PATH_RESERVED: () => say('lies where only governed files may be', 'put it elsewhere'),
  FILE_KIND: (o, r) => say(`is ${o}; a governed file is ${r}`, 'commit a regular file'),
  FILTER_REFUSED: (o, r) =>
    say(
      `gives ${r} the attribute ${o}, which changes the bytes that are read`,
      'leave governed paths unconverted',
    ),
  RECORD_CHANGED: () =>
    say('changes what is merged already; proposals are immutable', 'leave merged folders alone'),
  EVIDENCE_CHANGED: () => say('changes evidence; it is only ever added', 'add a new file in its place'),
  EVIDENCE_DELETED: () => say('takes evidence away, which counts as loosening'),
  EVIDENCE_QUARANTINED: (o) => say(`must not be published: ${o}`, 'remove it; revoke what was a real secret'),
  // policy
  POLICY_MISSING: () =>
    say(
      'the base has no policy; only a change that adds a valid one can pass',
      'add config/promotion.toml alone',
    ),
  POLICY_UNREADABLE: () =>
    say('the policy of the base cannot be read; only its repair can pass', 'repair it first'),
  POLICY_INVALID: (_, __, { problem }) =>
    say(`the policy would be invalid: ${wordsOf(problem)}`, helpOf(problem)),
  POLICY_REMOVED: () =>
    say('the policy would be gone', 'restore it; to stop promotions, use mode = "disabled"'),
  POLICY_LOOSENED: (o, r) => say(`allows more: ${o} → ${r}`),
  POLICY_TIGHTENED: (o, r) => say(`allows less: ${o} → ${r}`),
  LAYERS_NOT_NEUTRAL: (o, r) =>
    say(
      `would change what a session loads through its layers: ${o} → ${r}`,
      'name a layer that changes nothing, and change its values in a pull request of their own',
    ),
  POLICY_RESULT: (o) => say(`counts as ${o} the policy`),
  // §4.1 authentic
  PROPOSAL_COUNT: (o) => say(`${o} new proposal folders; a promotion adds exactly one`),
  PROPOSAL_META_INVALID: (_, __, { problem }) =>
    say(`is no proposal's metadata: ${wordsOf(problem)}`, REBUILD),
  DERIVATION_VERSION_OTHER: (o, r) =>
    say(`derived by version ${o} of the rules; this judge has ${r}`, REBUILD),
  BASE_COMMIT_OTHER: (o, r) => say(`derived from ${o}, but the branch starts from ${r}`, REBUILD),
  CLOCK_OUT_OF_RANGE: (o, r) => say(`its clock says ${o}; it must lie in ${r}`, REBUILD),
  REBUILD_FAILED: (_, __, { problem }) =>
    say(`cannot be derived again: ${wordsOf(problem)}`, helpOf(problem)),
  NOTHING_DERIVED: (o) => say(`the evidence proposes nothing in the ${o} lane`),
  FILE_DIFFERS: () => say('is not what the evidence and the policy give', REBUILD),
  FILE_MISSING: () => say('is missing; the derivation gives it', REBUILD),
  FILE_EXTRA: () => say('is no part of what the derivation gives', OWN_PULL_REQUEST),
  VALUE_DIFFERS: (o, r) => say(`would be ${o}; the evidence and the policy give ${r}`),
  // §4.2, §4.3 valid now, mergeable as judged
  KILLSWITCH: () => say('the mode is disabled: no promotion may be merged'),
  MODE_MOVED: (_, __, { problem }) => say(`the policy has become stricter: ${wordsOf(problem)}`, REBUILD),
  BASE_MOVED: () => say('has changed on the base since this was derived', REBUILD),
  CHANGE_SET_MOVED: () => say('derived again now, other changes are accepted', REBUILD),
  MERGE_CONFLICT: () =>
    say('it cannot be merged without conflicts', 'merge the base into the branch, or rebuild it'),
  MERGE_DIFFERS: () => say('would not be what was judged after the merge', REBUILD),
  // live configuration after the merge
  LIVE_CONFIG_INVALID: (_, __, { problem }) => say(`after the merge: ${wordsOf(problem)}`, helpOf(problem)),
  HARD_LIMIT: (o, r) => say(`${o} breaks the hard limit ${r}`),
  NEVER_TARGET: () => say('is on the never-list'),
  LIVE_CHANGED: (o, r) => say(`changes what a session loads: ${o} → ${r}`),
  ENVIRONMENT_CHANGED: (o, r) => say(`changes environment.mode: ${o} → ${r}`),
  BASE_STRUCTURE_CHANGED: () => say('changes the base configuration in more than single values'),
  // §4.4, §4.5 lanes and approvals
  LANE: (o) => say(`judged in the ${o} lane`),
  LANE_NOT_BOT: () => say("not auto: it is not the bot's own pull request"),
  LANE_UNPROTECTED: () =>
    say(
      'not auto: it is not known that the base branch demands a pull request, this check and an up-to-date branch, and forbids force pushes',
      'peak doctor --repository OWNER/NAME compares the settings',
    ),
  LANE_EVIDENCE_UNTRUSTED: () =>
    say('not auto: it is not known that all evidence entered the base as it must'),
  APPROVALS_UNKNOWN: (_, r) =>
    say(`approvals are not known here; ${r}`, 'the check on the pull request counts them'),
  APPROVALS_MISSING: (o, r) =>
    say(
      `needs ${r} approval${r === '1' ? '' : 's'}, has ${o}`,
      'an operator whom the policy of the base names reviews and approves; authors do not count',
    ),
  MAY_APPROVE: (o) => say(`who may: ${o}`),
  NOBODY_MAY_APPROVE: () => say('nobody may: [approvals] operators in the policy of the base is empty'),
  APPROVAL_NOT_COUNTED: (o, r) => say(`the approval of ${o} does not count: ${r}`),
  CHANGES_REQUESTED: (o) => say(`${o} asks for changes`, 'answer, and ask for another review'),
  UNVERIFIED_COMMIT: (o) => say(`commit ${o} is not verified: one more approval`, 'sign commits'),
  TICKS_MISSING: () =>
    say('not all boxes of the checklist are ticked', 'tick them in the description of the pull request'),
  HELD: () => say('an operator holds it', 'an operator releases it with "/peak release"'),
  DECLINED: (o) =>
    say(
      `${o} declines this value`,
      'the publisher rebuilds the pull request without it (operator-command.yml); where the judge has not answered the comment, write it again. "/peak release" lets it stand',
    ),
  // §5 rollback
  HISTORY_UNDETERMINED: () =>
    say('needs the history of the base, which this clone does not hold far enough back'),
  ROLLBACK_VALUE: (o, r) => say(`goes to ${o}; before its latest promotion it was ${r}`),
  ROLLBACK_RISKIER: (o, r) => say(`${o} → ${r} is riskier`),
  ROLLBACK_OLD: (o, r) =>
    say(`the promotion is from ${o}, older than ${r}, and no direction is declared riskier`),
  ROLLBACK_RIDER: () => say('is no exact inverse of what the promotion added', OWN_PULL_REQUEST),
  NOT_A_ROLLBACK: (o) =>
    say(
      `${o} was never live: neither a promotion nor a way back`,
      'values go live by a promotion that "peak cycle" opens',
    ),
  NON_CANONICAL: () => say('is written in other words than this tool does; it means the same'),
} satisfies Record<string, Say>;

/** The closed set of codes. */
export type ReviewCode = keyof typeof CATALOGUE;

/** All codes, in the order of judge.md. */
export const REVIEW_CODES = Object.keys(CATALOGUE) as readonly ReviewCode[];

/** The words for a finding, lower case, and the advice apart. May hold untrusted text: escape it for its sink. */
export function describeReviewFinding(finding: WordFacts & { readonly code: ReviewCode }): Words {
  const { code, observed = '', required = '', until } = finding;
  const words = (CATALOGUE[code] as Say)(observed, required, finding);
  if (until === undefined) return words;
  return { ...words, message: `${words.message} (until ${formatInstant(until)})` };
}

function wordsOf(problem: Problem | undefined): string {
  return problem === undefined ? 'not known' : describeProblem(problem.code, problem.args).message;
}

function helpOf(problem: Problem | undefined): string | undefined {
  return problem === undefined ? undefined : describeProblem(problem.code, problem.args).hint;
}
