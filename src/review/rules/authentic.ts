import { DERIVATION_VERSION, type ProposalMeta } from '../../governance/index.ts';
import { DECISIONS_PATH, EVIDENCE_PATH } from '../../kernel/governed-paths.ts';
import { formatInstant, instantFromMs, MINUTE_MS } from '../../kernel/instant.ts';
import { addedEvidence, findChangedEvidence } from '../added-evidence.ts';
import { compareWithRebuilt } from '../compare-rebuilt.ts';
import { type ClaimedProposal, deriveAgain, findClaimed, recordedClock } from '../derive-again.ts';
import { type Judgement, judgingPolicy, type ReviewRule } from '../judgement.ts';
import { MAX_CLOCK_AHEAD_MINUTES, MAX_PATCHES } from '../limits.ts';
import { findProposalFolders } from '../proposal-in.ts';
import { failed, type ReviewFinding, undetermined, waits } from '../review-finding.ts';

/**
 * A promotion is what both loops give, byte for byte: from the merge base and the evidence that it adds, at the recorded clock
 * and requested mode (judge.md §4.1). Nothing is taken on faith, and nothing can be left out.
 */
export const authentic: ReviewRule = {
  name: 'authentic',
  check: (judgement) => {
    const { snapshot, places } = judgement;
    const { added, touched } = findProposalFolders(snapshot, places);
    const findings: ReviewFinding[] = [
      ...touched.map((file) => failed('RECORD_CHANGED', { file })),
      ...findEvidenceFaults(judgement),
    ];
    if (added.length !== 1)
      findings.push(failed('PROPOSAL_COUNT', { observed: String(added.length), required: '1' }));
    const claimed = findClaimed(judgement);
    if (claimed !== null) findings.push(...checkClaim(judgement, claimed));
    return findings;
  },
};

/** Evidence is only added, and holds nothing that must not be published. */
function findEvidenceFaults({ snapshot }: Judgement): readonly ReviewFinding[] {
  const deleted = snapshot.own.filter(
    ({ path, after }) => after === null && path.startsWith(`${EVIDENCE_PATH}/`),
  );
  return [
    ...findChangedEvidence(snapshot, [EVIDENCE_PATH, DECISIONS_PATH]),
    ...deleted.map(({ path }) => failed('EVIDENCE_DELETED', { file: path })),
  ];
}

function checkClaim(judgement: Judgement, { meta, metaPath }: ClaimedProposal): readonly ReviewFinding[] {
  if (!meta.ok)
    return meta.problems.map((problem) => failed('PROPOSAL_META_INVALID', { file: metaPath, problem }));
  const origin = checkOrigin(judgement, meta.value, metaPath);
  if (origin.length > 0) return origin;
  const clock = checkClock(judgement, meta.value, metaPath);
  const rebuilt = deriveAgain(judgement, meta.value, 'recorded');
  if (rebuilt === null) return [...clock, undetermined('HISTORY_UNDETERMINED', { file: metaPath })];
  if (!rebuilt.ok)
    return [...clock, ...rebuilt.problems.map((problem) => failed('REBUILD_FAILED', { problem }))];
  const { patchCount } = rebuilt.value;
  if (patchCount > MAX_PATCHES)
    return [failed('LIMIT_EXCEEDED', { observed: `${patchCount} patches`, required: String(MAX_PATCHES) })];
  return [...clock, ...compareWithRebuilt(judgement, rebuilt.value, meta.value.lane)];
}

/** Nothing else is comparable; a rebuild by the publisher settles it, so it waits. */
function checkOrigin({ snapshot }: Judgement, meta: ProposalMeta, file: string): readonly ReviewFinding[] {
  const { derivation_version: version, base_commit: commit } = meta;
  if (version !== DERIVATION_VERSION) {
    const facts = { file, observed: String(version), required: String(DERIVATION_VERSION) };
    return [waits('DERIVATION_VERSION_OTHER', facts)];
  }
  if (commit === snapshot.mergeBase.id) return [];
  const observed = commit === null ? 'no commit' : commit.slice(0, 12);
  return [waits('BASE_COMMIT_OTHER', { file, observed, required: snapshot.mergeBase.id.slice(0, 12) })];
}

function checkClock({ snapshot }: Judgement, meta: ProposalMeta, file: string): readonly ReviewFinding[] {
  const clock = recordedClock(meta);
  const latest = instantFromMs(snapshot.now + MAX_CLOCK_AHEAD_MINUTES * MINUTE_MS);
  if (clock !== null && clock >= snapshot.mergeBaseTime && clock <= latest) return [];
  const required = `${formatInstant(snapshot.mergeBaseTime)} to ${formatInstant(latest)}`;
  return [failed('CLOCK_OUT_OF_RANGE', { file, observed: meta.generated_at, required })];
}

/** Evidence that a change adds holds no secret, and no value of a target that is never shown (judge.md §7). */
export const quarantine: ReviewRule = {
  name: 'quarantine',
  check: (judgement) => {
    const { snapshot, loops } = judgement;
    const policy = judgingPolicy(judgement);
    return [...addedEvidence(snapshot)].flatMap(([file, text]) => {
      const reason = loops.findQuarantineReason(file, text, policy);
      return reason === null ? [] : [failed('EVIDENCE_QUARANTINED', { file, observed: reason })];
    });
  },
};
