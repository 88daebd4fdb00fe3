import { BugError } from '../kernel/app-error.ts';
import {
  BASE_CONFIG_PATH,
  DECISIONS_PATH,
  EVIDENCE_PATH,
  POLICY_PATH,
  PROPOSALS_PATH,
} from '../kernel/governed-paths.ts';
import { appPrefix } from './github-apps.ts';
import {
  ADVICE_PATH,
  CODEOWNERS_PATHS,
  COMMAND_PATH,
  RULESET_PATH,
  UNSET_ACTION,
  WORKFLOW_PATH,
} from './names.ts';
import { PROFILE_ENVIRONMENTS, type Profile } from './profile.ts';

/** What a repository is laid out for. */
export interface InitOptions {
  readonly profile: Profile;
  /** Logins and `@org/team`, as in the policy; none is possible, and then named as what remains to do. */
  readonly operators: readonly string[];
  /** `owner/repository@commit` of the action, or `./` in the action's own repository; null: nobody said. */
  readonly action: string | null;
  /** Organization or user that the Apps belong to; null: whoever creates them. */
  readonly owner: string | null;
}

/** A file that `peak init` lays: where, from which shipped template (null: empty), and where else it might stand already. */
interface LaidFile {
  readonly path: string;
  readonly template: string | null;
  readonly elsewhere?: readonly string[];
}

/** All files but the two override files, which follow from policy and configuration. */
export function listLaidFiles(profile: Profile): readonly LaidFile[] {
  const [codeOwners, ...elsewhere] = CODEOWNERS_PATHS;
  return [
    { path: BASE_CONFIG_PATH, template: 'templates/config.toml' },
    { path: POLICY_PATH, template: `templates/profiles/${profile}.toml` },
    { path: WORKFLOW_PATH, template: 'templates/promotion-cycle.yml' },
    { path: COMMAND_PATH, template: 'templates/operator-command.yml' },
    { path: ADVICE_PATH, template: 'templates/governance.yml' },
    { path: '.github/peak/producers/README.md', template: 'templates/producers.md' },
    { path: '.github/peak/publisher-app.yml', template: 'templates/publisher-app.yml' },
    { path: '.github/peak/promotion.schema.json', template: 'schemas/promotion.schema.json' },
    { path: RULESET_PATH, template: 'templates/ruleset.json' },
    { path: codeOwners, template: 'templates/CODEOWNERS', elsewhere },
    { path: 'app.yml', template: 'templates/app.yml' },
    { path: '.gitattributes', template: 'templates/gitattributes' },
    { path: '.gitignore', template: 'templates/gitignore' },
    ...[EVIDENCE_PATH, PROPOSALS_PATH, DECISIONS_PATH].map((folder) => ({
      path: `${folder}/.gitkeep`,
      template: null,
    })),
  ];
}

/** A template with its `<<names>>` filled in. Lines do not end in blanks where a value is empty. */
export function renderTemplate(template: string, { profile, operators, action, owner }: InitOptions): string {
  const values: Readonly<Record<string, string>> = {
    action: action === './' ? action : `${action ?? UNSET_ACTION} # peak-trade-gitops`,
    environment: PROFILE_ENVIRONMENTS[profile],
    prefix: appPrefix(owner),
    operators: `[${operators.map((name) => JSON.stringify(name)).join(', ')}]`,
    owners: operators.map((name) => (name.startsWith('@') ? name : `@${name}`)).join(' '),
  };
  const filled = template.replaceAll(/<<(\w+)>>/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new BugError(`a template asks for <<${name}>>`);
    return value;
  });
  return filled.replaceAll(/ +$/gm, '');
}
