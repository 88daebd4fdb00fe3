import type { SettingsReader } from '../../cycles/settings-reader-port.ts';
import type { GovernedSettings, Known } from '../../setup/index.ts';
import { CallCounter, type ClientOptions, clientOf, createClient } from './client.ts';
import { known, readPages } from './known-answer.ts';
import { readApprovers } from './read-approvers.ts';
import { readBranchRules } from './read-branch-rules.ts';
import { readPublisherEnvironment } from './read-environment.ts';
import { bindRepository, type GitHubRepository } from './repository.ts';
import type { GitHubSettings } from './settings.ts';

/** Reads a repository's settings with a token; it only ever reads. */
export function settingsReader(
  settings: GitHubSettings,
  pace: ClientOptions['pace'] = 'github',
): SettingsReader {
  return { read: (operators) => readSettings(bind(settings, pace), operators) };
}

function bind({ credentials, apiUrl, owner, repo }: GitHubSettings, pace: ClientOptions['pace']) {
  const token = credentials.kind === 'app' ? '' : credentials.token;
  const octokit = createClient({ apiUrl, pace, counter: new CallCounter() }, { auth: token });
  return bindRepository(clientOf(octokit), { owner, repo }, { login: '' });
}

async function readSettings(
  repository: GitHubRepository,
  operators: readonly string[],
): Promise<GovernedSettings> {
  const about = await repository.call<{
    full_name: string;
    default_branch: string;
    allow_rebase_merge?: boolean;
    delete_branch_on_merge?: boolean;
  }>('repository');
  const branch = about.default_branch;
  const { rules, bypass } = await readBranchRules(repository, branch);
  const workflow = await known(
    repository.call<{ can_approve_pull_request_reviews: boolean }>('workflowPermissions'),
  );
  return {
    repository: about.full_name,
    defaultBranch: branch,
    allowsRebaseMerge: shown(about.allow_rebase_merge),
    deletesMergedBranches: shown(about.delete_branch_on_merge),
    rules,
    bypass,
    actionsMayOpenPullRequests: workflow.known
      ? { known: true, value: workflow.value.can_approve_pull_request_reviews }
      : workflow,
    repositorySecrets: await readSecretNames(repository),
    environment: await readPublisherEnvironment(repository),
    approvers: await readApprovers(repository, operators),
  };
}

/** GitHub leaves out what a token may not change. */
function shown(value: boolean | undefined): Known<boolean> {
  return value === undefined
    ? { known: false, reason: 'GitHub does not show it to this token' }
    : { known: true, value };
}

/** Names are all that GitHub shows of secrets. */
async function readSecretNames(repository: GitHubRepository): Promise<Known<readonly string[]>> {
  const secrets = await readPages<{ name: string }>(repository, 'repositorySecrets', { key: 'secrets' });
  return secrets.known ? { known: true, value: secrets.value.map(({ name }) => name) } : secrets;
}
