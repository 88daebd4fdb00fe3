import type { People, Person, Review } from './people.ts';
import { noted, type ReviewFinding, waits } from './review-finding.ts';
import type { Verdict } from './verdict.ts';

/** How many have to agree, and who may. */
export interface Demand {
  readonly count: number;
  /** Whose approvals count. */
  readonly by: 'operators' | 'admins';
  /** The names of those, as the policy has them. */
  readonly names: readonly string[];
  /** Ticks of the checklist are asked for (manual lane, on bodies that the bot wrote). */
  readonly withTicks: boolean;
  /** An operator's hold, or "no" to a change in it, stops it: a promotion, never a way back. */
  readonly canBeHeld: boolean;
  /** Somebody of them, or the bot, has to stand behind it at all: as author, commander or approver (judge.md §5). */
  readonly needsBacker: boolean;
}

/** What the reviews are held against. */
export interface ReviewedHead {
  readonly commit: string;
  /** `digestEffect` of the head. */
  readonly effect: string;
}

/** What the demand still lacks; no `waits` means that it is met. Everything that does not count is told with its reason. */
export function countApprovals(people: People, demand: Demand, head: ReviewedHead): readonly ReviewFinding[] {
  const latest = latestReviews(people.reviews);
  const approvals = latest.filter(({ state }) => state === 'APPROVED');
  const refused = approvals.flatMap((review) => {
    const reason = whyNot(review, people, { demand, head });
    return reason === null ? [] : [{ observed: review.reviewer.login, required: reason }];
  });
  const counted = approvals.length - refused.length;
  const unverified = people.isBotOwn ? undefined : people.commitAuthors.find(({ isVerified }) => !isVerified);
  const more = unverified !== undefined && demand.count > 0 ? [unverified.commit.slice(0, 12)] : [];
  const required = Math.max(demand.count + more.length, isBacked(people, demand) ? 0 : 1);
  const who =
    demand.names.length === 0
      ? noted('NOBODY_MAY_APPROVE')
      : noted('MAY_APPROVE', { observed: demand.names.join(', ') });
  const missing = { observed: String(counted), required: String(required), children: [who] };
  return [
    ...refused.map((facts) => noted('APPROVAL_NOT_COUNTED', facts)),
    ...more.map((observed) => noted('UNVERIFIED_COMMIT', { observed })),
    ...(counted < required ? [waits('APPROVALS_MISSING', missing)] : []),
    ...findObjections(people, demand, latest),
  ];
}

/** What stands in the way however many approve. */
function findObjections(people: People, demand: Demand, latest: readonly Review[]): readonly ReviewFinding[] {
  const objectors = latest.filter(
    ({ state, reviewer }) => state === 'CHANGES_REQUESTED' && membersOf(people, demand).has(reviewer.id),
  );
  const stops = demand.canBeHeld ? people : { isHeld: false, declined: [] };
  return [
    // A way back, or a tightening, that needs nobody's consent cannot be stopped by one either.
    ...(demand.count === 0 ? [] : objectors).map(({ reviewer }) =>
      waits('CHANGES_REQUESTED', { observed: reviewer.login }),
    ),
    ...(demand.withTicks && people.ticks === 'missing' ? [waits('TICKS_MISSING')] : []),
    ...(stops.isHeld ? [waits('HELD')] : []),
    ...stops.declined.map(({ target, by }) => waits('DECLINED', { target, observed: by })),
  ];
}

function membersOf(people: People, { by }: Demand): ReadonlySet<number> {
  return by === 'admins' ? people.admins : people.operators;
}

/** The latest review of each reviewer that says something; a comment takes nothing back. */
function latestReviews(reviews: readonly Review[]): readonly Review[] {
  const latest = new Map<number, Review>();
  for (const review of reviews) {
    const known = latest.get(review.reviewer.id);
    if (review.state !== 'COMMENTED' && (known === undefined || known.at <= review.at))
      latest.set(review.reviewer.id, review);
  }
  return [...latest.values()];
}

/** Whose approvals a verdict counted: the latest of each, but for those that it says it did not count. */
export function listCountedApprovers(
  reviews: readonly Review[],
  { rules }: Pick<Verdict, 'rules'>,
): readonly Person[] {
  const refused = new Set(
    rules
      .flatMap(({ findings }) => findings)
      .flatMap(({ code, observed }) => (code === 'APPROVAL_NOT_COUNTED' ? [observed] : [])),
  );
  return latestReviews(reviews)
    .filter(({ state, reviewer }) => state === 'APPROVED' && !refused.has(reviewer.login))
    .map(({ reviewer }) => reviewer);
}

function whyNot(
  { reviewer, isUser, commit }: Review,
  people: People,
  { demand, head }: { readonly demand: Demand; readonly head: ReviewedHead },
): string | null {
  if (!isUser) return 'it is a bot';
  if (!membersOf(people, demand).has(reviewer.id)) return `not one of the ${demand.by} with access now`;
  if (reviewer.id === people.author.id) return 'the author';
  if (people.commitAuthors.some(({ id }) => id === reviewer.id)) return 'the author of a commit in it';
  if (commit === head.commit || people.earlierEffects.get(commit) === head.effect) return null;
  return 'given on another change';
}

function isBacked(people: People, demand: Demand): boolean {
  if (!demand.needsBacker || people.isBotOwn) return true;
  const members = membersOf(people, demand);
  return members.has(people.author.id) || [...people.commanders].some((id) => members.has(id));
}
