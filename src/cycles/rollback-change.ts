import { formatRollbackRecord, type RollbackRecord } from '../governance/index.ts';
import { sha256Hex } from '../kernel/digest.ts';
import { AUTO_TOML_BACKUP_PATH, AUTO_TOML_PATH, PROPOSALS_PATH } from '../kernel/governed-paths.ts';
import { formatCompactInstant, formatInstant, type Instant } from '../kernel/instant.ts';
import { formatScalar } from '../kernel/scalar.ts';
import { shownValue } from '../kernel/secret.ts';
import { formatOverrideFile, type OverrideFile } from '../liveconfig/index.ts';
import type { OperatorChange } from './operator-change.ts';
import type { RollbackPlan } from './plan-ways-back.ts';
import type { LiveState } from './standing-overrides.ts';

/** What an operator asks for. */
export type RollbackAim =
  | { readonly kind: 'proposal' | 'target' | 'to'; readonly value: string }
  | { readonly kind: 'all'; readonly value: null };

export interface RollbackRequest {
  readonly aim: RollbackAim;
  readonly reason: string | null;
  readonly clock: Instant;
  readonly dryRun: boolean;
}

/** A rollback that was carried out on the overrides. */
export interface Outcome {
  readonly plan: RollbackPlan;
  readonly before: OverrideFile;
  readonly after: OverrideFile;
  readonly state: LiveState;
}

/** `rollback.json` of a rollback; values that must not be shown are redacted. */
export function buildRollbackRecord(
  { aim, reason, clock }: RollbackRequest,
  commit: string | null,
  { plan, before, after, state }: Outcome,
): RollbackRecord {
  const shown = (file: OverrideFile, target: string) => {
    const found = file.overrides.get(target);
    return found === undefined ? null : shownValue(target, found.value);
  };
  const targets = plan.ways.map(({ target, undone }) => ({
    target,
    from: shown(before, target),
    to: shown(after, target),
    undone: [...undone],
  }));
  const named = [...plan.noted, ...plan.ways.flatMap(({ undone }) => undone)];
  const proposals = [...new Set(named.flatMap((id) => id ?? []))].sort();
  const digest = sha256Hex(JSON.stringify([targets, proposals])).slice(0, 8);
  return {
    schema_version: 1,
    rollback_id: `rollback_${formatCompactInstant(clock)}_${digest}`,
    generated_at: formatInstant(clock),
    base_commit: commit,
    reason,
    scope: { ...aim },
    proposals,
    rebuilt: state.file === null,
    targets,
  };
}

/** What a rollback changes: the overrides, and its record; a work tree keeps the former text beside it. */
export function buildRollbackChange(
  record: RollbackRecord,
  file: OverrideFile,
  { text }: LiveState,
): OperatorChange {
  const after = formatOverrideFile(file);
  const folder = `${PROPOSALS_PATH}/${record.rollback_id}`;
  const moves = record.targets.map(
    ({ target, from, to }) => `${target}: ${valueText(from)} → ${valueText(to)}`,
  );
  // What is no text is kept byte for byte: a damaged file may hold what somebody wants to know.
  const former = typeof text === 'object' && text !== null ? { bytesOf: AUTO_TOML_PATH } : text;
  const backup = former === null || former === after ? [] : [[AUTO_TOML_BACKUP_PATH, former] as const];
  return {
    name: `rollback/${record.scope.kind}`,
    title: titleOf(record),
    sentences: [
      ...moves,
      ...(record.proposals.length === 0 ? [] : [`Takes back: ${record.proposals.join(', ')}`]),
      ...(record.rebuilt
        ? [`Note: ${AUTO_TOML_PATH} could not be read and was rebuilt from the history.`]
        : []),
      ...(record.reason === null ? [] : [`Reason: ${record.reason}`]),
    ],
    files: new Map([
      [AUTO_TOML_PATH, after],
      [`${folder}/rollback.json`, formatRollbackRecord(record)],
    ]),
    localFiles: new Map(backup),
    alone: { path: AUTO_TOML_PATH, text },
  };
}

function titleOf({ scope, targets }: RollbackRecord): string {
  switch (scope.kind) {
    case 'proposal':
      return `Roll back ${scope.value}`;
    case 'target':
      return `Roll back ${scope.value}`;
    case 'to':
      return `Roll back ${targets.length} targets to ${scope.value}`;
    case 'all':
      return 'Roll back everything: no live overrides';
  }
}

function valueText(value: RollbackRecord['targets'][number]['from']): string {
  return value === null ? 'base value' : formatScalar(value);
}
