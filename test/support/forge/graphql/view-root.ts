import { assertAccess, type Need } from '../auth/access.ts';
import type { Actor } from '../auth/actor.ts';
import { listPullCommits } from '../git/pull-facts.ts';
import { findRepository } from '../http/answer-rest.ts';
import { Refusal } from '../http/refusal.ts';
import { iso, isoOrNull } from '../views/urls.ts';
import type { Account, CheckSuite, Comment, IssueEvent, Pull, Repository, Review } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { connect, type Part } from './connect.ts';

/** Who asks about what. */
interface Asking {
  readonly world: World;
  readonly actor: Actor;
  readonly repository: Repository;
}

/** What a query starts from; every field checks what the one that asks may see, as the REST handlers do. */
export function viewRoot(world: World, actor: Actor) {
  return {
    repository: ({ owner, name }: { readonly owner: string; readonly name: string }) => {
      const repository = findRepository(world, owner, name);
      if (repository === null)
        throw new Refusal(404, `Could not resolve to a Repository with the name '${owner}/${name}'.`);
      const asking = { world, actor, repository };
      allow(asking, 'metadata');
      return {
        databaseId: repository.id,
        pullRequest: ({ number }: { readonly number: number }) => viewPull(asking, number),
        pullRequests: (part: Part) => viewMerges(asking, part),
      };
    },
  };
}

function allow({ world, actor, repository }: Asking, ...scopes: readonly string[]): void {
  const need: Need = { scopes, level: 'read', role: 'read' };
  assertAccess(world, actor, { repository, need });
}

function viewPull(asking: Asking, number: number) {
  const { repository, actor } = asking;
  allow(asking, 'pull_requests');
  const pull = repository.pulls.get(number);
  if (pull === undefined)
    throw new Refusal(404, `Could not resolve to a PullRequest with the number of ${number}.`);
  const isOwn = ({ author }: Review): boolean => actor.kind === 'token' && actor.account === author;
  return {
    number,
    state: pull.mergedAt === null ? pull.issue.state.toUpperCase() : 'MERGED',
    body: pull.issue.body ?? '',
    author: viewActor(pull.issue.author),
    isCrossRepository: pull.head.repository !== repository,
    headRefOid: pull.head.sha,
    headRefName: pull.head.ref,
    baseRefName: pull.base.ref,
    baseRef: () => viewBase(asking, pull),
    mergeCommit: pull.mergeCommit === null ? null : viewCommit(asking, pull.mergeCommit),
    reviews: (part: Part) =>
      connect(
        pull.reviews.filter((review) => review.state !== 'PENDING' || isOwn(review)),
        part,
        { idOf: ({ id }) => id, view: (review) => viewReview(asking, review) },
      ),
    comments: (part: Part) => {
      allow(asking, 'issues', 'pull_requests');
      const comments = repository.comments.filter(({ issue }) => issue === pull.issue);
      return connect(comments, part, { idOf: ({ id }) => id, view: viewComment });
    },
    timelineItems: (part: Part) => {
      allow(asking, 'issues', 'pull_requests');
      const { issue } = pull;
      // Of all that can be asked for, what the judge asks.
      const events = issue.events.filter(({ event }) => event === 'closed' || event === 'reopened');
      return connect(events, part, { idOf: ({ id }) => id, view: viewClosing });
    },
    commits: async (part: Part) => {
      const ids = await listPullCommits(repository, pull);
      const view = (oid: string) => ({ commit: viewCommit(asking, oid) });
      return connect(ids, part, { idOf: (_, index) => index, view });
    },
  };
}

/** Of all that can be asked for, what the judge asks: merged ones, the latest change first. */
function viewMerges(asking: Asking, part: Part) {
  const { repository } = asking;
  allow(asking, 'pull_requests');
  const merged = [...repository.pulls.values()]
    .filter(({ mergedAt }) => mergedAt !== null)
    .sort((a, b) => b.issue.updatedAt - a.issue.updatedAt);
  const view = ({ issue, mergeCommit }: Pull) => ({
    updatedAt: iso(issue.updatedAt),
    mergeCommit: mergeCommit === null ? null : viewCommit(asking, mergeCommit),
  });
  return connect(merged, part, { idOf: ({ issue }) => issue.number, view });
}

function viewBase(asking: Asking, { base }: Pull) {
  allow(asking, 'contents');
  const tip = asking.repository.refs.get(`refs/heads/${base.ref}`);
  return tip === undefined ? null : { target: viewCommit(asking, tip) };
}

function viewReview(asking: Asking, { author, state, submittedAt, commit }: Review) {
  return {
    author: viewActor(author),
    state,
    submittedAt: state === 'PENDING' ? null : iso(submittedAt),
    commit: viewCommit(asking, commit),
  };
}

function viewComment({ id, author, body, createdAt, editedAt }: Comment) {
  return {
    fullDatabaseId: String(id),
    author: viewActor(author),
    body,
    createdAt: iso(createdAt),
    lastEditedAt: isoOrNull(editedAt),
  };
}

function viewClosing({ event, actor, at }: IssueEvent) {
  const type = event === 'closed' ? 'ClosedEvent' : 'ReopenedEvent';
  return { __typename: type, createdAt: iso(at), actor: viewActor(actor) };
}

/** GraphQL shows a bot's name without what REST puts behind it. */
function viewActor({ id, login, type }: Account) {
  return { __typename: type, login: login.replace(/\[bot\]$/, ''), databaseId: id };
}

interface Filtered<F> extends Part {
  readonly filterBy?: F | null;
}

function viewCommit(asking: Asking, oid: string) {
  return {
    __typename: 'Commit',
    oid,
    checkSuites: ({ filterBy, ...part }: Filtered<{ readonly appId?: number | null }>) => {
      allow(asking, 'checks');
      const suites = asking.repository.suites.filter(
        ({ sha, app }) => sha === oid && (filterBy?.appId == null || app.id === filterBy.appId),
      );
      const view = (suite: CheckSuite) => ({
        checkRuns: (runs: Filtered<RunFilter>) => viewRuns(asking, suite, runs),
      });
      return connect(suites, part, { idOf: ({ id }) => id, view });
    },
  };
}

interface RunFilter {
  readonly checkName?: string | null;
  readonly checkType?: 'ALL' | 'LATEST' | null;
}

function viewRuns({ repository }: Asking, suite: CheckSuite, { filterBy, ...part }: Filtered<RunFilter>) {
  const name = filterBy?.checkName;
  const all = repository.checkRuns.filter(
    (run) => run.suite === suite && (name == null || run.name === name),
  );
  const latest = all.filter((run) => all.findLast((other) => other.name === run.name) === run);
  const runs = filterBy?.checkType === 'LATEST' ? latest : all;
  return connect(runs, part, { idOf: ({ id }) => id, view: ({ externalId }) => ({ externalId }) });
}
