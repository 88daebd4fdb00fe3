import { type AutoApplyPolicy, type InputDigests, parsePolicy } from '../governance/index.ts';
import { sha256Hex } from '../kernel/digest.ts';
import {
  AUTO_TOML_PATH,
  BASE_CONFIG_PATH,
  LEARNING_OVERRIDE_PATH,
  POLICY_PATH,
} from '../kernel/governed-paths.ts';
import type { Instant } from '../kernel/instant.ts';
import { type Problem, problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import type { Parameter } from '../kernel/scalar.ts';
import { Evidence } from '../learning/index.ts';
import {
  type ConfigText,
  checkOverrides,
  findHardLimitFaults,
  listParameters,
  type OverrideFile,
  parseBaseConfig,
  parseOverrideFile,
  type TomlTable,
  type TomlValue,
} from '../liveconfig/index.ts';
import type { GovernedSource, Progress } from './work-tree-port.ts';

/** A policy text and its name for messages. */
export interface PolicyText {
  readonly file: string;
  readonly text: string;
}

/** Everything that the loops read from a governed folder, parsed. */
export interface Gathered {
  readonly policy: AutoApplyPolicy;
  readonly policyText: PolicyText;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly live: ReadonlyMap<string, Parameter>;
  readonly autoToml: OverrideFile | null;
  /** The overrides of `auto.toml` that a session refuses. */
  readonly refusedOverrides: ReadonlySet<string>;
  readonly autoTomlText: string | null;
  readonly learningOverride: OverrideFile | null;
  readonly learningOverrideText: string | null;
  readonly evidence: Evidence;
  /** Computed when it is asked for: only proposals need it. */
  readonly digests: () => InputDigests;
  readonly warnings: Warnings;
}

/** What was left out of the live values, and what was wrong in the evidence. */
export interface Warnings {
  readonly warnings: readonly Problem[];
  /** Number of all warnings; only the first of very many are kept. */
  readonly warningCount: number;
}

/** The same with more warnings in front. */
export function withMore({ warnings, warningCount }: Warnings, more: readonly Problem[]): Warnings {
  return { warnings: [...more, ...warnings], warningCount: warningCount + more.length };
}

export interface GatherOptions {
  readonly clock: Instant;
  /** A policy to use in place of the governed one ("what if"). */
  readonly policy?: PolicyText | undefined;
  readonly onProgress?: Progress | undefined;
  /** Answers the source's evidence where somebody has read it already; default: it is read. */
  readonly readEvidence?: (() => Evidence) | undefined;
}

/** Reads and parses all inputs once. Fails with every problem at once; evidence problems are warnings. */
export function gather(source: GovernedSource, options: GatherOptions): Result<Gathered> {
  const policyText = options.policy ?? { file: POLICY_PATH, text: source.readText(POLICY_PATH) };
  const policy = parsePolicy(policyText.text, policyText.file);
  const texts = readBaseTexts(source, policy.ok ? policy.value.config.layers : []);
  const base = texts.ok ? parseBaseConfig(texts.value) : texts;
  const auto = readOverrideFile(source, AUTO_TOML_PATH);
  const override = readOverrideFile(source, LEARNING_OVERRIDE_PATH);
  if (!policy.ok || !texts.ok || !base.ok || !auto.ok || !override.ok) {
    return fail(...[policy, base, auto, override].flatMap(({ problems }) => problems));
  }
  const parameters = listParameters(base.value);
  const limits = findHardLimitFaults(parameters, BASE_CONFIG_PATH);
  if (limits.length > 0) return fail(...limits);
  const live = liveValues(base.value, parameters, auto.value.parsed);
  const evidence = options.readEvidence?.() ?? readEvidence(source, options);
  const excess = evidence.findExcess();
  if (excess !== null) return fail(excess);
  return ok({
    policy: policy.value,
    policyText: { file: policyText.file, text: policyText.text as string },
    parameters,
    live: live.values,
    autoToml: auto.value.parsed,
    refusedOverrides: live.refused,
    autoTomlText: auto.value.text,
    learningOverride: override.value.parsed,
    learningOverrideText: override.value.text,
    evidence,
    digests: () =>
      digestInputs(policyText.text as string, texts.value, auto.value.text, override.value.text, evidence),
    warnings: {
      warnings: [...live.problems, ...evidence.problems],
      warningCount: live.problems.length + evidence.problemCount,
    },
  });
}

function readEvidence(source: GovernedSource, { clock, onProgress }: GatherOptions): Evidence {
  const evidence = new Evidence(clock);
  source.readEvidence(evidence, onProgress);
  return evidence;
}

/** Base configuration and layers, in order. All that are missing are named. */
export function readBaseTexts(
  source: Pick<GovernedSource, 'readText'>,
  layers: readonly string[],
): Result<readonly ConfigText[]> {
  const found = [BASE_CONFIG_PATH, ...layers].map((file) => ({ file, text: source.readText(file) }));
  const missing = found
    .filter(({ text }) => text === null)
    .map(({ file }) => problem('BASE_MISSING', {}, { file }));
  return missing.length === 0 ? ok(found as ConfigText[]) : fail(...missing);
}

interface ReadOverrides {
  readonly text: string | null;
  readonly parsed: OverrideFile | null;
}

function readOverrideFile(source: GovernedSource, path: string): Result<ReadOverrides> {
  const text = source.readText(path);
  if (text === null) return ok({ text, parsed: null });
  const parsed = parseOverrideFile(text, path === AUTO_TOML_PATH ? 'auto_applied' : 'overrides', path);
  return parsed.ok ? ok({ text, parsed: parsed.value }) : parsed;
}

/** What a live session would load: the base configuration, and every override that it would accept. */
function liveValues(
  base: TomlTable,
  parameters: ReadonlyMap<string, Parameter>,
  auto: OverrideFile | null,
): { values: ReadonlyMap<string, Parameter>; refused: ReadonlySet<string>; problems: readonly Problem[] } {
  const raw = [...(auto?.overrides ?? [])].map(([target, { value, type }]): [string, TomlValue] => [
    target,
    type === 'integer' ? BigInt(value) : value,
  ]);
  const { applied, ignored } = checkOverrides(base, new Map(raw), AUTO_TOML_PATH);
  const values = new Map(parameters);
  for (const { target, type, value } of applied) values.set(target, { type, value });
  const refused = new Set(ignored.map(({ target }) => target));
  return { values, refused, problems: ignored.map((entry) => entry.problem) };
}

function digestInputs(
  policy: string,
  base: readonly ConfigText[],
  auto: string | null,
  override: string | null,
  evidence: Evidence,
): InputDigests {
  const { table } = evidence;
  return {
    policy: sha256Hex(policy),
    baseConfig: base.map(({ file, text }) => ({ file, sha256: sha256Hex(text) })),
    autoToml: auto === null ? null : sha256Hex(auto),
    learningOverride: override === null ? null : sha256Hex(override),
    evidenceFiles: table.files.length,
    evidenceRoot: table.root(),
  };
}
