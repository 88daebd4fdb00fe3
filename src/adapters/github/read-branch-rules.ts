import type { BranchRules } from '../../review/index.ts';
import type { BypassActor, Known } from '../../setup/index.ts';
import { known, readPages } from './known-answer.ts';
import type { GitHubRepository } from './repository.ts';

/** A rule of a ruleset that holds for the branch. */
interface ListedRule {
  readonly type: string;
  readonly ruleset_id?: number;
  readonly parameters?: {
    readonly allowed_merge_methods?: readonly string[];
    readonly strict_required_status_checks_policy?: boolean;
    readonly required_status_checks?: readonly { context: string; integration_id?: number | null }[];
  };
}

/** Classic branch protection, as far as it matters here. */
interface ClassicProtection {
  readonly required_status_checks?: {
    readonly strict?: boolean;
    readonly checks: readonly { readonly context: string; readonly app_id: number | null }[];
  };
  readonly required_pull_request_reviews?: unknown;
  readonly enforce_admins?: { readonly enabled: boolean };
  readonly allow_force_pushes?: { readonly enabled: boolean };
  readonly allow_deletions?: { readonly enabled: boolean };
}

interface BranchProtection {
  readonly rules: Known<BranchRules>;
  readonly bypass: Known<readonly BypassActor[]>;
}

/**
 * What protects a branch, and who may pass by. Rulesets and classic protection add up. Classic protection that this token may
 * not see counts as none: it could only protect more.
 */
export async function readBranchRules(
  repository: GitHubRepository,
  branch: string,
): Promise<BranchProtection> {
  const listed = await readPages<ListedRule>(repository, 'branchRules', { branch });
  if (!listed.known) return { rules: listed, bypass: listed };
  const classic = await known(repository.call<ClassicProtection>('branchProtection', { branch }));
  const protection = classic.known ? classic.value : null;
  return {
    rules: { known: true, value: mergeRules(listed.value, protection) },
    bypass: await readBypass(repository, listed.value, protection),
  };
}

/** What rulesets alone demand of a branch: all that an App without administration rights can see. */
export async function readRulesetRules(
  repository: GitHubRepository,
  branch: string,
): Promise<Known<BranchRules>> {
  const listed = await readPages<ListedRule>(repository, 'branchRules', { branch });
  return listed.known ? { known: true, value: mergeRules(listed.value, null) } : listed;
}

function mergeRules(rules: readonly ListedRule[], classic: ClassicProtection | null): BranchRules {
  const has = (type: string) => rules.some((rule) => rule.type === type);
  const fromRulesets = rules.flatMap(({ parameters }) =>
    (parameters?.required_status_checks ?? []).map(({ context, integration_id: app }) => ({
      name: context,
      app: app ?? null,
      upToDate: parameters?.strict_required_status_checks_policy === true,
    })),
  );
  const { checks = [], strict = false } = classic?.required_status_checks ?? {};
  return {
    pullRequest: has('pull_request') || classic?.required_pull_request_reviews !== undefined,
    checks: [
      ...fromRulesets,
      // GitHub writes -1 for "any source".
      ...checks.map(({ context, app_id: app }) => ({
        name: context,
        app: app === -1 ? null : app,
        upToDate: strict,
      })),
    ],
    blocksForcePush: has('non_fast_forward') || classic?.allow_force_pushes?.enabled === false,
    blocksDeletion: has('deletion') || classic?.allow_deletions?.enabled === false,
    mergeQueue: has('merge_queue'),
    mergeMethods: commonMethods(rules),
  };
}

/** Every rule has to allow a method; null: none of them says anything. */
function commonMethods(rules: readonly ListedRule[]): readonly string[] | null {
  const [first, ...others] = rules.flatMap(({ parameters }) =>
    parameters?.allowed_merge_methods === undefined ? [] : [parameters.allowed_merge_methods],
  );
  return first?.filter((method) => others.every((allowed) => allowed.includes(method))) ?? null;
}

/** Whoever may pass one of the rulesets that hold; administrators pass classic protection unless it says otherwise. */
async function readBypass(
  repository: GitHubRepository,
  rules: readonly ListedRule[],
  classic: ClassicProtection | null,
): Promise<Known<readonly BypassActor[]>> {
  const found: BypassActor[] = [];
  for (const id of new Set(rules.flatMap(({ ruleset_id: ruleset }) => ruleset ?? []))) {
    const answer = await known(
      repository.call<{ name: string; bypass_actors?: readonly ListedActor[] }>('ruleset', {
        ruleset_id: id,
      }),
    );
    if (!answer.known) return answer;
    const { name, bypass_actors: actors } = answer.value;
    if (actors === undefined)
      return { known: false, reason: `GitHub does not show this token who may bypass ${name}` };
    found.push(...actors.map((actor) => toActor(actor, name)));
  }
  const rely = !rules.some(({ type }) => type === 'pull_request') && classic !== null;
  if (rely && classic.enforce_admins?.enabled !== true)
    found.push({ label: 'administrators (classic protection)', app: null });
  return { known: true, value: found };
}

interface ListedActor {
  readonly actor_id: number | null;
  readonly actor_type: string;
}

function toActor({ actor_id: id, actor_type: type }: ListedActor, ruleset: string): BypassActor {
  return { label: `${type} ${id ?? ''} (ruleset ${ruleset})`, app: type === 'Integration' ? id : null };
}
