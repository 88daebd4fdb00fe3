import { PROPOSALS_PATH } from '../../../src/kernel/governed-paths.ts';
import type { Scalar } from '../../../src/kernel/scalar.ts';

/** A change of a float parameter. */
export interface TestChange {
  readonly target: string;
  readonly old: Scalar;
  readonly new: Scalar;
}

export interface TestProposal {
  /** Any number; it makes the id, and a later one sorts after. */
  readonly number: number;
  readonly changes: readonly TestChange[];
  readonly lane?: 'auto' | 'manual';
  readonly baseCommit?: string | null;
}

const DIGEST = '0'.repeat(64);

export function proposalId(number: number): string {
  const minute = String(number % 60).padStart(2, '0');
  const hour = String(Math.floor(number / 60) % 24).padStart(2, '0');
  return `live_promotion_20260101T${hour}${minute}00Z_${number.toString(16).padStart(8, '0')}`;
}

/** The folder of a proposal with valid metadata, path → text. The other two files are only there to be there. */
export function proposalFiles({
  number,
  changes,
  lane = 'manual',
  baseCommit = null,
}: TestProposal): Record<string, string> {
  const id = proposalId(number);
  const meta = {
    schema_version: 1,
    proposal_id: id,
    title: `Promote ${changes[0]?.target}`,
    description: 'A change.',
    lane,
    derivation_version: 1,
    base_commit: baseCommit,
    generated_at: '2026-01-01T00:00:00Z',
    requested_mode: null,
    effective_mode: 'manual_only',
    published: true,
    change_set_digest: DIGEST,
    changes: changes.map((change) => ({ ...change, type: 'float' })),
    inputs: {
      policy: DIGEST,
      base_config: [{ file: 'config/config.toml', sha256: DIGEST }],
      auto_toml: DIGEST,
      learning_override: null,
      evidence: { files: 1, root: DIGEST },
    },
    counts: { ACCEPTED_FOR_PROPOSAL: changes.length },
  };
  return {
    [`${PROPOSALS_PATH}/${id}/OPERATOR_CHECKLIST.md`]: `# ${id}\n`,
    [`${PROPOSALS_PATH}/${id}/config_patches.json`]: `{"id":"${id}","patches":[]}\n`,
    [`${PROPOSALS_PATH}/${id}/proposal_meta.json`]: `${JSON.stringify(meta, null, 2)}\n`,
  };
}

/** `auto.toml` as the canonical serializer writes it for float targets: a line for every slot. */
export function autoToml(slots: readonly string[], values: ReadonlyMap<string, number>): string {
  const lines = slots.map((slot) => {
    const value = values.get(slot);
    if (value === undefined) return `# "${slot}" has its base value`;
    return `"${slot}" = ${Number.isInteger(value) ? value.toFixed(1) : value}`;
  });
  return `[auto_applied]\n${lines.join('\n\n')}\n`;
}
