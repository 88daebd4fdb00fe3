import { gather } from '../../src/cycles/gather.ts';
import {
  applyProposalsToLiveOverrides,
  deriveLearning,
  promotableTargets,
} from '../../src/governance/index.ts';
import { AUTO_TOML_PATH, LEARNING_OVERRIDE_PATH } from '../../src/kernel/governed-paths.ts';
import { instantFromMs } from '../../src/kernel/instant.ts';
import { ok, type Result } from '../../src/kernel/result.ts';
import { formatOverrideFile } from '../../src/liveconfig/index.ts';

/**
 * The two override files as they are shipped: header, and a line for each target that could get an override, path → text.
 * A file that holds an override belongs to the loops, and is left out.
 */
export function generateOverrideFiles(
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
