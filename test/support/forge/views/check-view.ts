import type { Commit } from '../git/commits.ts';
import type { CheckRun, CheckSuite, Json, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { viewApp } from './account-view.ts';
import { viewSimpleCommit } from './commit-view.ts';
import { viewMinimalPull } from './pull-view.ts';
import { viewMinimalRepository } from './repository-view.ts';
import { iso, isoOrNull, nodeId, repositoryApi, repositoryPage } from './urls.ts';

/** `check-run`. */
export function viewCheckRun(world: World, repository: Repository, run: CheckRun): Json {
  const url = repositoryApi(world, repository, `/check-runs/${run.id}`);
  const page = repositoryPage(world, repository, `/runs/${run.id}`);
  return {
    id: run.id,
    node_id: nodeId('CR', run.id),
    head_sha: run.sha,
    external_id: run.externalId,
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: iso(run.startedAt),
    completed_at: isoOrNull(run.completedAt),
    output: {
      ...run.output,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    name: run.name,
    check_suite: { id: run.suite.id },
    app: viewApp(world, run.suite.app),
    pull_requests: viewPulls(world, repository, run.sha),
  };
}

/** `check-run-with-simple-check-suite`: as webhooks show it. */
export function viewCheckRunEvent(world: World, repository: Repository, run: CheckRun): Json {
  return {
    ...viewCheckRun(world, repository, run),
    check_suite: viewSuite(world, repository, run.suite),
    details_url: run.detailsUrl ?? repositoryPage(world, repository, `/runs/${run.id}`),
  };
}

/** What a suite is, without its commit. */
function viewSuite(world: World, repository: Repository, suite: CheckSuite): Json {
  const runs = repository.checkRuns.filter((run) => run.suite === suite);
  const isDone = runs.length > 0 && runs.every(({ status }) => status === 'completed');
  const worst = runs.find(({ conclusion }) => conclusion !== 'success') ?? runs[0];
  return {
    id: suite.id,
    node_id: nodeId('CS', suite.id),
    head_branch: suite.branch,
    head_sha: suite.sha,
    status: isDone ? 'completed' : 'queued',
    conclusion: isDone ? (worst?.conclusion ?? null) : null,
    url: repositoryApi(world, repository, `/check-suites/${suite.id}`),
    before: suite.before,
    after: suite.sha,
    pull_requests: viewPulls(world, repository, suite.sha),
    app: viewApp(world, suite.app),
    created_at: iso(suite.createdAt),
    updated_at: iso(suite.createdAt),
  };
}

/** `check-suite`. */
export function viewCheckSuite(
  world: World,
  repository: Repository,
  { suite, commit }: SuiteWithCommit,
): Json {
  return {
    ...viewSuite(world, repository, suite),
    repository: viewMinimalRepository(world, repository),
    head_commit: viewSimpleCommit(commit),
    latest_check_runs_count: repository.checkRuns.filter((run) => run.suite === suite).length,
    check_runs_url: repositoryApi(world, repository, `/check-suites/${suite.id}/check-runs`),
  };
}

interface SuiteWithCommit {
  readonly suite: CheckSuite;
  readonly commit: Commit;
}

/** Open pull requests of this repository with that head; GitHub does not name forks' here. */
function viewPulls(world: World, repository: Repository, sha: string): readonly Json[] {
  return [...repository.pulls.values()]
    .filter(({ head, issue }) => head.sha === sha && head.repository === repository && issue.state === 'open')
    .map((pull) => viewMinimalPull(world, repository, pull));
}

/** `check-annotation`. */
export function viewAnnotation(
  world: World,
  repository: Repository,
  { annotation, run }: { readonly annotation: Json; readonly run: CheckRun },
): Json {
  const usual = { start_column: null, end_column: null, title: null, raw_details: null };
  const path = encodeURI(String(annotation['path']));
  return {
    ...usual,
    ...annotation,
    blob_href: repositoryPage(world, repository, `/blob/${run.sha}/${path}`),
  };
}
