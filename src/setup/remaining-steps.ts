import { POLICY_PATH } from '../kernel/governed-paths.ts';
import { GOVERNANCE_CHECK } from '../review/index.ts';
import { type AppPlace, appPage, appPrefix, JUDGE_APP, PUBLISHER_APP } from './github-apps.ts';
import type { InitOptions } from './laid-files.ts';
import {
  APP_ID_SECRET,
  KEY_SECRET,
  PUBLISHER_ENVIRONMENT,
  RULESET_PATH,
  UNSET_ACTION,
  WEBHOOK_PATH,
} from './names.ts';

/** Something that people have to do after `peak init`, because only they can. */
export interface RemainingStep {
  readonly title: string;
  /** What to type in the governed folder, in order; `gh` fills in `{owner}` and `{repo}` itself. */
  readonly commands: readonly string[];
  readonly why: string;
  /** Whether the folder shows that it is done. What is on GitHub it does not show: `peak doctor` asks there. */
  readonly done: boolean;
}

/** What `peak init` found beside its options. */
export interface InitSurroundings {
  readonly isRepository: boolean;
  /** Whether HEAD holds the policy. */
  readonly isCommitted: boolean;
  /** Files that do not say yet which copy of the action to run. */
  readonly unset: readonly string[];
  /** Whether the policy that stands there names somebody. */
  readonly hasOperators: boolean;
  /** Files that stood there already and may lack something, by path. */
  readonly kept: readonly string[];
  /** Where Apps are created. */
  readonly apps: AppPlace;
  /** What starts this very copy of `peak` in any folder, for a shell; `npx peak` would fetch somebody else's package there. */
  readonly self: string;
}

/** Everything that remains to do, in order. */
export function listRemainingSteps(
  options: InitOptions,
  surroundings: InitSurroundings,
): readonly RemainingStep[] {
  return [
    ...filesSteps(options, surroundings),
    ...publisherSteps(surroundings.apps),
    ...judgeSteps(surroundings.apps),
    {
      title: 'Look whether it is right',
      commands: [
        `GITHUB_TOKEN="$(gh auth token)" ${surroundings.self} doctor --repository OWNER/REPO --judge-app JUDGE_APP_ID`,
      ],
      why: 'it says what is missing, here and in the settings on GitHub',
      done: false,
    },
  ];
}

function filesSteps(
  { operators, action }: InitOptions,
  { isRepository, isCommitted, kept, self, unset, hasOperators }: InitSurroundings,
): readonly RemainingStep[] {
  const steps: RemainingStep[] = [];
  const add = (title: string, why: string, commands: readonly string[], done = false) =>
    steps.push({ title, commands, why, done });
  if (kept.some((path) => path.startsWith('.git')))
    add(
      'Look at the files that were kept',
      'what stood there was not touched; peak doctor says what they lack',
      [`${self} doctor`],
    );
  if (action === null || unset.length > 0)
    add(
      `Say which copy of the action to run: replace ${UNSET_ACTION} (or give peak init --action OWNER/REPO@COMMIT the first time)`,
      'your fork of this product at a commit id, the only name that nobody can move; until then no workflow can start',
      [
        `sed -i.old 's|${UNSET_ACTION}|OWNER/REPO@COMMIT|' ${unset.join(' ')} && rm ${unset.map((path) => `${path}.old`).join(' ')}`,
      ],
      unset.length === 0,
    );
  if (operators.length === 0 || !hasOperators)
    add(
      'Name the operators in the policy, and at the end of each line of CODEOWNERS',
      'nobody can approve anything before; a line without a login gives its files no owner',
      [`vi ${POLICY_PATH} .github/CODEOWNERS`],
      hasOperators,
    );
  if (!isRepository)
    add('Make the folder a repository', 'a published cycle derives from committed files', ['git init']);
  add(
    'Commit the files and bring them to the default branch',
    'the loops read their policy from there only',
    [
      'git add --all',
      'git commit --message "Govern trading parameters"',
      'git remote get-url origin || gh repo create --private --source . --remote origin',
      'git push --set-upstream origin HEAD',
    ],
    isCommitted,
  );
  return steps;
}

function publisherSteps(apps: AppPlace): readonly RemainingStep[] {
  const environment = `repos/{owner}/{repo}/environments/${PUBLISHER_ENVIRONMENT}`;
  return [
    {
      title: 'Create the publisher App, install it on this repository, and make a private key',
      commands: [appPage(PUBLISHER_APP, apps)],
      why: 'it opens the pull requests; without it GITHUB_TOKEN does, in the manual lane only',
      done: false,
    },
    {
      title: `Create the environment ${PUBLISHER_ENVIRONMENT}, limited to the default branch`,
      commands: [
        `gh api --method PUT '${environment}' -F 'deployment_branch_policy[protected_branches]=false' -F 'deployment_branch_policy[custom_branch_policies]=true'`,
        `gh api --method POST '${environment}/deployment-branch-policies' -f "name=$(gh repo view --json defaultBranchRef --jq .defaultBranchRef.name)"`,
      ],
      why: 'any writer can read a repository-level secret from a workflow on a branch of their own',
      done: false,
    },
    {
      title: "Store the publisher App's id and key in it, and nowhere else",
      commands: [
        `gh secret set ${APP_ID_SECRET} --env ${PUBLISHER_ENVIRONMENT} --body PUBLISHER_APP_ID`,
        `gh secret set ${KEY_SECRET} --env ${PUBLISHER_ENVIRONMENT} < publisher.private-key.pem`,
      ],
      why: `only the publishing job can read them there; the id stands on the page of the App ${PUBLISHER_APP.name}`,
      done: false,
    },
    {
      title: 'Only without a publisher App: allow Actions to open pull requests',
      commands: [
        "gh api --method PUT 'repos/{owner}/{repo}/actions/permissions/workflow' -f default_workflow_permissions=read -F can_approve_pull_request_reviews=true",
      ],
      why: 'GITHUB_TOKEN may open none otherwise',
      done: false,
    },
  ];
}

function judgeSteps(apps: AppPlace): readonly RemainingStep[] {
  return [
    {
      title:
        "Create the judge's App, another one (app.yml is its manifest), install it here, and make a private key",
      commands: ['openssl rand -hex 32', appPage(JUDGE_APP, apps)],
      why: `it posts the check and merges; one App for both keeps the auto lane closed. Webhook URL: ${apps.webhook ?? `https://HOST${WEBHOOK_PATH}`}; webhook secret: what openssl says`,
      done: false,
    },
    {
      title: 'Start the judge with it (docs/deployment.md)',
      commands: [
        `APP_ID=JUDGE_APP_ID PRIVATE_KEY_PATH=/etc/peak/judge.pem WEBHOOK_SECRET=THE_SAME PEAK_PUBLISHER_APP=${`${appPrefix(apps.owner)}${PUBLISHER_APP.name}`.toLowerCase()} npm start`,
      ],
      why: "APP_ID stands on the App's page under About; PEAK_PUBLISHER_APP is the last word of the publisher App's address, github.com/apps/…",
      done: false,
    },
    {
      title:
        "Protect the default branch; with the judge App's id only once it runs, because a required check that nobody posts blocks every merge",
      commands: [
        `sed 's/"integration_id": 0/"integration_id": JUDGE_APP_ID/' ${RULESET_PATH} | gh api --method POST 'repos/{owner}/{repo}/rulesets' --input -`,
        "gh api --method PATCH 'repos/{owner}/{repo}' -F allow_rebase_merge=false -F delete_branch_on_merge=true",
      ],
      why: `the check ${GOVERNANCE_CHECK} counts only from that App, on an up-to-date branch; nobody can push by force`,
      done: false,
    },
  ];
}
