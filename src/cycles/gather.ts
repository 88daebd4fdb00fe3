import { type AutoApplyPolicy, type InputDigests, parsePolicy } from '../governance/index.ts';
import { sha256Hex } from '../kernel/digest.ts';
import {
  AUTO_TOML_PATH,
  BASE_CONFIG_PATH,
  LEARNING_OVERRIDE_PATH,
  POLICY_PATH,
} from '../kernel/governed-paths.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import type { Parameter } from '../kernel/scalar.ts';
import { Evidence } from '../learning/index.ts';
import {
  type ConfigText,
  findHardLimitFaults,
  listParameters,
  liveParameters,
  type OverrideFile,
  parseBaseConfig,
  parseOverrideFile,
  rawOverridesOf,
  requireTexts,
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
  const { live, ignored } = liveParameters(base.value, rawOverridesOf(auto.value.parsed));
  const refusals = ignored.map((entry) => entry.problem);
  const evidence = options.readEvidence?.() ?? readEvidence(source, options);
  const excess = evidence.findExcess();
  if (excess !== null) return fail(excess);
  return ok({
    policy: policy.value,
    policyText: { file: policyText.file, text: policyText.text as string },
    parameters,
    live,
    autoToml: auto.value.parsed,
    refusedOverrides: new Set(ignored.map(({ target }) => target)),
    autoTomlText: auto.value.text,
    learningOverride: override.value.parsed,
    learningOverrideText: override.value.text,
    evidence,
    digests: () =>
      digestInputs(policyText.text as string, texts.value, auto.value.text, override.value.text, evidence),
    warnings: {
      warnings: [...refusals, ...evidence.problems],
      warningCount: refusals.length + evidence.problemCount,
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
  return requireTexts([BASE_CONFIG_PATH, ...layers].map((file) => ({ file, text: source.readText(file) })));
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
