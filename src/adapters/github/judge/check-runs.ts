import type { CheckPosting, CheckRuns } from '../../../cycles/check-runs-port.ts';
import { type CheckRun, GOVERNANCE_CHECK } from '../../../review/index.ts';
import type { GitHubRepository } from '../repository.ts';

interface ListedRun {
  readonly external_id: string | null;
}

/** The runs of our check; `appId` is the judge's App. */
export function checkRuns(repository: GitHubRepository, appId: number): CheckRuns {
  return {
    latest: async (head) => {
      const parameters = { ref: head, check_name: GOVERNANCE_CHECK, app_id: appId, per_page: 1 };
      const { check_runs: runs } = await repository.call<{ check_runs: readonly ListedRun[] }>(
        'checkRuns',
        parameters,
      );
      const [latest] = runs;
      return latest === undefined ? null : { stamp: latest.external_id ?? '' };
    },
    post: async (posting, replacing) => {
      const [first = [], ...others] = posting.run.annotations;
      const body = { ...bodyOf(posting), output: outputOf(posting.run, first) };
      const { id } = await (replacing === null
        ? repository.call<{ id: number }>('createCheckRun', {
            ...body,
            name: GOVERNANCE_CHECK,
            head_sha: posting.head,
          })
        : repository.call<{ id: number }>('updateCheckRun', { ...body, check_run_id: replacing }));
      for (const more of others)
        await repository.call('updateCheckRun', { check_run_id: id, output: outputOf(posting.run, more) });
      return id;
    },
  };
}

function bodyOf({ conclusion, stamp, run }: CheckPosting) {
  const state = conclusion === null ? { status: 'in_progress' } : { status: 'completed', conclusion };
  return { ...state, external_id: stamp, actions: run.actions };
}

function outputOf({ title, summary, text }: CheckRun, annotations: CheckRun['annotations'][number]) {
  return {
    title,
    summary,
    ...(text === null ? {} : { text }),
    annotations: annotations.map((annotation) => ({
      path: annotation.path,
      start_line: annotation.startLine,
      end_line: annotation.endLine,
      ...(annotation.startColumn === null ? {} : { start_column: annotation.startColumn }),
      ...(annotation.endColumn === null ? {} : { end_column: annotation.endColumn }),
      annotation_level: annotation.level,
      title: annotation.title,
      message: annotation.message,
    })),
  };
}
