import { findCommit, typeOf } from '../git/git-store.ts';
import { type Answer, created, numberIn, ok, paramIn, type RepositoryCall, textOf } from '../http/call.ts';
import { invalid, notFound, Refusal } from '../http/refusal.ts';
import { viewAnnotation, viewCheckRun, viewCheckRunEvent } from '../views/check-view.ts';
import { emitEvent } from '../webhooks/emit.ts';
import type { Account, CheckRun, Json, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { actorOf } from './actor-of.ts';
import { requireApp } from './apps.ts';
import { ensureSuite } from './check-suites.ts';

/** https://docs.github.com/rest/checks/runs#create-a-check-run */
const LONGEST_OUTPUT = 65_535;
const ANNOTATIONS = 50;
const BUTTONS = 3;
/** Characters of a button's label, description and identifier. */
const BUTTON_TEXTS = { label: 20, description: 40, identifier: 20 } as const;

/** `POST check-runs`: Apps only; 422 for an unknown commit. */
export async function createCheckRun(call: RepositoryCall): Promise<Answer> {
  const { world, repository, body } = call;
  const app = requireApp(call);
  const sha = textOf(body, 'head_sha') ?? '';
  if ((await typeOf(repository.git, sha)) !== 'commit') {
    throw new Refusal(422, `No commit found for SHA: ${sha}`);
  }
  assertLimits(body);
  const run: CheckRun = {
    id: world.nextId(),
    suite: ensureSuite(world, repository, { app, sha }),
    name: textOf(body, 'name') ?? '',
    sha,
    status: 'queued',
    conclusion: null,
    detailsUrl: null,
    externalId: '',
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
    startedAt: world.clock(),
    completedAt: null,
  };
  repository.checkRuns.push(run);
  applyBody(world, run, body);
  emitCheckRun(world, repository, { run, action: 'created', sender: app.bot });
  if (run.status === 'completed')
    emitCheckRun(world, repository, { run, action: 'completed', sender: app.bot });
  return created(viewCheckRun(world, repository, run));
}

/** `PATCH check-runs/{check_run_id}`: by its own App only. */
export function updateCheckRun(call: RepositoryCall): Answer {
  const { world, repository, body } = call;
  const app = requireApp(call);
  const run = findCheckRun(call);
  if (run.suite.app !== app)
    throw new Refusal(403, 'Invalid app_id: check run can only be modified by the app that created it.');
  assertLimits(body);
  const wasCompleted = run.status === 'completed';
  applyBody(world, run, body);
  if (run.status === 'completed' && !wasCompleted) {
    emitCheckRun(world, repository, { run, action: 'completed', sender: app.bot });
  }
  return ok(viewCheckRun(world, repository, run));
}

/** `GET check-runs/{check_run_id}`. */
export function getCheckRun(call: RepositoryCall): Answer {
  return ok(viewCheckRun(call.world, call.repository, findCheckRun(call)));
}

/** `GET check-runs/{check_run_id}/annotations`. */
export function listAnnotations(call: RepositoryCall): Answer {
  const { world, repository } = call;
  const run = findCheckRun(call);
  return ok(run.annotations.map((annotation) => viewAnnotation(world, repository, { annotation, run })));
}

/** `GET commits/{ref}/check-runs`: the latest of each name and App, unless `filter=all`. */
export async function listCheckRuns(call: RepositoryCall): Promise<Answer> {
  const { repository, query } = call;
  const sha = await findCommit(repository.git, paramIn(call, 'ref'));
  const all = repository.checkRuns.filter((run) => run.sha === sha).reverse();
  const isLatest = (run: CheckRun): boolean =>
    all.find((other) => other.name === run.name && other.suite.app === run.suite.app) === run;
  const runs = all.filter(
    (run) =>
      (query['filter'] === 'all' || isLatest(run)) &&
      (query['check_name'] === undefined || run.name === query['check_name']) &&
      (query['status'] === undefined || run.status === query['status']) &&
      (query['app_id'] === undefined || String(run.suite.app.id) === query['app_id']),
  );
  const views = runs.map((run) => viewCheckRun(call.world, repository, run));
  return ok({ total_count: views.length, check_runs: views });
}

/** `POST check-runs/{check_run_id}/rerequest`: the event goes to the run's App. */
export function rerequestRun(call: RepositoryCall): Answer {
  const { world, repository } = call;
  emitCheckRun(world, repository, {
    run: findCheckRun(call),
    action: 'rerequested',
    sender: actorOf(call),
  });
  return created({});
}

/** Sends `check_run`: created and completed to all that listen, the others to the run's App only. */
export function emitCheckRun(
  world: World,
  repository: Repository,
  { run, action, sender, more = {} }: CheckRunEvent,
): void {
  const isOwn = action === 'rerequested' || action === 'requested_action';
  emitEvent(world, repository, {
    event: 'check_run',
    sender,
    ...(isOwn ? { only: run.suite.app } : {}),
    payload: { action, ...more, check_run: viewCheckRunEvent(world, repository, run) },
  });
}

interface CheckRunEvent {
  readonly run: CheckRun;
  readonly action: 'created' | 'completed' | 'rerequested' | 'requested_action';
  readonly sender: Account;
  readonly more?: Json;
}

function findCheckRun(call: RepositoryCall): CheckRun {
  const run = call.repository.checkRuns.find(({ id }) => id === numberIn(call, 'check_run_id'));
  if (run === undefined) throw notFound();
  return run;
}

function applyBody(world: World, run: CheckRun, body: Json): void {
  run.status = textOf(body, 'status') ?? run.status;
  run.detailsUrl = textOf(body, 'details_url') ?? run.detailsUrl;
  run.externalId = textOf(body, 'external_id') ?? run.externalId;
  run.startedAt = timeOf(body, 'started_at') ?? run.startedAt;
  const conclusion = textOf(body, 'conclusion');
  if (conclusion !== undefined) {
    run.conclusion = conclusion;
    run.status = 'completed';
  }
  if (run.status === 'completed')
    run.completedAt = timeOf(body, 'completed_at') ?? run.completedAt ?? world.clock();
  else {
    run.conclusion = null;
    run.completedAt = null;
  }
  const output = body['output'] as Json | undefined;
  if (output !== undefined) {
    run.output = {
      title: textOf(output, 'title') ?? run.output.title,
      summary: textOf(output, 'summary') ?? run.output.summary,
      text: textOf(output, 'text') ?? run.output.text,
    };
    // annotations add up over requests
    run.annotations.push(...((output['annotations'] ?? []) as readonly Json[]));
  }
  const actions = body['actions'] as readonly Json[] | undefined;
  if (actions !== undefined) run.actions = actions;
}

function timeOf(body: Json, name: string): number | null {
  const text = textOf(body, name);
  return text === undefined ? null : Date.parse(text);
}

function assertLimits(body: Json): void {
  const output = (body['output'] ?? {}) as Json;
  for (const name of ['summary', 'text']) {
    if ((textOf(output, name)?.length ?? 0) > LONGEST_OUTPUT) {
      throw invalid('CheckRun', name, `Only ${LONGEST_OUTPUT} characters are allowed`);
    }
  }
  if (((output['annotations'] ?? []) as readonly unknown[]).length > ANNOTATIONS) {
    throw invalid('CheckRun', 'annotations', `annotations exceeds a maximum quantity of ${ANNOTATIONS}`);
  }
  assertButtons((body['actions'] ?? []) as readonly Json[]);
}

function assertButtons(actions: readonly Json[]): void {
  if (actions.length > BUTTONS) throw invalid('CheckRun', 'actions', `more than ${BUTTONS} actions`);
  for (const action of actions) {
    for (const [name, longest] of Object.entries(BUTTON_TEXTS)) {
      if ((textOf(action, name)?.length ?? 0) > longest)
        throw invalid('CheckRun', name, `${name} is too long`);
    }
  }
}
