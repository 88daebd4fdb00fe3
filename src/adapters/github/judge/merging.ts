import type { MergeAnswer, MergedPull, MergeRequest, Merging } from '../../../cycles/merging-port.ts';
import { AppError } from '../../../kernel/app-error.ts';
import type { Instant } from '../../../kernel/instant.ts';
import { statusOf } from '../failure.ts';
import { PAGE } from '../known-answer.ts';
import type { GitHubRepository } from '../repository.ts';

/** Where verdicts are kept (judge.md §6). */
const NOTES = 'notes/peak';

/** How often to start again when somebody else wrote a note in between. */
const ATTEMPTS = 5;

/** What the judge may write besides checks. */
export function mergingOf(repository: GitHubRepository): Merging {
  return {
    merge: (request) => merge(repository, request),
    mergedBy: (commit) => readMergedBy(repository, commit),
    mergesSince: (since) => readMergesSince(repository, since),
    appendNote: (commit, text) => appendNote(repository, commit, text),
    dispatch: async (eventType, payload) => {
      await repository.call('dispatch', { event_type: eventType, client_payload: payload });
    },
  };
}

async function merge(repository: GitHubRepository, request: MergeRequest): Promise<MergeAnswer> {
  try {
    const { sha } = await repository.call<{ sha: string }>('merge', {
      pull_number: request.number,
      sha: request.head,
      merge_method: request.method,
      commit_title: request.title,
      commit_message: request.message,
    });
    return { state: 'merged', commit: sha };
  } catch (error) {
    // Answers, not failures: something that protection asks for is missing, or the head has moved.
    if (statusOf(error) === 405) return { state: 'refused' };
    if (statusOf(error) === 409) return { state: 'moved' };
    throw error;
  }
}

interface ListedPull {
  readonly number: number;
  readonly merged_at: string | null;
  readonly merge_commit_sha: string | null;
  readonly head: { readonly sha: string };
}

async function readMergedBy(repository: GitHubRepository, commit: string): Promise<MergedPull | null> {
  const pulls = await repository.call<readonly ListedPull[]>('commitPulls', { commit_sha: commit });
  const found = pulls.find((pull) => pull.merged_at !== null && pull.merge_commit_sha === commit);
  return found === undefined ? null : { number: found.number, head: found.head.sha };
}

/** A merge brings its pull request to the front of the list, and nothing takes it back. */
async function readMergesSince(repository: GitHubRepository, since: Instant): Promise<ReadonlySet<string>> {
  const merges = new Set<string>();
  for (let page = 1; ; page += 1) {
    const listed = await repository.call<readonly (ListedPull & { readonly updated_at: string })[]>(
      'listPulls',
      {
        state: 'closed',
        sort: 'updated',
        direction: 'desc',
        per_page: PAGE,
        page,
      },
    );
    for (const { merged_at: at, merge_commit_sha: commit } of listed)
      if (at !== null && commit !== null) merges.add(commit);
    const oldest = listed.at(-1);
    if (listed.length < PAGE || oldest === undefined || Date.parse(oldest.updated_at) < since) return merges;
  }
}

/** A note is a file of the notes ref's tree, named by the commit (git-notes(1)); git reads a flat tree as well as its own fan-out. */
async function appendNote(repository: GitHubRepository, commit: string, text: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const parent = await readNotes(repository);
    const entry = { path: commit, mode: '100644', type: 'blob', content: text };
    const tree = await repository.call<{ sha: string }>('createTree', {
      tree: [entry],
      ...(parent === null ? {} : { base_tree: parent.tree }),
    });
    const written = await repository.call<{ sha: string }>('createCommit', {
      message: `Verdict of ${commit}\n`,
      tree: tree.sha,
      parents: parent === null ? [] : [parent.commit],
    });
    try {
      if (parent === null) await repository.call('createRef', { ref: `refs/${NOTES}`, sha: written.sha });
      else await repository.call('updateRef', { ref: NOTES, sha: written.sha, force: false });
      return;
    } catch (error) {
      if (statusOf(error) !== 422 || attempt === ATTEMPTS)
        throw error instanceof AppError
          ? error
          : new AppError('GITHUB_REFUSED', 'the note was not written', { cause: error });
    }
  }
}

async function readNotes(repository: GitHubRepository): Promise<{ commit: string; tree: string } | null> {
  try {
    const { object } = await repository.call<{ object: { sha: string } }>('ref', { ref: NOTES });
    const { tree } = await repository.call<{ tree: { sha: string } }>('commit', { commit_sha: object.sha });
    return { commit: object.sha, tree: tree.sha };
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}
