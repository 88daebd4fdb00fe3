import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type JobRun, type Runner, runJob } from '../workflow/run-job.ts';
import { type Job, parseWorkflow } from '../workflow/workflow.ts';
import type { JudgePlace } from './judge-place.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SAMPLE_CLOCK_FILE = pathToFileURL(join(ROOT, 'scripts/demo/sample-clock.js')).href;

/** The job that obeys operators as the publisher. */
export const OPERATOR_JOB = parseWorkflow(
  readFileSync(join(ROOT, '.github/workflows/operator-command.yml'), 'utf8'),
).jobs['command'] as Job;

/** What a dispatch carries. */
export type Payload = Readonly<Record<string, string>>;

/** What the judge has sent by now; each is one `repository_dispatch`. */
export function dispatched({ forge }: JudgePlace): readonly Payload[] {
  return forge.webhooks.deliveries
    .filter(({ event, action }) => event === 'repository_dispatch' && action === 'peak-command')
    .map(({ payload }) => payload['client_payload'] as Payload);
}

/** A runner that has just got a dispatch. */
export function runnerWith(
  payload: unknown,
  place: Partial<JudgePlace> & Pick<Runner, 'origin' | 'env'>,
): Runner {
  return {
    origin: place.origin,
    contexts: {
      github: {
        event: { client_payload: payload },
        ref_name: 'main',
        token: place.env['GITHUB_TOKEN'] ?? '',
      },
      secrets: { PEAK_APP_ID: String(place.app?.id), PEAK_PRIVATE_KEY: place.app?.privateKey },
    },
    artifacts: new Map(),
    action: ROOT,
    env: place.env,
  };
}

/** Runs the workflow as a runner does after a dispatch, at the place's time. */
export async function runOperatorWorkflow(place: JudgePlace, payload: Payload): Promise<JobRun> {
  const { forge, repository } = place;
  const run = await runJob(
    OPERATOR_JOB,
    runnerWith(payload, {
      ...place,
      origin: `${forge.serverUrl}/acme/trading.git`,
      env: {
        GITHUB_TOKEN: await forge.workflowTokenOf(repository, { contents: 'read' }),
        GITHUB_REPOSITORY: 'acme/trading',
        GITHUB_API_URL: forge.apiUrl,
        GITHUB_SERVER_URL: forge.serverUrl,
        NODE_OPTIONS: `--import=${SAMPLE_CLOCK_FILE}`,
        PEAK_DEMO_CLOCK_MS: String(place.now()),
      },
    }),
  );
  await place.settled();
  return run;
}

/** Everything that a job printed. */
export function said({ steps }: JobRun): string {
  return steps.map(({ run }) => `${run?.stdout ?? ''}${run?.stderr ?? ''}`).join('');
}
