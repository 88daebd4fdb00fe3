import { includesRole, roleOf } from '../auth/access.ts';
import { permits } from '../auth/actor.ts';
import { type Answer, ok, type RepositoryCall, textOf } from '../http/call.ts';
import { Refusal } from '../http/refusal.ts';
import { viewFullRepository } from '../views/repository-view.ts';
import type { Repository, RepositorySettings } from '../world/model.ts';

/** `GET /repos/{owner}/{repo}`. */
export function getRepository(call: RepositoryCall): Answer {
  return ok(viewFullRepository(call.world, call.repository, seesSettings(call)));
}

/** `PATCH /repos/{owner}/{repo}`: name, default branch, visibility, archived, merge settings. */
export async function updateRepository(call: RepositoryCall): Promise<Answer> {
  const { world, repository, body } = call;
  const branch = textOf(body, 'default_branch');
  if (branch !== undefined) {
    if (!repository.refs.has(`refs/heads/${branch}`))
      throw new Refusal(422, 'The default branch must exist.');
    await setDefaultBranch(repository, branch);
  }
  const name = textOf(body, 'name');
  if (name !== undefined) renameRepository(repository, name);
  if (typeof body['private'] === 'boolean') repository.private = body['private'];
  if (typeof body['archived'] === 'boolean') repository.archived = body['archived'];
  for (const key of Object.keys(repository.settings) as (keyof RepositorySettings)[]) {
    const value = body[key];
    if (typeof value === 'boolean') repository.settings[key] = value;
  }
  return ok(viewFullRepository(world, repository, true));
}

/** From now on the former name redirects. */
function renameRepository(repository: Repository, name: string): void {
  repository.formerNames.add(repository.name.toLowerCase());
  repository.name = name;
}

/** Also tells git, so that clones check it out. */
async function setDefaultBranch(repository: Repository, branch: string): Promise<void> {
  repository.defaultBranch = branch;
  await repository.git.text(['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
}

function seesSettings({ world, repository, actor }: RepositoryCall): boolean {
  if (actor.kind !== 'token') return false;
  if (actor.token.installation !== null) return permits(actor.token.permissions, 'contents', 'write');
  return includesRole(roleOf(world, repository, actor.account), 'write');
}
