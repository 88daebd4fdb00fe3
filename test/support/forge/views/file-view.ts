import type { FileChange } from '../git/diff.ts';
import type { Json, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { repositoryApi, repositoryPage } from './urls.ts';

/** `diff-entry`: one file of a pull request, commit or comparison, as of a commit. */
export function viewFileChange(
  world: World,
  repository: Repository,
  { change, sha }: { readonly change: FileChange; readonly sha: string },
): Json {
  const path = encodeURI(change.path);
  return {
    sha: change.blob,
    filename: change.path,
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: repositoryPage(world, repository, `/blob/${sha}/${path}`),
    raw_url: repositoryPage(world, repository, `/raw/${sha}/${path}`),
    contents_url: repositoryApi(world, repository, `/contents/${path}?ref=${sha}`),
    ...(change.formerPath === null ? {} : { previous_filename: change.formerPath }),
    ...(change.patch === null ? {} : { patch: change.patch }),
  };
}
