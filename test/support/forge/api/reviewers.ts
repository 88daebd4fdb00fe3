import { includesRole, roleOf } from '../auth/access.ts';
import { type Answer, created, ok, type RepositoryCall, textsOf } from '../http/call.ts';
import { Refusal } from '../http/refusal.ts';
import { viewAccount, viewTeam } from '../views/account-view.ts';
import { viewSimplePull } from '../views/pull-view.ts';
import type { Account, Team } from '../world/model.ts';
import { actorOf } from './actor-of.ts';
import { emitPull } from './close-pull.ts';
import { findPull } from './pulls.ts';

/** `GET pulls/{pull_number}/requested_reviewers`. */
export function listReviewers(call: RepositoryCall): Answer {
  const { reviewers, teams } = findPull(call);
  return ok({
    users: reviewers.map((account) => viewAccount(call.world, account)),
    teams: teams.map((team) => viewTeam(call.world, team)),
  });
}

/** `POST pulls/{pull_number}/requested_reviewers`: 422 for the author, and for who cannot see the repository. */
export function requestReviewers(call: RepositoryCall): Answer {
  const { world, repository, body } = call;
  const pull = findPull(call);
  const accounts = (textsOf(body, 'reviewers') ?? []).map((login) => findReviewer(call, login));
  const teams = (textsOf(body, 'team_reviewers') ?? []).map((slug) => findTeam(call, slug));
  if (accounts.includes(pull.issue.author)) {
    throw new Refusal(422, 'Review cannot be requested from pull request author.');
  }
  const actor = actorOf(call);
  for (const account of accounts.filter((entry) => !pull.reviewers.includes(entry))) {
    pull.reviewers.push(account);
    const more = { requested_reviewer: viewAccount(world, account) };
    emitPull(world, repository, { pull, actor, action: 'review_requested', more });
  }
  for (const team of teams.filter((entry) => !pull.teams.includes(entry))) {
    pull.teams.push(team);
    const more = { requested_team: viewTeam(world, team) };
    emitPull(world, repository, { pull, actor, action: 'review_requested', more });
  }
  return created(viewSimplePull(world, repository, pull));
}

/** `DELETE pulls/{pull_number}/requested_reviewers`. */
export function removeReviewers(call: RepositoryCall): Answer {
  const { world, repository, body } = call;
  const pull = findPull(call);
  const logins = textsOf(body, 'reviewers') ?? [];
  const slugs = textsOf(body, 'team_reviewers') ?? [];
  pull.reviewers = pull.reviewers.filter(({ login }) => !logins.includes(login));
  pull.teams = pull.teams.filter(({ slug }) => !slugs.includes(slug));
  return ok(viewSimplePull(world, repository, pull));
}

function findReviewer({ world, repository }: RepositoryCall, login: string): Account {
  const account = world.accounts.find((entry) => entry.login.toLowerCase() === login.toLowerCase());
  const isCollaborator =
    account?.type === 'User' &&
    (repository.roles.has(account.id) ||
      (repository.private && includesRole(roleOf(world, repository, account), 'read')) ||
      repository.owner === account ||
      world.members.get(repository.owner.id)?.get(account.id) === 'active');
  if (account === undefined || !isCollaborator) {
    const message =
      'Reviews may only be requested from collaborators. One or more of the users or teams you specified';
    throw new Refusal(422, `${message} is not a collaborator of the ${repository.name} repository.`);
  }
  return account;
}

function findTeam({ world, repository }: RepositoryCall, slug: string): Team {
  const team = world.teams.find((entry) => entry.organization === repository.owner && entry.slug === slug);
  if (team === undefined) throw new Refusal(422, `Could not resolve to a node with the slug ${slug}.`);
  return team;
}
