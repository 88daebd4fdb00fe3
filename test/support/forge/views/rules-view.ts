import type { Json, Protection, Repository, Ruleset } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { fullName, iso, repositoryApi } from './urls.ts';

/** `repository-ruleset`. */
export function viewRuleset(world: World, repository: Repository, ruleset: Ruleset): Json {
  return {
    id: ruleset.id,
    node_id: `RRS_${ruleset.id}`,
    name: ruleset.name,
    target: 'branch',
    source_type: 'Repository',
    source: fullName(repository),
    enforcement: ruleset.enforcement,
    conditions: { ref_name: { include: ruleset.include, exclude: ruleset.exclude } },
    rules: ruleset.rules.map(complete),
    bypass_actors: ruleset.bypassApps.map((id) => ({
      actor_id: id,
      actor_type: 'Integration',
      bypass_mode: 'always',
    })),
    current_user_can_bypass: 'never',
    created_at: iso(ruleset.createdAt),
    updated_at: iso(ruleset.createdAt),
    _links: { self: { href: repositoryApi(world, repository, `/rulesets/${ruleset.id}`) }, html: null },
  };
}

/** `repository-rule-detailed` of each rule. */
export function viewBranchRules(
  _world: World,
  repository: Repository,
  rulesets: readonly Ruleset[],
): readonly Json[] {
  return rulesets.flatMap(({ id, rules }) =>
    rules.map((rule) => ({
      ...complete(rule),
      ruleset_source_type: 'Repository',
      ruleset_source: fullName(repository),
      ruleset_id: id,
    })),
  );
}

/** GitHub fills in what was not said. */
const DEFAULTS: Readonly<Record<string, Json>> = {
  required_status_checks: {
    strict_required_status_checks_policy: false,
    do_not_enforce_on_create: false,
    required_status_checks: [],
  },
  pull_request: {
    required_approving_review_count: 0,
    dismiss_stale_reviews_on_push: false,
    require_code_owner_review: false,
    require_last_push_approval: false,
    required_review_thread_resolution: false,
    allowed_merge_methods: ['merge', 'squash', 'rebase'],
  },
};

function complete({ type, parameters }: Ruleset['rules'][number]): Json {
  const usual = DEFAULTS[type];
  if (usual === undefined) return parameters === undefined ? { type } : { type, parameters };
  return { type, parameters: { ...usual, ...parameters } };
}

/** `branch-protection`. */
export function viewProtection(url: string, protection: Protection): Json {
  const { required_status_checks: checks, required_pull_request_reviews: reviews } = protection;
  const enabled = (value: boolean): Json => ({ enabled: value });
  return {
    url,
    ...(checks === null
      ? {}
      : {
          required_status_checks: {
            url: `${url}/required_status_checks`,
            strict: checks.strict,
            contexts: checks.checks.map(({ context }) => context),
            contexts_url: `${url}/required_status_checks/contexts`,
            checks: checks.checks,
          },
        }),
    ...(reviews === null
      ? {}
      : { required_pull_request_reviews: { url: `${url}/required_pull_request_reviews`, ...reviews } }),
    enforce_admins: { url: `${url}/enforce_admins`, enabled: protection.enforce_admins },
    required_linear_history: enabled(protection.required_linear_history),
    allow_force_pushes: enabled(protection.allow_force_pushes),
    allow_deletions: enabled(protection.allow_deletions),
    block_creations: enabled(false),
    required_conversation_resolution: enabled(false),
    lock_branch: enabled(false),
    allow_fork_syncing: enabled(false),
  };
}
