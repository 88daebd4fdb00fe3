import { AUTO_TOML_PATH, BASE_CONFIG_PATH, POLICY_PATH } from '../../kernel/governed-paths.ts';
import { deriveAgain, findClaimed } from '../derive-again.ts';
import { type Judgement, judgingPolicy, type ReviewRule } from '../judgement.ts';
import { failed, type ReviewFinding, undetermined, waits } from '../review-finding.ts';
import type { Side } from '../snapshot.ts';

/** Under `disabled` no promotion may be merged (product.md §4). */
export const killswitch: ReviewRule = {
  name: 'killswitch',
  check: (judgement) =>
    judgingPolicy(judgement)?.promotion.mode === 'disabled'
      ? [failed('KILLSWITCH', { file: POLICY_PATH })]
      : [],
};

/**
 * Derived again at the tip and now, the same changes are accepted, and policy, base configuration and `auto.toml` have not
 * moved; new evidence alone moves nothing (judge.md §4.2).
 */
export const validNow: ReviewRule = {
  name: 'valid-now',
  check: (judgement) => {
    const meta = findClaimed(judgement)?.meta;
    if (meta?.ok !== true) return [];
    const moved = findMoved(judgement);
    const rebuilt = deriveAgain(judgement, meta.value, 'now');
    if (rebuilt === null) return [...moved, undetermined('HISTORY_UNDETERMINED')];
    if (!rebuilt.ok) {
      const reasons = rebuilt.problems.map((problem) =>
        problem.code === 'MODE_LOOSER_THAN_POLICY'
          ? waits('MODE_MOVED', { file: POLICY_PATH, problem })
          : failed('REBUILD_FAILED', { problem }),
      );
      return [...moved, ...reasons];
    }
    const isSame = rebuilt.value.changeSetDigest === meta.value.change_set_digest;
    return isSame ? moved : [...moved, waits('CHANGE_SET_MOVED')];
  },
};

/** Governing files that the tip has otherwise than the merge base. */
export function findMoved({ snapshot, ...judgement }: Judgement): readonly ReviewFinding[] {
  const { base, mergeBase } = snapshot;
  if (base.id === mergeBase.id) return [];
  const layers = judgingPolicy(judgement)?.config.layers ?? [];
  const isMoved = (path: string) => oidIn(base, path) !== oidIn(mergeBase, path);
  return [POLICY_PATH, BASE_CONFIG_PATH, ...layers, AUTO_TOML_PATH]
    .filter(isMoved)
    .map((file) => waits('BASE_MOVED', { file }));
}

/** The merge holds what was judged: on everything that was derived, and on what it was derived from (judge.md §4.3). */
export const mergedAsJudged: ReviewRule = {
  name: 'merged-as-judged',
  check: (judgement) => {
    const { merged, head } = judgement.snapshot;
    const meta = findClaimed(judgement)?.meta;
    if (merged === null || meta?.ok !== true) return [];
    const rebuilt = deriveAgain(judgement, meta.value, 'recorded');
    const derived = rebuilt?.ok === true ? [...rebuilt.value.files.keys()] : [];
    const layers = judgingPolicy(judgement)?.config.layers ?? [];
    return [...new Set([POLICY_PATH, BASE_CONFIG_PATH, AUTO_TOML_PATH, ...layers, ...derived])]
      .filter((path) => oidIn(merged, path) !== oidIn(head, path))
      .map((file) => waits('MERGE_DIFFERS', { file }));
  },
};

function oidIn(side: Side, path: string): string {
  const file = side.files.get(path);
  return file === undefined ? '' : `${file.mode} ${file.oid}`;
}
