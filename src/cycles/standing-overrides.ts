import {
  AUTO_TOML_HEADER,
  type AutoApplyPolicy,
  parsePolicy,
  promotableTargets,
} from '../governance/index.ts';
import type { Ledgers, Override } from '../history/index.ts';
import { AUTO_TOML_PATH, BASE_CONFIG_PATH, POLICY_PATH } from '../kernel/governed-paths.ts';
import type { Problem } from '../kernel/problem.ts';
import type { Parameter } from '../kernel/scalar.ts';
import {
  buildLiveBase,
  emptyOverrideFile,
  listParameters,
  type OverrideFile,
  parameterTypeOf,
  parseLayers,
  parseOverrideFile,
  parseOverrides,
  type RawOverrides,
  type TomlTable,
  toScalar,
} from '../liveconfig/index.ts';
import type { ChangeBase } from './operator-change.ts';

/** What a live session loads now, as far as it can be read: a way out must not wait for a repair. */
export interface LiveState {
  /** Null where no session could start on the base configuration, for the reasons in `problems`. */
  readonly tree: TomlTable | null;
  readonly problems: readonly Problem[];
  readonly policy: AutoApplyPolicy | null;
  /** What stands at the path of `auto.toml`. */
  readonly text: ReturnType<ChangeBase['read']>;
  /** `auto.toml` for rewriting; null where it cannot be read as a whole. */
  readonly file: OverrideFile | null;
  /** What a session takes from it. */
  readonly loaded: RawOverrides;
}

/** Reads the policy, the base configuration with its layers, and `auto.toml`. Never fails. */
export function readLiveState({ read }: Pick<ChangeBase, 'read'>): LiveState {
  const policyText = read(POLICY_PATH);
  const policy = parsePolicy(typeof policyText === 'string' ? policyText : null);
  const files = [BASE_CONFIG_PATH, ...namedLayers(read)];
  const base = buildLiveBase(files.map((file) => ({ file, text: read(file) })));
  const text = read(AUTO_TOML_PATH);
  const parsed = typeof text === 'string' ? parseOverrideFile(text, 'auto_applied', AUTO_TOML_PATH) : null;
  const raw = typeof text === 'string' ? parseOverrides(text, 'auto_applied', AUTO_TOML_PATH) : null;
  const absent = text === null ? emptyOverrideFile('auto_applied', AUTO_TOML_HEADER) : null;
  return {
    tree: base.ok ? base.value : null,
    problems: base.problems,
    policy: policy.ok ? policy.value : null,
    text,
    file: parsed?.ok ? parsed.value : absent,
    loaded: raw?.ok ? raw.value : new Map(),
  };
}

/** The layers that a policy names; none where it cannot be read. */
export function namedLayers(read: ChangeBase['read']): readonly string[] {
  const text = read(POLICY_PATH);
  const layers = typeof text === 'string' ? parseLayers(text, POLICY_PATH) : null;
  return layers?.ok ? layers.value : [];
}

/** `auto.toml` as the history says it should be, in place of one that cannot be read: settled values, and a line for every target. */
export function rebuildOverrides(ledgers: Ledgers, { tree, policy }: LiveState): OverrideFile {
  const overrides = new Map<string, Parameter>();
  const slots = new Set(
    tree === null || policy === null ? [] : promotableTargets(listParameters(tree), policy),
  );
  for (const [target, { settled }] of ledgers.entries()) {
    slots.add(target);
    const parameter = toParameter(settled);
    if (parameter !== null) overrides.set(target, parameter);
  }
  return { ...emptyOverrideFile('auto_applied', AUTO_TOML_HEADER), slots, overrides };
}

/** An override as it can be written; null for none, and for what no session would take. */
export function toParameter(override: Override): Parameter | null {
  const type = parameterTypeOf(override);
  return override === undefined || type === null ? null : { type, value: toScalar(override) };
}
