import type { Talking } from '../../../cycles/talking-port.ts';
import { readAllPages } from '../known-answer.ts';
import type { GitHubRepository } from '../repository.ts';

interface ListedIssue {
  readonly number: number;
  readonly body?: string | null;
  /** Pull requests are listed as issues, too. */
  readonly pull_request?: unknown;
}

/** Comments and issues of the judge's. */
export function talkingOf(repository: GitHubRepository): Talking {
  return {
    comment: async (number, body) => {
      await repository.call('createComment', { issue_number: number, body });
    },
    findIssue: async (marker) => {
      const issues = await readAllPages<ListedIssue>(repository, 'issues', {
        creator: repository.login,
        state: 'open',
      });
      const found = issues.find(
        ({ body, pull_request: pull }) => pull === undefined && body?.includes(marker),
      );
      return found === undefined ? null : { number: found.number, body: found.body ?? '' };
    },
    openIssue: async (title, body) => {
      const { number } = await repository.call<{ number: number }>('createIssue', { title, body });
      return { number, body };
    },
    editIssue: async (number, body) => {
      await repository.call('updateIssue', { issue_number: number, body });
    },
  };
}
