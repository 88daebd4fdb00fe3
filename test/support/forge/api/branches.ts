import { readCommit } from '../git/commits.ts';
import { branchOf } from '../git/ref-names.ts';
import { type Answer, ok, paramIn, type RepositoryCall } from '../http/call.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { activeRulesets } from '../rules/branch-rules.ts';
import { viewCommit } from '../views/commit-view.ts';
import { viewBranchRules, viewProtection, viewRuleset } from '../views/rules-view.ts';
import { iso, repositoryApi, repositoryPage } from '../views/urls.ts';
import type { Repository } from '../world/model.ts';

/** `GET branches`. */
export function listBranches({ world, repository, query }: RepositoryCall): Answer {
  const branches = [...repository.refs].flatMap(([ref, sha]) => {
    const name = branchOf(ref);
    if (name === null) return [];
    const url = repositoryApi(world, repository, `/commits/${sha}`);
    return [{ name, commit: { sha, url }, protected: isProtected(repository, name) }];
  });
  const wanted = query['protected'];
  return ok(branches.filter((branch) => wanted === undefined || String(branch.protected) === wanted));
}

/** `GET branches/{branch}`: `protected` also by a ruleset. */
export async function getBranch(call: RepositoryCall): Promise<Answer> {
  const { world, repository } = call;
  const name = paramIn(call, 'branch');
  const sha = repository.refs.get(`refs/heads/${name}`);
  if (sha === undefined) throw notFound();
  const self = repositoryApi(world, repository, `/branches/${encodeURIComponent(name)}`);
  const protection = repository.protections.get(name);
  const checks = protection?.required_status_checks?.checks ?? [];
  return ok({
    name,
    commit: viewCommit(world, repository, await readCommit(repository.git, sha)),
    _links: { self, html: repositoryPage(world, repository, `/tree/${name}`) },
    protected: isProtected(repository, name),
    protection: {
      enabled: protection !== undefined,
      required_status_checks: {
        enforcement_level: checks.length === 0 ? 'off' : 'non_admins',
        contexts: checks.map(({ context }) => context),
        checks,
      },
    },
    protection_url: `${self}/protection`,
  });
}

/** `GET rules/branches/{branch}`: the rules of all active rulesets that cover it; not classic protection. */
export function getBranchRules(call: RepositoryCall): Answer {
  const { world, repository } = call;
  return ok(viewBranchRules(world, repository, activeRulesets(repository, paramIn(call, 'branch'))));
}

/** `GET branches/{branch}/protection`: classic; 404 without. */
export function getBranchProtection(call: RepositoryCall): Answer {
  const name = paramIn(call, 'branch');
  const protection = call.repository.protections.get(name);
  if (protection === undefined) throw new Refusal(404, 'Branch not protected');
  const url = repositoryApi(call.world, call.repository, `/branches/${encodeURIComponent(name)}/protection`);
  return ok(viewProtection(url, protection));
}

/** `GET rulesets`. */
export function listRulesets({ world, repository }: RepositoryCall): Answer {
  return ok(
    repository.rulesets.map((ruleset) => {
      const {
        rules: _,
        conditions: __,
        bypass_actors: ___,
        ...summary
      } = viewRuleset(world, repository, ruleset);
      return summary;
    }),
  );
}

/** `GET rulesets/{ruleset_id}`. */
export function getRuleset(call: RepositoryCall): Answer {
  const id = Number(paramIn(call, 'ruleset_id'));
  const ruleset = call.repository.rulesets.find((entry) => entry.id === id);
  if (ruleset === undefined) throw notFound();
  return ok(viewRuleset(call.world, call.repository, ruleset));
}

/** `GET environments`. */
export function listEnvironments({ world, repository }: RepositoryCall): Answer {
  const environments = repository.environments.map((environment) => {
    const { branches } = environment;
    const policy = {
      protected_branches: branches === 'protected',
      custom_branch_policies: branches !== 'protected',
    };
    const url = repositoryApi(world, repository, `/environments/${encodeURIComponent(environment.name)}`);
    return {
      id: environment.id,
      node_id: `EN_${environment.id}`,
      name: environment.name,
      url,
      html_url: repositoryPage(world, repository, '/settings/environments'),
      created_at: iso(environment.createdAt),
      updated_at: iso(environment.createdAt),
      protection_rules:
        branches === null
          ? []
          : [{ id: environment.id, node_id: `GA_${environment.id}`, type: 'branch_policy' }],
      deployment_branch_policy: branches === null ? null : policy,
    };
  });
  return ok({ total_count: environments.length, environments });
}

/** `GET environments/{environment_name}/deployment-branch-policies`: the name patterns. */
export function listDeploymentBranchPolicies(call: RepositoryCall): Answer {
  const { branches, id } = findEnvironment(call);
  const patterns = Array.isArray(branches) ? (branches as readonly string[]) : [];
  const policies = patterns.map((name, at) => ({
    id: id * 100 + at,
    node_id: `DBP_${id}_${at}`,
    name,
    type: 'branch',
  }));
  return ok({ total_count: policies.length, branch_policies: policies });
}

/** `GET environments/{environment_name}/secrets`: names only, as on GitHub. */
export function listEnvironmentSecrets(call: RepositoryCall): Answer {
  return listSecretNames(call, findEnvironment(call).secrets);
}

/** `GET actions/secrets`: names of the repository's secrets. */
export function listRepositorySecrets(call: RepositoryCall): Answer {
  return listSecretNames(call, call.repository.secrets);
}

/** `GET actions/permissions`. */
export function getActionsPermissions({ world, repository }: RepositoryCall): Answer {
  const url = repositoryApi(world, repository, '/actions/permissions/selected-actions');
  return ok({ enabled: repository.actions.enabled, allowed_actions: 'all', selected_actions_url: url });
}

/** `GET actions/permissions/workflow`: whether Actions may open pull requests. */
export function getWorkflowPermissions({ repository }: RepositoryCall): Answer {
  const { permissions, mayApprove } = repository.actions;
  return ok({ default_workflow_permissions: permissions, can_approve_pull_request_reviews: mayApprove });
}

function isProtected(repository: Repository, branch: string): boolean {
  return repository.protections.has(branch) || activeRulesets(repository, branch).length > 0;
}

function findEnvironment(call: RepositoryCall): Repository['environments'][number] {
  const name = paramIn(call, 'environment_name').toLowerCase();
  const found = call.repository.environments.find((entry) => entry.name.toLowerCase() === name);
  if (found === undefined) throw notFound();
  return found;
}

function listSecretNames({ repository }: RepositoryCall, names: readonly string[]): Answer {
  const at = iso(repository.createdAt);
  const secrets = names.map((name) => ({ name, created_at: at, updated_at: at }));
  return ok({ total_count: secrets.length, secrets });
}
