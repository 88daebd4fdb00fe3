import { type Actor, permits } from '../auth/actor.ts';
import { typeOf } from '../git/git-store.ts';
import { isAncestor } from '../git/merge.ts';
import { ZERO_ID } from '../git/ref-names.ts';
import { type RefChange, settleRefs } from '../git/settle-refs.ts';
import { type Answer, created, noContent, ok, paramIn, type RepositoryCall, textOf } from '../http/call.ts';
import { notAccessible, notFound, Refusal } from '../http/refusal.ts';
import { assertRefUpdate } from '../rules/assert-ref-update.ts';
import { nodeId, repositoryApi } from '../views/urls.ts';
import type { Json, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { actorOf, askerOf } from './actor-of.ts';

/** `GET git/ref/{ref}`: exact. */
export async function getRef(call: RepositoryCall): Promise<Answer> {
  const ref = `refs/${paramIn(call, 'ref')}`;
  const sha = await readRef(call.repository, ref);
  if (sha === null) throw notFound();
  return ok(await viewRef(call.world, call.repository, { ref, sha }));
}

/** `GET git/matching-refs/{ref}`: everything that starts so. */
export async function listMatchingRefs(call: RepositoryCall): Promise<Answer> {
  const { world, repository } = call;
  const prefix = `refs/${paramIn(call, 'ref')}`;
  const output = await repository.git.text(['for-each-ref', '--format=%(refname) %(objectname)']);
  const refs = output.split('\n').filter((line) => line.startsWith(prefix));
  const pairs = refs.map((line) => line.split(' '));
  return ok(await Promise.all(pairs.map(([ref = '', sha = '']) => viewRef(world, repository, { ref, sha }))));
}

/** `POST git/refs`. */
export async function createRef(call: RepositoryCall): Promise<Answer> {
  const { world, repository, body } = call;
  const ref = textOf(body, 'ref') ?? '';
  const sha = textOf(body, 'sha') ?? '';
  if (!/^refs\/[^/]+\/./.test(ref) || ref.startsWith('refs/pull/')) {
    throw new Refusal(422, `Reference name must start with 'refs/' and have at least two slashes.`);
  }
  if ((await repository.git.run(['check-ref-format', ref])).code !== 0) {
    throw new Refusal(422, `${ref} is not a valid ref name.`);
  }
  await assertTarget(repository, ref, sha);
  if ((await readRef(repository, ref)) !== null) throw new Refusal(422, 'Reference already exists');
  await moveRef(call, { ref, before: ZERO_ID, after: sha });
  return created(await viewRef(world, repository, { ref, sha }));
}

/** `PATCH git/refs/{ref}`: forwards only, unless forced. */
export async function updateRef(call: RepositoryCall): Promise<Answer> {
  const { world, repository, body } = call;
  const ref = `refs/${paramIn(call, 'ref')}`;
  const sha = textOf(body, 'sha') ?? '';
  const before = await readRef(repository, ref);
  if (before === null) throw new Refusal(422, 'Reference does not exist');
  await assertTarget(repository, ref, sha);
  const isForced = body['force'] === true;
  if (!isForced && !(await isAncestor(repository.git, before, sha))) {
    throw new Refusal(422, 'Update is not a fast forward');
  }
  await moveRef(call, { ref, before, after: sha });
  return ok(await viewRef(world, repository, { ref, sha }));
}

/** `DELETE git/refs/{ref}`. */
export async function deleteRef(call: RepositoryCall): Promise<Answer> {
  const ref = `refs/${paramIn(call, 'ref')}`;
  const before = await readRef(call.repository, ref);
  if (before === null) throw new Refusal(422, 'Reference does not exist');
  await moveRef(call, { ref, before, after: ZERO_ID });
  return noContent();
}

/** Moves a ref if it still is where the caller saw it, under the rules for whoever asks. */
async function moveRef(call: RepositoryCall, change: RefChange): Promise<void> {
  const { world, repository } = call;
  await assertRefUpdate(repository, change, askerOf(call));
  await assertWorkflows(repository, change, call.actor);
  const { code } = await repository.git.run(['update-ref', change.ref, change.after, change.before]);
  if (code !== 0) throw new Refusal(409, 'Reference cannot be updated');
  await settleRefs(world, repository, actorOf(call));
}

/** An App needs a permission of its own to change workflows. */
async function assertWorkflows(repository: Repository, { after }: RefChange, actor: Actor): Promise<void> {
  if (actor.kind !== 'token' || actor.token.installation === null || after === ZERO_ID) return;
  if (permits(actor.token.permissions, 'workflows', 'write')) return;
  if ((await typeOf(repository.git, after)) !== 'commit') return;
  const args = ['rev-list', '--max-count=1', after, '--not', '--all', '--', '.github/workflows'];
  if ((await repository.git.text(args)) !== '') throw notAccessible();
}

async function assertTarget(repository: Repository, ref: string, sha: string): Promise<void> {
  const type = await typeOf(repository.git, sha);
  const isFine = ref.startsWith('refs/heads/') ? type === 'commit' : type !== null;
  if (!isFine) throw new Refusal(422, 'Object does not exist');
}

async function readRef(repository: Repository, ref: string): Promise<string | null> {
  const { code, stdout } = await repository.git.run(['show-ref', '--verify', '--hash', ref]);
  return code === 0 ? stdout.toString('utf8').trim() : null;
}

async function viewRef(
  world: World,
  repository: Repository,
  { ref, sha }: { readonly ref: string; readonly sha: string },
): Promise<Json> {
  const type = (await typeOf(repository.git, sha)) ?? 'commit';
  return {
    ref,
    node_id: nodeId('REF', repository.id) + Buffer.from(ref).toString('base64url'),
    url: repositoryApi(world, repository, `/git/${ref}`),
    object: { type, sha, url: repositoryApi(world, repository, `/git/${type}s/${sha}`) },
  };
}
