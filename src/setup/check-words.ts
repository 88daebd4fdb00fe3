type Args = Readonly<Record<string, string>>;

/** What a check is about, and its words. */
interface Words {
  readonly subject: string;
  readonly ok: (args: Args) => string;
  readonly wrong: (args: Args) => string;
  readonly help: string;
  /** What to do when it could not be read; usually another token. */
  readonly unread?: string;
}

/** What only Git can say. */
const ASK_GIT = 'only Git can tell: git init and a first commit, or what Git itself says above';

/** What a folder without workflows is told, or one with a workflow that is no plain file. */
const ASK_INIT = 'peak init lays the workflows; each is a plain file that can be read';

const CATALOGUE = {
  // the repository as it stands here
  REPOSITORY: {
    subject: 'the Git repository',
    ok: () => 'the folder is in a Git repository with commits',
    wrong: () => 'the folder is in no Git repository, or nothing is committed',
    help: 'git init, then commit the governed files',
  },
  POLICY: {
    subject: 'the policy',
    ok: (a) => `the policy is valid; mode ${a['mode']}`,
    wrong: (a) => `the policy cannot be used: ${a['reason']}`,
    help: 'put config/promotion.toml right; peak status names every problem',
  },
  MODE: {
    subject: 'the mode',
    ok: () => 'the mode is not degraded',
    wrong: (a) => `${a['reason']}`,
    help: 'leave it as long as it is meant to be so; otherwise change [promotion] in config/promotion.toml',
  },
  CONFIGURATION: {
    subject: 'the configuration',
    ok: () => 'base configuration and override files can be read',
    wrong: (a) => `base configuration or override files cannot be used: ${a['reason']}`,
    help: 'peak status names every problem with its place',
  },
  OPERATORS: {
    subject: 'the operators',
    ok: (a) => `${a['count']} named in the policy`,
    wrong: () => 'the policy names no operators, so nobody can approve anything',
    help: 'name logins or @org/team in [approvals] operators',
  },
  FILE: {
    subject: 'a file',
    ok: (a) => `${a['path']} is there`,
    wrong: (a) => `${a['path']} is missing`,
    help: 'peak init lays what is missing and touches nothing else',
  },
  ATTRIBUTES: {
    subject: '.gitattributes',
    ok: () => 'Git converts no governed file',
    wrong: (a) => `Git may change the bytes of ${a['path']}: attribute ${a['attribute']} is ${a['value']}`,
    help: 'add to .gitattributes: config/** -text, reports/** -text, app.yml -text, .github/** -text, and no filter',
    unread: ASK_GIT,
  },
  IGNORED: {
    subject: '.gitignore',
    ok: () => 'Git ignores no governed file',
    wrong: (a) => `Git ignores ${a['path']}, so it would never be published`,
    help: 'take the line that ignores it out of .gitignore (git check-ignore -v PATH names it)',
    unread: ASK_GIT,
  },
  LOCAL_STATE: {
    subject: 'local state',
    ok: () => 'Git ignores local state and backups',
    wrong: (a) => `Git does not ignore ${a['path']}`,
    help: 'add to .gitignore: .peak/, .peak-tmp-*, config/live_overrides/*.backup',
    unread: ASK_GIT,
  },
  CODE_OWNERS: {
    subject: 'CODEOWNERS',
    ok: (a) => `${a['file']} covers policy, base configuration, workflows and itself`,
    wrong: (a) => `${a['path']} has no owner in ${a['file']}`,
    help: 'add a login to its line, or the line: /config/promotion.toml @login @org/team; the last match wins, and a line without a login takes owners away',
  },
  AUTO_TOML_OWNER: {
    subject: 'owners of auto.toml',
    ok: () => 'auto.toml has no code owner, so the auto lane can be merged',
    wrong: (a) => `auto.toml belongs to ${a['owners']}, which closes the auto lane`,
    help: 'end CODEOWNERS with the line: /config/live_overrides/auto.toml',
  },
  WORKFLOW_PINS: {
    subject: 'workflows',
    ok: () => 'every action is pinned to a commit',
    wrong: (a) => `${a['file']} uses ${a['uses']}, which somebody else can move`,
    help: 'write owner/repository@<40 hex digits>, with the version in a comment',
    unread: ASK_INIT,
  },
  ACTION_UNSET: {
    subject: 'the action',
    ok: () => 'the workflow says which copy of the action to run',
    wrong: (a) => `${a['file']} does not say yet which copy of the action to run`,
    help: 'replace OWNER/peak-trade-gitops@000… by a copy that you trust, at a commit',
    unread: ASK_INIT,
  },
  HEAD_IN_TARGET: {
    subject: 'pull_request_target',
    ok: () => 'no workflow runs a pull request’s code with this repository’s rights',
    wrong: (a) => `${a['file']} runs on pull_request_target and names the head of the pull request`,
    help: 'take the head as objects only, or use pull_request',
    unread: ASK_INIT,
  },
  // settings on GitHub
  GITHUB: {
    subject: 'GitHub',
    ok: (a) => `settings read of ${a['repository']}`,
    wrong: () => 'settings on GitHub were not looked at: no token, or no repository named',
    help: 'GITHUB_TOKEN="$(gh auth token)" peak doctor --repository OWNER/REPO',
    unread: 'look at the network, the token and the name of the repository, then run again',
  },
  PULL_REQUEST_RULE: {
    subject: 'the pull request rule',
    ok: (a) => `${a['branch']} changes through pull requests only`,
    wrong: (a) => `${a['branch']} can be pushed to without a pull request`,
    help: 'add the rule "require a pull request" (.github/peak/ruleset.json)',
  },
  GOVERNANCE_CHECK: {
    subject: 'the required check',
    ok: (a) => `peak/governance is required, and counts only from App ${a['app']}`,
    wrong: (a) => `${a['reason']}`,
    help: 'require peak/governance with the judge App as its expected source (integration_id in .github/peak/ruleset.json)',
  },
  UP_TO_DATE: {
    subject: '"up to date"',
    ok: () => 'a branch must be up to date before it is merged',
    wrong: () => 'a branch need not be up to date: a killswitch on the base would not stop a merge',
    help: 'tick "require branches to be up to date" of the required check',
  },
  FORCE_PUSH: {
    subject: 'force pushes',
    ok: (a) => `${a['branch']} can be neither overwritten nor deleted`,
    wrong: (a) => `${a['branch']} can be ${a['how']}, and with it the audit`,
    help: 'add the rules "block force pushes" and "restrict deletions"',
  },
  REBASE_MERGE: {
    subject: 'rebase merging',
    ok: () => 'rebase merging is off',
    wrong: () => 'rebase merging is on: it tears one promotion into commits that do not belong together',
    help: "gh api --method PATCH 'repos/{owner}/{repo}' -F allow_rebase_merge=false",
  },
  MERGED_BRANCHES: {
    subject: 'merged branches',
    ok: () => 'a branch is deleted when it is merged',
    wrong: () =>
      'merged branches stay: after many squash merges every run reads all their commits again, page by page',
    help: "gh api --method PATCH 'repos/{owner}/{repo}' -F delete_branch_on_merge=true",
  },
  BYPASS: {
    subject: 'bypass of the rules',
    ok: () => 'nobody may bypass the rules',
    wrong: (a) => `${a['actor']} may bypass the rules`,
    help: 'take it out of the bypass list; neither publisher nor judge needs it',
  },
  ACTIONS_PULL_REQUESTS: {
    subject: 'pull requests of Actions',
    ok: () => 'Actions may open the pull requests that it has to',
    wrong: () => 'Actions may not open pull requests, and there is no publisher App',
    help: 'create the publisher App (peak init says how), or allow Actions to open pull requests',
  },
  KEY_AT_REPOSITORY: {
    subject: 'secrets of the repository',
    ok: () => "the publisher's key is not a secret of the repository",
    wrong: (a) => `${a['secret']} is a secret of the repository: any writer's workflow can read it`,
    help: 'gh secret delete it there, make a new key, and store that in the environment peak-publish',
  },
  ENVIRONMENT: {
    subject: 'the environment peak-publish',
    ok: (a) => `the environment peak-publish is limited to ${a['branch']}`,
    wrong: (a) => `${a['reason']}`,
    help: 'limit the environment peak-publish to the default branch alone (peak init shows the commands)',
  },
  PUBLISHER_KEY: {
    subject: "the publisher's key",
    ok: () => "the publisher's key is a secret of the environment peak-publish",
    wrong: () => 'there is no publisher key: GITHUB_TOKEN publishes, in the manual lane only',
    help: 'gh secret set PEAK_APP_ID and PEAK_PRIVATE_KEY with --env peak-publish',
  },
  ONE_APP: {
    subject: 'the two Apps',
    ok: () => 'publisher and judge are two Apps',
    wrong: () => 'publisher and judge are one App, so the auto lane stays closed',
    help: 'create another App for the judge; peak init shows the page',
  },
  OPERATOR_ACCESS: {
    subject: 'access of operators',
    ok: (a) => `${a['count']} people may approve`,
    wrong: (a) =>
      `operator ${a['operator']} has no write access, so an approval of theirs counts for nothing`,
    help: 'give write access, or take the name out of [approvals] operators',
  },
  APPROVALS: {
    subject: 'approvals',
    ok: (a) => `approvals.${a['key']} = ${a['needed']} can be reached`,
    wrong: (a) =>
      `approvals.${a['key']} = ${a['needed']} cannot be reached${a['author'] ? ' when an operator is the author, who does not count' : ''}: ${a['count']} people may approve`,
    help: 'name more operators with write access in [approvals] operators, or ask for fewer approvals',
  },
  MERGE_QUEUE: {
    subject: 'the merge queue',
    ok: () => 'there is no merge queue',
    wrong: () => 'there is a merge queue: the judge reports to it, and merges nothing by itself',
    help: 'nothing to do, unless the auto lane should merge by itself',
  },
} satisfies Record<string, Words>;

/** The closed set of checks. */
export type CheckCode = keyof typeof CATALOGUE;

/** What words depend on, of a check. */
interface Described {
  readonly code: CheckCode;
  readonly level: string;
  readonly args: Args;
  readonly unread?: string;
}

/** A check in words, and what to do unless it is OK. They may hold untrusted text; escape them for their sink. */
export function describeCheck({ code, level, args, unread }: Described): {
  readonly message: string;
  readonly help?: string;
} {
  const { subject, ok, wrong, help, unread: read }: Words = CATALOGUE[code];
  if (unread !== undefined)
    return {
      message: `${subject}: could not be read (${unread})`,
      help: `${read ?? 'use a token that may read it'}; what is not known is not OK`,
    };
  return level === 'ok' ? { message: ok(args) } : { message: wrong(args), help };
}
