/**
 * The library: both loops as functions, and the configuration loader of a session.
 *
 * The loops are pure functions of their inputs; only the two loaders at the end read files. Names are those of the
 * specification, in camelCase. The command line is `peak`.
 */

import { join } from 'node:path';
import { openWorkTree } from './adapters/files/index.ts';
import { ConfigError, type LoadOptions, loadBaseConfigFromDisk, loadLiveConfigFromDisk } from './compose.ts';
import { emitSignal as emitToWorkTree } from './cycles/emit-signal.ts';
import type { LoadAck } from './cycles/load-ack-schema.ts';
import { acknowledgeLoad as acknowledge } from './cycles/load-acks.ts';
import { ACKS_PATH } from './kernel/governed-paths.ts';
import { instantFromMs } from './kernel/instant.ts';
import type { Result } from './kernel/result.ts';
import type { LearningSignal } from './learning/signals.ts';
import type { PeakConfig } from './liveconfig/index.ts';
import { formatProblem } from './reports/problem-text.ts';

export { ConfigError, type LoadOptions } from './compose.ts';
export type { LoadAck } from './cycles/load-ack-schema.ts';
export {
  AutoApplyBounds,
  AutoApplyPolicy,
  applyProposalsToLiveOverrides,
  buildHistoryView,
  buildPromotionCandidatesFromPatches,
  buildPromotionProposals,
  type DeclinedChange,
  type Derivation,
  type DerivationInputs,
  derive,
  describeFinding,
  type Finding,
  filterCandidatesForLive,
  type HistoryView,
  type Lane,
  type Mode,
  type PromotionCandidate,
  type PromotionDecision,
  type PromotionProposal,
  parsePolicy,
  type RuleContext,
} from './governance/index.ts';
export { AppError } from './kernel/app-error.ts';
export { formatInstant, type Instant, parseInstant } from './kernel/instant.ts';
export type { Problem } from './kernel/problem.ts';
export type { Result } from './kernel/result.ts';
export { type ConfigPatch, Evidence } from './learning/index.ts';
export {
  type BoundedParameter,
  buildMacroWeightingSignal,
  buildTestHealthLeverageSignal,
  buildTriggerTimingSignal,
  LearningSignal,
  type MacroSummary,
  type TestHealthSummary,
  type TriggerTrainingSummary,
} from './learning/signals.ts';
export {
  formatOverrideFile,
  isLiveLikeEnvironment,
  type PeakConfig,
  parseOverrideFile,
} from './liveconfig/index.ts';

/**
 * Writes a signal into the evidence folder below `root` (default: the working directory) and returns its path. The same signal
 * twice is written once. Throws ConfigError with all problems when the signal is not valid or its id is taken, and AppError when
 * the disk refuses.
 */
export function emitSignal(signal: LearningSignal, { root = '.' }: { readonly root?: string } = {}): string {
  const emitted = emitToWorkTree(openWorkTree(root), signal, instantFromMs(Date.now()), false);
  if (!emitted.ok)
    throw new ConfigError(emitted.problems.map((found) => formatProblem(found)).join('\n'), emitted.problems);
  return emitted.value.path;
}

/**
 * The base configuration, never with live overrides. `{offline: true}` applies `learning.override.toml` for research runs.
 * Throws ConfigError when the base configuration is bad, and when offline values are asked for in a live-like mode.
 */
export function loadConfig(options: LoadOptions = {}): PeakConfig {
  return unwrap(loadBaseConfigFromDisk(withLog(options)), options);
}

/**
 * The configuration of a session: base values, and `auto.toml` on top in a live-like environment. What was applied or
 * ignored is on the result and told on stderr. Throws ConfigError when the base configuration is bad; never for an override.
 */
export function loadConfigWithLiveOverrides(options: LoadOptions = {}): PeakConfig {
  return unwrap(loadLiveConfigFromDisk(withLog(options)), options);
}

/**
 * Notes what a session loaded, for `peak status`: `<session>.json` below `folder` (default `.peak/acks` below `root`), and returns the note.
 * A session says what it loaded itself, so it hands over the configuration that it has. Throws ConfigError when the name is no name,
 * and AppError when the disk refuses: whether a session goes on without a note is its own decision.
 */
export function acknowledgeLoad(
  config: PeakConfig,
  {
    session,
    root = '.',
    folder,
  }: { readonly session: string; readonly root?: string; readonly folder?: string },
): LoadAck {
  const now = instantFromMs(Math.floor(Date.now() / 1000) * 1000);
  const acks = openWorkTree(folder ?? join(root, ACKS_PATH));
  const noted = acknowledge(acks, { session, config, digest: null, now, dryRun: false });
  if (noted.ok) return noted.value;
  throw new ConfigError(noted.problems.map((found) => formatProblem(found)).join('\n'), noted.problems);
}

function withLog(options: LoadOptions): LoadOptions & { log: (line: string) => void } {
  return { ...options, log: options.log ?? ((line) => void process.stderr.write(`${line}\n`)) };
}

function unwrap(result: Result<PeakConfig>, options: LoadOptions): PeakConfig {
  const lines = result.problems.map((found) => formatProblem(found));
  if (!result.ok) throw new ConfigError(lines.join('\n'), result.problems);
  const { log } = withLog(options);
  for (const line of lines)
    log(`[peak_config] ${line.replace(/^(warning|error):/, (mark) => mark.toUpperCase()).split('\n')[0]}`);
  return result.value;
}
