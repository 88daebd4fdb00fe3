import type { Access, AccessReader } from '../../../cycles/access-reader-port.ts';
import { instantFromMs } from '../../../kernel/instant.ts';
import { statusOf } from '../failure.ts';
import { known } from '../known-answer.ts';
import { readRulesetRules } from '../read-branch-rules.ts';
import type { GitHubRepository } from '../repository.ts';

interface ListedRepository {
  readonly id: number;
  readonly default_branch: string;
  readonly html_url: string;
  readonly allow_merge_commit?: boolean;
  readonly allow_squash_merge?: boolean;
  readonly allow_rebase_merge?: boolean;
}

interface ListedPermission {
  readonly permission: string;
  readonly user: { readonly id: number; readonly type: string } | null;
}

const PERMISSIONS: readonly string[] = ['admin', 'write', 'read', 'none'];

/** Reads who may do what in one repository. */
export function accessReader(repository: GitHubRepository): AccessReader {
  return {
    repository: async () => {
      const about = await repository.call<ListedRepository>('repository');
      const methods = {
        merge: about.allow_merge_commit,
        squash: about.allow_squash_merge,
        rebase: about.allow_rebase_merge,
      };
      return {
        id: about.id,
        defaultBranch: about.default_branch,
        webUrl: about.html_url,
        // GitHub leaves them out for those who may not change them; merging then answers for itself.
        mergeMethods: Object.entries(methods).flatMap(([name, allowed]) => (allowed === false ? [] : [name])),
      };
    },
    access: (login) => readAccess(repository, login),
    isTeamMember: async ({ org, slug }, login) => {
      try {
        const parameters = { org, team_slug: slug, username: login };
        return (await repository.call<{ state: string }>('membership', parameters)).state === 'active';
      } catch (error) {
        // Without the right to see members GitHub answers 403.
        if (statusOf(error) === 404) return false;
        if (statusOf(error) === 403) return null;
        throw error;
      }
    },
    branchRules: async (branch) => {
      const rules = await readRulesetRules(repository, branch);
      return rules.known ? rules.value : null;
    },
    latestRun: async (workflow) => {
      const parameters = { workflow_id: workflow, status: 'success', per_page: 1 };
      const answer = await known(
        repository.call<{ workflow_runs: readonly { updated_at: string }[] }>('workflowRuns', parameters),
      );
      if (!answer.known) return null;
      const [latest] = answer.value.workflow_runs;
      return latest === undefined ? 'never' : instantFromMs(Date.parse(latest.updated_at));
    },
  };
}

async function readAccess(repository: GitHubRepository, login: string): Promise<Access | null> {
  try {
    const { permission, user } = await repository.call<ListedPermission>('collaborator', { username: login });
    if (user?.type !== 'User' || !PERMISSIONS.includes(permission)) return null;
    return { id: user.id, permission: permission as Access['permission'] };
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}
