import { AUTO_TOML_PATH } from '../../kernel/governed-paths.ts';
import { isSameParameter } from '../../kernel/scalar.ts';
import { formatOverrideFile, parseOverrideFile } from '../../liveconfig/index.ts';
import type { Judgement, ReviewRule } from '../judgement.ts';
import { differingTargets, readLiveState } from '../live-state.ts';
import { findProposalFolders } from '../proposal-in.ts';
import { failed, noted, type ReviewFinding, waits } from '../review-finding.ts';
import { viewRollback } from '../rollback.ts';

/** A way back, by whatever hand: what it takes back, and what keeps it from being free (judge.md §5). */
export const rollback: ReviewRule = {
  name: 'rollback',
  check: (judgement) => [
    ...findOrphans(judgement),
    ...viewRollback(judgement).findings,
    ...findMovedKeys(judgement),
    ...findForm(judgement),
  ],
};

/** Merged records change along with the values that they brought, or not at all. */
function findOrphans({ snapshot, places, before, after }: Judgement): readonly ReviewFinding[] {
  if (after === null || differingTargets(before.overrides, after.overrides).length > 0) return [];
  return findProposalFolders(snapshot, places).touched.map((file) => failed('RECORD_CHANGED', { file }));
}

/** Only movement of a touched key on the base stands in the way. */
function findMovedKeys({ snapshot, before }: Judgement): readonly ReviewFinding[] {
  const { mergeBase, head, base } = snapshot;
  if (mergeBase.id === base.id) return [];
  const start = readLiveState(mergeBase.texts).overrides;
  const touched = differingTargets(start, readLiveState(head.texts).overrides);
  return touched
    .filter((target) => !isSameParameter(start.get(target), before.overrides.get(target)))
    .map((target) => waits('BASE_MOVED', { file: AUTO_TOML_PATH, target }));
}

/** Bytes that a hand wrote are named, not failed: the way out must work by hand. */
function findForm({ snapshot: { merged } }: Judgement): readonly ReviewFinding[] {
  const text = merged?.texts.get(AUTO_TOML_PATH);
  const parsed = text === undefined ? null : parseOverrideFile(text, 'auto_applied', AUTO_TOML_PATH);
  // What cannot be read is told by the rule about the live configuration.
  if (parsed?.ok !== true) return [];
  return formatOverrideFile(parsed.value) === text ? [] : [noted('NON_CANONICAL', { file: AUTO_TOML_PATH })];
}
