import { applyProposalsToLiveOverrides, deriveLearning, promotableTargets } from '../governance/index.ts';
import { AUTO_TOML_PATH, LEARNING_OVERRIDE_PATH } from '../kernel/governed-paths.ts';
import { instantFromMs } from '../kernel/instant.ts';
import { ok, type Result } from '../kernel/result.ts';
import { formatOverrideFile } from '../liveconfig/index.ts';
import { gather } from './gather.ts';

/**
 * The two override files of a repository that promoted nothing yet: header, and a line for each target that could get an
 * override, path → text. A file that holds an override belongs to the loops, and is left out.
 */
export function buildEmptyOverrides(
  readText: (path: string) => string | null,
): Result<ReadonlyMap<string, string>> {
  const clock = instantFromMs(0);
  const gathered = gather({ readText, readEvidence: () => {} }, { clock });
  if (!gathered.ok) return gathered;
  const { policy, parameters, autoToml, learningOverride } = gathered.value;
  const files = new Map<string, string>();
  if ((autoToml?.overrides.size ?? 0) === 0) {
    const empty = applyProposalsToLiveOverrides([], null, promotableTargets(parameters, policy));
    files.set(AUTO_TOML_PATH, formatOverrideFile(empty));
  }
  if ((learningOverride?.overrides.size ?? 0) === 0) {
    const learned = deriveLearning({ ...gathered.value, clock, learningOverride: null });
    files.set(LEARNING_OVERRIDE_PATH, formatOverrideFile(learned.learningOverride));
  }
  return ok(files);
}
