import { type Answer, ok, paramIn, type RepositoryCall } from '../http/call.ts';
import { viewMinimalRepository } from '../views/repository-view.ts';
import { iso, nodeId, repositoryApi, repositoryPage } from '../views/urls.ts';
import type { Json, Repository, WorkflowRun } from '../world/model.ts';
import type { World } from '../world/world.ts';

/** `GET actions/workflows/{workflow_id}/runs`: what a test says has run; nothing runs here. */
export function listWorkflowRuns(call: RepositoryCall): Answer {
  const { world, repository, query } = call;
  const path = `.github/workflows/${paramIn(call, 'workflow_id')}`;
  const runs = repository.workflowRuns
    .filter(
      (run) => run.path === path && (query['status'] === undefined || run.conclusion === query['status']),
    )
    .toSorted((a, b) => b.updatedAt - a.updatedAt);
  const views = runs.map((run) => viewRun(world, repository, run));
  return ok({ total_count: views.length, workflow_runs: views });
}

/** As GitHub shows it; the addresses of what this server does not have lead nowhere. */
function viewRun(world: World, repository: Repository, run: WorkflowRun): Json {
  const url = repositoryApi(world, repository, `/actions/runs/${run.id}`);
  const below = ['jobs', 'logs', 'cancel', 'rerun', 'artifacts'].map((name) => [
    `${name}_url`,
    `${url}/${name}`,
  ]);
  return {
    id: run.id,
    node_id: nodeId('WFR', run.id),
    name: run.path,
    head_branch: repository.defaultBranch,
    head_sha: '0'.repeat(40),
    path: run.path,
    display_title: run.path,
    run_number: 1,
    event: 'schedule',
    status: 'completed',
    conclusion: run.conclusion,
    workflow_id: run.id,
    url,
    html_url: repositoryPage(world, repository, `/actions/runs/${run.id}`),
    created_at: iso(run.updatedAt),
    updated_at: iso(run.updatedAt),
    head_commit: null,
    head_repository: viewMinimalRepository(world, repository),
    repository: viewMinimalRepository(world, repository),
    check_suite_url: `${url}/suite`,
    workflow_url: `${url}/workflow`,
    pull_requests: [],
    ...Object.fromEntries(below),
  };
}
