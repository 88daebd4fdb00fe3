import { AppError } from '../kernel/app-error.ts';
import { POLICY_PATH } from '../kernel/governed-paths.ts';
import { instantFromMs, MINUTE_MS } from '../kernel/instant.ts';
import {
  type Authorship,
  digestEffect,
  GITHUB_ITSELF,
  isBotOwn,
  isByPublisher,
  type People,
  type Person,
  type Review,
  readTicks,
} from '../review/index.ts';
import { findAdmins, findOperators } from './find-operators.ts';
import type { Identities } from './identities-port.ts';
import type { JudgeDesk } from './judge-desk.ts';
import type { PullCommit, PullState } from './pull-reader-port.ts';
import { readTextAt } from './read-base-policy.ts';
import type { ReviewRepository } from './review-repository-port.ts';

/** A pull request, its commits, and the tip that it is judged against. */
export interface PullFacts extends Pick<PullState, 'pull' | 'merges'> {
  /** Full id of the tip of the base branch. */
  readonly tip: string;
  readonly git: ReviewRepository;
  /** The head is a merge queue's, with the commits of its pull request. */
  readonly isGroup: boolean;
  /** Null where GitHub does not list all. */
  readonly commits: readonly PullCommit[] | null;
  /** Of those, merges of the base that change nothing on their own ("Update branch"). */
  readonly baseMerges: ReadonlySet<string>;
}

/** Reads a pull request's commits, once for each head, and finds those that only merge the base. */
export async function readPullFacts(
  desk: JudgeDesk,
  place: Omit<PullFacts, 'commits' | 'baseMerges'>,
): Promise<PullFacts> {
  const { pull, tip, git } = place;
  const known = desk.memory.commits.get(pull.head.sha);
  const isKnown = known !== undefined && (await isDownTo(git, tip, known));
  const commits = isKnown ? known : desk.memory.commits.set(pull.head.sha, await readCommits(desk, place));
  const baseMerges = new Set<string>();
  for (const commit of commits ?? []) if (await isBaseMerge(git, tip, commit)) baseMerges.add(commit.oid);
  return { ...place, commits, baseMerges };
}

/** GitHub lists the commits of the head of that moment beyond the base of that moment, and either may be another one than it told before. */
async function readCommits(
  desk: JudgeDesk,
  { pull: { number, head }, tip, git, isGroup }: Omit<PullFacts, 'commits' | 'baseMerges'>,
): Promise<readonly PullCommit[] | null> {
  const commits = await desk.pulls.commits(number);
  const isOfHead = commits === null || isGroup || commits.some(({ oid }) => oid === head.sha);
  if (isOfHead && (await isDownTo(git, tip, commits))) return commits;
  throw new AppError('GIT_REF_MOVED', `the commits listed are not those of ${head.sha} beyond ${tip}`, {
    hint: 'read the pull request again',
  });
}

/**
 * Whether nothing is left out between some commits and a tip: each parent is one of them, or on the tip. Whoever may edit a pull request
 * can point it at a branch that holds some of its commits, and nobody would be their author.
 */
async function isDownTo(
  git: ReviewRepository,
  tip: string,
  commits: readonly PullCommit[] | null,
): Promise<boolean> {
  if (commits === null) return true;
  const listed = new Set(commits.map(({ oid }) => oid));
  const below = new Set(commits.flatMap(({ parents }) => parents).filter((oid) => !listed.has(oid)));
  for (const oid of below) if (!(await isOnTip(git, tip, oid))) return false;
  return true;
}

/** Whether a commit is the tip, or comes before it. */
async function isOnTip(git: ReviewRepository, tip: string, oid: string): Promise<boolean> {
  const [common, ...others] = await git.mergeBases(oid, tip);
  return common === oid && others.length === 0;
}

async function isBaseMerge(
  git: ReviewRepository,
  tip: string,
  { oid, parents }: PullCommit,
): Promise<boolean> {
  const [previous, merged, ...more] = parents;
  if (previous === undefined || merged === undefined || more.length > 0) return false;
  if (!(await isOnTip(git, tip, merged))) return false;
  const tree = await git.mergeTree(previous, merged);
  return tree !== null && (await git.diff(tree, oid)).length === 0;
}

/** Clocks of GitHub's own differ by less, in milliseconds. */
const CLOCKS_APART_MS = MINUTE_MS;

/** Whether a pull request is the bot's own (judge.md §1). */
export function isOwn(desk: JudgeDesk, facts: PullFacts): Promise<boolean> {
  return isMade(desk, facts, isBotOwn);
}

/** Whether the publisher made all of it, on whatever branch. */
export function isPublishers(desk: JudgeDesk, facts: PullFacts): Promise<boolean> {
  return isMade(desk, facts, isByPublisher);
}

async function isMade(desk: JudgeDesk, facts: PullFacts, rule: typeof isByPublisher): Promise<boolean> {
  const { identities } = desk;
  return rule(toAuthorship(identities, facts), identities.publisher) && !(await holdsMerge(desk, facts));
}

/**
 * Whether a commit is what GitHub made of a pull request. A squash is signed, and its pull request's author's, whoever pushed what it
 * holds: it needs no more than a pull request of the publisher's, pointed at another branch.
 */
async function holdsMerge(
  { memory, merging }: JudgeDesk,
  { pull, commits, merges }: PullFacts,
): Promise<boolean> {
  const own = commits ?? [];
  const first = instantFromMs(Math.max(0, Math.min(...own.map(({ at }) => at)) - CLOCKS_APART_MS));
  const made =
    first > merges.since
      ? merges.commits
      : await memory.squashes.of(pull.head.sha, () => merging.mergesSince(first));
  return own.some(({ oid }) => made.has(oid));
}

function toAuthorship({ publisher }: Identities, { pull, commits, baseMerges }: PullFacts): Authorship {
  // Names can be given away; whoever is meant by the number has the publisher's name now.
  const nameOf = (person: Person | null) =>
    person === null ? null : person.id === publisher?.id ? publisher.login : `#${person.id} ${person.login}`;
  const facts = commits?.map((commit) => ({
    oid: commit.oid,
    parents: commit.parents,
    verified: commit.isVerified,
    author: nameOf(commit.author),
    committer: commit.committer?.login === GITHUB_ITSELF ? GITHUB_ITSELF : nameOf(commit.committer),
    isBaseMerge: baseMerges.has(commit.oid),
  }));
  const head = { oid: pull.head.sha, ref: pull.head.branch, repositoryId: pull.head.repositoryId };
  return { author: pull.author, head, baseRepositoryId: pull.base.repositoryId, commits: facts ?? null };
}

/** What is known beside the reviews. */
interface PeopleRequest {
  readonly facts: PullFacts;
  readonly isBotOwn: boolean;
  /** Changes of the proposal in the head, for the boxes of the body. */
  readonly changes: Parameters<typeof readTicks>[0]['changes'];
  readonly reviews: readonly Review[];
  /** Of the policy that judges. */
  readonly operators: readonly string[];
  /** Admins are asked for only where they decide: a first policy. */
  readonly asksAdmins: boolean;
  /** Ids of operators whose command asked for it. */
  readonly commanders: People['commanders'];
}

/** Who wrote, approved and may approve. Holds and refused changes are filled in by whoever reads the comments. */
export async function readPeople(desk: JudgeDesk, request: PeopleRequest): Promise<People> {
  const { facts, reviews } = request;
  const { author } = facts.pull;
  const voices = reviews
    .filter(({ state, isUser }) => isUser && state !== 'COMMENTED')
    .map(({ reviewer }) => reviewer);
  const people = [...(author.isUser ? [author] : []), ...voices];
  return {
    author: { id: author.id, login: author.login },
    isBotOwn: request.isBotOwn,
    reviews,
    commitAuthors: commitAuthors(facts),
    operators: new Set([...(await findOperators(desk, request.operators, people)), ...request.commanders]),
    admins: request.asksAdmins ? await findAdmins(desk, people) : new Set(),
    commanders: request.commanders,
    ticks: readTicks({
      body: facts.pull.body,
      headRef: facts.pull.head.branch,
      isByPublisher: author.id === desk.identities.publisher?.id,
      changes: request.changes,
    }),
    isHeld: false,
    declined: [],
    earlierEffects: await readEarlierEffects(facts, reviews),
  };
}

/**
 * Who stands behind the commits; null where GitHub does not list all. A signature belongs to the committer, who can name any author: both
 * count as having written it.
 */
function commitAuthors({ commits, baseMerges }: PullFacts): People['commitAuthors'] {
  if (commits === null) return null;
  return commits
    .filter(({ oid }) => !baseMerges.has(oid))
    .flatMap(({ oid, author, committer, isVerified }) => {
      const signer = committer !== null && committer.login !== GITHUB_ITSELF ? [committer.id] : [];
      const ids: readonly (number | null)[] = [...new Set([author?.id ?? null, ...signer])];
      return ids.map((id) => ({ commit: oid, id, isVerified }));
    });
}

/** What the heads would have done that reviews were given on, with the policy of their time. */
async function readEarlierEffects(
  { git, tip, pull }: PullFacts,
  reviews: readonly Review[],
): Promise<ReadonlyMap<string, string>> {
  const heads = new Set(reviews.filter(({ state }) => state === 'APPROVED').map(({ commit }) => commit));
  heads.delete(pull.head.sha);
  const effects = new Map<string, string>();
  for (const head of heads) {
    const effect = await readEffect(git, tip, head).catch(nullIfGone);
    if (effect !== null) effects.set(head, effect);
  }
  return effects;
}

async function readEffect(git: ReviewRepository, tip: string, head: string): Promise<string | null> {
  const [mergeBase, ...others] = await git.mergeBases(tip, head);
  if (mergeBase === undefined || others.length > 0) return null;
  return digestEffect(await git.diff(mergeBase, head), await readTextAt(git, mergeBase, POLICY_PATH));
}

/** Ours are never forced, so their earlier heads stay reachable. Of others they may be gone, and then count for nothing. */
function nullIfGone(error: unknown): null {
  if (error instanceof AppError && error.code === 'GIT_FAILED') return null;
  throw error;
}
