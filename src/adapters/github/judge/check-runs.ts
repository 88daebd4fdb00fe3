import type { CheckAnnotation, CheckRun, CheckRuns, PostedRun } from '../../../cycles/check-runs-port.ts';
import type { Conclusion } from '../../../review/index.ts';
import { GOVERNANCE_CHECK } from '../../../setup/index.ts';
import type { GitHubRepository } from '../repository.ts';

/** Annotations of one request ("Create a check run"). */
const CHUNK = 50;

interface ListedRun {
  readonly id: number;
  readonly external_id: string | null;
  readonly status: string;
  readonly conclusion: string | null;
}

/** The runs of our check; `appId` is the judge's App. */
export function checkRuns(repository: GitHubRepository, appId: number): CheckRuns {
  return {
    latest: async (head) => {
      const { check_runs: runs } = await repository.call<{ check_runs: readonly ListedRun[] }>('checkRuns', {
        ref: head,
        check_name: GOVERNANCE_CHECK,
        app_id: appId,
        per_page: 1,
      });
      return runs[0] === undefined ? null : toPosted(runs[0]);
    },
    post: async (run, replacing) => {
      const [first = [], ...others] = chunk(run.annotations ?? []);
      const body = bodyOf(run);
      const { id } =
        replacing === null
          ? await repository.call<{ id: number }>('createCheckRun', {
              ...body,
              name: GOVERNANCE_CHECK,
              head_sha: run.head,
              output: { ...body.output, annotations: first },
            })
          : await repository.call<{ id: number }>('updateCheckRun', {
              ...body,
              check_run_id: replacing,
              output: { ...body.output, annotations: first },
            });
      for (const annotations of others)
        await repository.call('updateCheckRun', { check_run_id: id, output: { ...body.output, annotations } });
      return id;
    },
  };
}

function bodyOf({ conclusion, startedBy, title, summary, text, actions }: CheckRun) {
  const output = { title, summary, ...(text === undefined ? {} : { text }) };
  const state = conclusion === null ? { status: 'in_progress' } : { status: 'completed', conclusion };
  return { ...state, external_id: startedBy, output, ...(actions === undefined ? {} : { actions }) };
}

function chunk(annotations: readonly CheckAnnotation[]): readonly (readonly CheckAnnotation[])[] {
  const chunks: CheckAnnotation[][] = [];
  for (let i = 0; i < annotations.length; i += CHUNK) chunks.push(annotations.slice(i, i + CHUNK));
  return chunks;
}

const CONCLUSIONS: readonly string[] = ['success', 'failure', 'action_required'];

function toPosted({ id, external_id: startedBy, conclusion }: ListedRun): PostedRun {
  const isOurs = conclusion !== null && CONCLUSIONS.includes(conclusion);
  return { id, startedBy: startedBy ?? '', conclusion: isOurs ? (conclusion as Conclusion) : null };
}
