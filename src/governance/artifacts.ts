import { formatInstant } from '../kernel/instant.ts';
import { problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import type { Scalar } from '../kernel/scalar.ts';
import { REDACTED } from '../kernel/secret.ts';
import type { ConfigPatch, PatchSource } from '../learning/index.ts';
import { PatchesArtifact, type PatchRecord, ProposalCore, ProposalMeta } from './artifact-schema.ts';
import { DERIVATION_VERSION } from './change-set.ts';
import type { PromotionDecision } from './decide.ts';
import { DECISION_STATUSES } from './decide.ts';
import type { DeclinedChange } from './declined.ts';
import { describeFinding, type Finding } from './finding.ts';
import type { PromotionProposal } from './proposal.ts';
import { RollbackRecord } from './rollback-schema.ts';

/** The metadata of a proposal, as it is written. */
export function toProposalMeta(proposal: PromotionProposal): ProposalMeta {
  const { meta, decisions } = proposal;
  return {
    schema_version: 1,
    proposal_id: proposal.proposalId,
    title: proposal.title,
    description: proposal.description,
    lane: proposal.lane,
    derivation_version: DERIVATION_VERSION,
    base_commit: meta.baseCommit,
    generated_at: formatInstant(meta.clock),
    requested_mode: meta.requestedMode,
    effective_mode: meta.effectiveMode,
    published: meta.published,
    change_set_digest: proposal.changeSetDigest,
    changes: proposal.changes.map((change) => ({ ...change })),
    inputs: {
      policy: meta.inputs.policy,
      base_config: meta.inputs.baseConfig.map((entry) => ({ ...entry })),
      auto_toml: meta.inputs.autoToml,
      learning_override: meta.inputs.learningOverride,
      evidence: { files: meta.inputs.evidenceFiles, root: meta.inputs.evidenceRoot },
      ...(meta.declined.length === 0 ? {} : { declined: meta.declined.map(toDeclinedRecord) }),
    },
    counts: countByStatus(decisions),
  };
}

function toDeclinedRecord({ target, value, closedAt, pullRequest }: DeclinedChange) {
  return { target, value, closed_at: formatInstant(closedAt), pull_request: pullRequest };
}

/** Number of decisions by status, in a fixed order. */
function countByStatus(decisions: readonly PromotionDecision[]): Record<string, number> {
  const counts = Object.fromEntries(DECISION_STATUSES.map((status) => [status, 0]));
  for (const { status } of decisions) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

export function formatProposalMeta(meta: ProposalMeta): string {
  return `${JSON.stringify(meta, null, 2)}\n`;
}

export function parseProposalMeta(text: string, file: string): Result<ProposalMeta> {
  return parseArtifact(ProposalMeta, text, file);
}

/** Reads only what a proposal changes. */
export function parseProposalCore(text: string, file: string): Result<ProposalCore> {
  return parseArtifact(ProposalCore, text, file);
}

/** All patches of a cycle with their decisions, in the order of the patches; one after the other, because there may be very many. */
export function* toPatchRecords(
  patches: readonly ConfigPatch[],
  decisions: readonly PromotionDecision[],
): Generator<PatchRecord, void> {
  const byTarget = new Map(decisions.map((decision) => [decision.candidate.patch.target, decision]));
  for (const patch of patches) yield toRecord(patch, byTarget.get(patch.target));
}

/**
 * `config_patches.json` of a proposal or a cycle with this id, made at this time (ISO 8601). One patch a line: readable in a
 * diff, and half the size of indented JSON.
 */
export function formatPatchesArtifact(
  id: string,
  generatedAt: string,
  patches: Iterable<PatchRecord>,
): string {
  const head = `{\n"schema_version": 1,\n"id": ${JSON.stringify(id)},\n"generated_at": ${JSON.stringify(generatedAt)},\n"patches": [`;
  const lines = Array.from(patches, (patch) => JSON.stringify(patch));
  return `${head}${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n`}]\n}\n`;
}

export function parsePatchesArtifact(text: string, file: string): Result<PatchesArtifact> {
  return parseArtifact(PatchesArtifact, text, file);
}

function toRecord(patch: ConfigPatch, decision: PromotionDecision | undefined): PatchRecord {
  return {
    id: patch.id,
    target: patch.target,
    old_value: patch.redacted ? REDACTED : (decision?.live?.value ?? null),
    new_value: patch.value,
    type: patch.type,
    status: patch.status,
    confidence_score: patch.confidence,
    sample_size: patch.sampleSize,
    claimed_old_values: patch.claimedOld as Scalar[],
    conflict: patch.conflict,
    tags: (decision?.candidate.tags ?? patch.tags) as string[],
    eligible_for_live: decision?.candidate.eligibleForLive ?? false,
    evidence: {
      count: patch.evidenceCount,
      kinds: patch.evidenceKinds as string[],
      newest: patch.newest === null ? null : formatInstant(patch.newest),
      undated: patch.undated,
      root: patch.evidenceRoot,
      sources: patch.sources as PatchSource[],
    },
    decision: decision === undefined ? null : toDecisionRecord(decision),
  };
}

type DecisionRecord = NonNullable<PatchRecord['decision']>;
type FindingRecord = DecisionRecord['findings'][number];

function toDecisionRecord(decision: PromotionDecision): DecisionRecord {
  return {
    status: decision.status,
    lane: decision.lane,
    planned_value: decision.planned,
    until: decision.until === null ? null : formatInstant(decision.until),
    findings: decision.findings.map(toFindingRecord),
    reasons: decision.findings.filter(({ effect }) => effect !== 'note').map(describeFinding),
  };
}

/** Copied only when it must be changed: a hundred thousand patches have half a million findings, which most of them share. */
function toFindingRecord(finding: Finding): FindingRecord {
  const { until } = finding;
  return until === undefined
    ? (finding as Omit<Finding, 'until'>)
    : { ...finding, until: formatInstant(until) };
}

/** `rollback.json` as it is written. */
export function formatRollbackRecord(record: RollbackRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

export function parseRollbackRecord(text: string, file: string): Result<RollbackRecord> {
  return parseArtifact(RollbackRecord, text, file);
}

interface ArtifactSchema<T> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };
}

function parseArtifact<T>(schema: ArtifactSchema<T>, text: string, file: string): Result<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail(problem('ARTIFACT_INVALID', { reason: 'it is not valid JSON' }, { file }));
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  return fail(
    ...parsed.error.issues.map((issue) =>
      problem(
        'ARTIFACT_INVALID',
        { reason: `${issue.path.map(String).join('.')}: ${issue.message}` },
        { file },
      ),
    ),
  );
}
