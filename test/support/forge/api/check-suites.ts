import { readCommit } from '../git/commits.ts';
import { findCommit } from '../git/git-store.ts';
import { branchOf } from '../git/ref-names.ts';
import { type Answer, created, numberIn, ok, paramIn, type RepositoryCall } from '../http/call.ts';
import { notFound } from '../http/refusal.ts';
import { viewCheckSuite } from '../views/check-view.ts';
import { emitEvent } from '../webhooks/emit.ts';
import type { Account, App, CheckSuite, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { actorOf } from './actor-of.ts';

/** `GET commits/{ref}/check-suites`. */
export async function listCheckSuites(call: RepositoryCall): Promise<Answer> {
  const { world, repository, query } = call;
  const sha = await findCommit(repository.git, paramIn(call, 'ref'));
  if (sha === null) throw notFound();
  const commit = await readCommit(repository.git, sha);
  const suites = repository.suites.filter(
    (suite) =>
      suite.sha === sha && (query['app_id'] === undefined || String(suite.app.id) === query['app_id']),
  );
  const views = suites.map((suite) => viewCheckSuite(world, repository, { suite, commit }));
  return ok({ total_count: views.length, check_suites: views });
}

/** `POST check-suites/{check_suite_id}/rerequest`: the event goes to the suite's App. */
export async function rerequestSuite(call: RepositoryCall): Promise<Answer> {
  const { world, repository } = call;
  const suite = repository.suites.find(({ id }) => id === numberIn(call, 'check_suite_id'));
  if (suite === undefined) throw notFound();
  await emitSuite(world, repository, { suite, action: 'rerequested', sender: actorOf(call) });
  return created({});
}

interface SuiteEvent {
  readonly suite: CheckSuite;
  readonly action: 'requested' | 'rerequested';
  readonly sender: Account;
}

/** Sends `check_suite` to the suite's App. */
export async function emitSuite(
  world: World,
  repository: Repository,
  { suite, action, sender }: SuiteEvent,
): Promise<void> {
  const commit = await readCommit(repository.git, suite.sha);
  const view = viewCheckSuite(world, repository, { suite, commit });
  const payload = { action, check_suite: view };
  emitEvent(world, repository, { event: 'check_suite', sender, only: suite.app, payload });
}

/** The suite of an App for a commit, new if there is none. */
export function ensureSuite(
  world: World,
  repository: Repository,
  { app, sha, before = null }: { readonly app: App; readonly sha: string; readonly before?: string | null },
): CheckSuite {
  const found = repository.suites.find((suite) => suite.app === app && suite.sha === sha);
  if (found !== undefined) return found;
  const branch = [...repository.refs].find(([ref, tip]) => tip === sha && branchOf(ref) !== null)?.[0];
  const suite: CheckSuite = {
    id: world.nextId(),
    app,
    sha,
    branch: branch === undefined ? null : branchOf(branch),
    before,
    createdAt: world.clock(),
  };
  repository.suites.push(suite);
  return suite;
}
