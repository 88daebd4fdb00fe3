import * as z from 'zod';
import { DECISION_STATUSES, LANES } from './decide.ts';
import { EFFECTS } from './finding.ts';
import { MODES } from './policy-schema.ts';

const Digest = z.string().regex(/^[0-9a-f]{64}$/);
const Value = z.union([z.number(), z.string(), z.boolean()]);
const TypeName = z.enum(['integer', 'float', 'string', 'boolean']);

/** `proposal_meta.json`. */
export const ProposalMeta = z.strictObject({
  schema_version: z.literal(1),
  proposal_id: z.string().regex(/^live_promotion_\d{8}T\d{6}Z_[0-9a-f]{8}$/),
  title: z.string(),
  description: z.string(),
  lane: z.enum(LANES),
  derivation_version: z.int().positive(),
  base_commit: z.string().nullable(),
  generated_at: z.string(),
  requested_mode: z.enum(MODES).nullable(),
  effective_mode: z.enum(MODES),
  published: z.boolean(),
  change_set_digest: Digest,
  changes: z.array(z.strictObject({ target: z.string(), type: TypeName, old: Value, new: Value })),
  inputs: z.strictObject({
    policy: Digest,
    base_config: z.array(z.strictObject({ file: z.string(), sha256: Digest })),
    auto_toml: Digest.nullable(),
    learning_override: Digest.nullable(),
    evidence: z.strictObject({ files: z.int().min(0), root: Digest.nullable() }),
    // Absent where there is none. A judge derives with it again: it can only keep changes out.
    declined: z
      .array(
        z.strictObject({
          target: z.string(),
          value: Value,
          closed_at: z.string(),
          pull_request: z.int().positive(),
        }),
      )
      .optional(),
  }),
  counts: z.record(z.string(), z.int().min(0)),
});
export type ProposalMeta = z.infer<typeof ProposalMeta>;

const { proposal_id, lane, base_commit, changes } = ProposalMeta.shape;
/** What a proposal changes, of any version of its metadata: for histories, which outlive versions. Other keys are ignored. */
export const ProposalCore = z.object({ proposal_id, lane, base_commit, changes });
export type ProposalCore = z.infer<typeof ProposalCore>;

/** One patch with its decision, a line of `config_patches.json`. */
export const PatchRecord = z.strictObject({
  id: z.string(),
  target: z.string(),
  old_value: Value.nullable(),
  new_value: Value,
  type: TypeName.nullable(),
  status: z.enum(['PROPOSED', 'APPLIED_OFFLINE', 'PROMOTED', 'RETIRED']),
  confidence_score: z.number().nullable(),
  sample_size: z.number().nullable(),
  claimed_old_values: z.array(Value),
  conflict: z.enum(['direction', 'disagreement', 'experiment']).nullable(),
  tags: z.array(z.string()),
  eligible_for_live: z.boolean(),
  evidence: z.strictObject({
    count: z.int().min(0),
    kinds: z.array(z.string()),
    newest: z.string().nullable(),
    undated: z.int().min(0),
    root: Digest.nullable(),
    sources: z.array(
      z.strictObject({
        file: z.string(),
        line: z.int().min(1),
        sha256: z.string(),
        value: Value,
        confidence: z.number().nullable(),
      }),
    ),
  }),
  decision: z
    .strictObject({
      status: z.enum(DECISION_STATUSES),
      lane: z.enum(LANES).nullable(),
      planned_value: Value,
      until: z.string().nullable(),
      findings: z.array(
        z.strictObject({
          code: z.string(),
          effect: z.enum(EFFECTS),
          observed: z.string().optional(),
          required: z.string().optional(),
          until: z.string().optional(),
        }),
      ),
      reasons: z.array(z.string()),
    })
    .nullable(),
});
export type PatchRecord = z.infer<typeof PatchRecord>;

/** `config_patches.json` and, with the id of a cycle that proposed nothing, `reports/decisions/*.json`. */
export const PatchesArtifact = z.strictObject({
  schema_version: z.literal(1),
  id: z.string(),
  generated_at: z.string(),
  patches: z.array(PatchRecord),
});
export type PatchesArtifact = z.infer<typeof PatchesArtifact>;
