import { type DeclinedChange, derive, isNeverTarget, resolveMode } from '../governance/index.ts';
import { DAY_MS, type Instant, instantFromMs, parseInstant } from '../kernel/instant.ts';
import { ok, type Result } from '../kernel/result.ts';
import { isSecretTarget } from '../kernel/secret.ts';
import { type EvidenceRow, findQuarantineReason } from '../learning/index.ts';
import type { Loops, RebuildRequest, Rebuilt, Texts } from '../review/index.ts';
import { laneContent } from './branch-content.ts';
import { isEvidencePath, sourceOf } from './committed-files.ts';
import { EvidenceMemo } from './evidence-memo.ts';
import { type Gathered, gather } from './gather.ts';

/** Both loops for the judge: the very code that publishes (`publish-branch.ts`), on a commit and the evidence that a change adds. */
export const LOOPS: Loops = {
  rebuild,
  findQuarantineReason: (path, text, policy) =>
    findQuarantineReason(path, text, (target) =>
      policy === null ? isSecretTarget(target) : isNeverTarget(target, policy),
    ),
};

/** Both runs of a judgement mostly have the same evidence, and so has the next judgement. */
const KNOWN = new EvidenceMemo();

function rebuild({ from, added, clock, history, recorded }: RebuildRequest): Result<Rebuilt> {
  const evidence: Texts = new Map([...added].filter(([path]) => isEvidencePath(path)));
  const texts = new Map(from.texts);
  for (const [path, text] of evidence) texts.set(path, text);
  const gathered = gather(sourceOf(texts), { clock, readEvidence: () => KNOWN.read(texts, clock) });
  if (!gathered.ok) return gathered;
  const { policy, policyText } = gathered.value;
  const mode = resolveMode(policy, recorded.requested_mode, policyText.text);
  if (!mode.ok) return mode;
  const derivation = derive({
    ...gathered.value,
    effectiveMode: mode.value.mode,
    requestedMode: recorded.requested_mode,
    baseCommit: from.id,
    clock,
    published: true,
    history,
    declined: declinedIn(recorded),
  });
  const { lane } = recorded;
  const proposal = derivation.proposals.find((candidate) => candidate.lane === lane);
  let files: Texts | null = null;
  const accepted = derivation.decisions.filter((decision) => decision.lane === lane);
  return ok({
    // Asked for at the recorded clock only: what would be written now is never compared.
    get files() {
      files ??= laneContent('', lane, derivation, policy, evidence)[0]?.files ?? new Map();
      return files;
    },
    changeSetDigest: proposal?.changeSetDigest ?? null,
    mode: mode.value.mode,
    patchCount: derivation.patches.length,
    accepted,
    // Asked for now only: a look at each piece of evidence.
    get evidenceExpires() {
      const targets = accepted.map(({ candidate }) => candidate.patch.target);
      return findExpiry(gathered.value, targets, clock);
    },
  });
}

/** What was recorded as declined can only keep changes out, so it needs no proof. */
function declinedIn({ inputs }: RebuildRequest['recorded']): readonly DeclinedChange[] {
  return (inputs.declined ?? []).flatMap(({ target, value, closed_at, pull_request: pullRequest }) => {
    const closedAt = parseInstant(closed_at);
    return closedAt === null ? [] : [{ target, value, closedAt, pullRequest }];
  });
}

/** When the first piece of evidence about one of these targets expires; null for never. */
function findExpiry(
  { evidence, policy }: Gathered,
  targets: readonly string[],
  now: Instant,
): Instant | null {
  const ends = targets.flatMap((target) =>
    evidence.table.rowsOf(target).flatMap((row) => endsOf(row, policy.evidence.max_age_days)),
  );
  const ahead = ends.filter((end) => end > now);
  return ahead.length === 0 ? null : instantFromMs(ahead.reduce((a, b) => Math.min(a, b)));
}

function endsOf({ time, expiresAt }: EvidenceRow, maxAgeDays: number): readonly number[] {
  return [...(time === null ? [] : [time + maxAgeDays * DAY_MS]), ...(expiresAt === null ? [] : [expiresAt])];
}
