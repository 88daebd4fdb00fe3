import { type Known, PUBLISHER_ENVIRONMENT, type PublisherEnvironment } from '../../setup/index.ts';
import { readPages } from './known-answer.ts';
import type { GitHubRepository } from './repository.ts';

/** An environment as the list shows it. */
interface ListedEnvironment {
  readonly name: string;
  readonly deployment_branch_policy?: {
    readonly protected_branches: boolean;
    readonly custom_branch_policies: boolean;
  } | null;
}

/** The environment that holds the publisher's key, as far as it is limited; null: there is none. */
export async function readPublisherEnvironment(
  repository: GitHubRepository,
): Promise<Known<PublisherEnvironment | null>> {
  const all = await readPages<ListedEnvironment>(repository, 'environments', { key: 'environments' });
  if (!all.known) return all;
  const found = all.value.find(({ name }) => name.toLowerCase() === PUBLISHER_ENVIRONMENT);
  if (found === undefined) return { known: true, value: null };
  const branches = await readBranches(repository, found);
  if (!branches.known) return branches;
  const secrets = await readPages<{ name: string }>(repository, 'environmentSecrets', {
    key: 'secrets',
    environment_name: found.name,
  });
  const names = secrets.known ? { ...secrets, value: secrets.value.map(({ name }) => name) } : secrets;
  return { known: true, value: { branches: branches.value, secrets: names } };
}

async function readBranches(
  repository: GitHubRepository,
  { name, deployment_branch_policy: policy }: ListedEnvironment,
): Promise<Known<PublisherEnvironment['branches']>> {
  if (policy === null || policy === undefined) return { known: true, value: 'any' };
  if (!policy.custom_branch_policies) return { known: true, value: 'protected' };
  const policies = await readPages<{ name: string; type?: string }>(repository, 'branchPolicies', {
    key: 'branch_policies',
    environment_name: name,
  });
  if (!policies.known) return policies;
  // A tag of the branch's name is another door.
  const value = policies.value.map((one) => (one.type === 'tag' ? `tag ${one.name}` : one.name));
  return { known: true, value };
}
