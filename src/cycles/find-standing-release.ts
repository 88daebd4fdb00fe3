import { type AutoApplyPolicy, parsePolicy } from '../governance/index.ts';
import { type HistorySource, readHistory } from '../history/index.ts';
import { type Instant, parseInstant } from '../kernel/instant.ts';
import { patternCovers } from '../kernel/target.ts';
import { readMergedProposal } from './read-merged-proposal.ts';

/** What somebody wants released, and where it is looked up. */
export interface ReleaseRequest {
  readonly target: string;
  readonly reason: string;
  /** A full id. */
  readonly head: string;
  readonly now: Instant;
}

/**
 * Whether a policy says just this release already and it still ends every hold of the target: nothing came after it that the target would be
 * on hold for. What cannot be read is no yes, since an operator must be able to release again.
 */
export async function isReleaseStanding(
  source: HistorySource,
  text: string,
  { target, reason, head, now }: ReleaseRequest,
): Promise<boolean> {
  const policy = parsePolicy(text);
  const at = policy.ok ? releasedAt(policy.value, target, reason) : null;
  if (at === null) return false;
  const history = await readHistory(source, { head, now, since: null, readProposal: readMergedProposal });
  if (!history.ok) return false;
  return history.value.events.every(
    (event) =>
      (event.kind !== 'rollback' && event.kind !== 'unexplained') ||
      event.time < at ||
      event.changes.every((change) => change.target !== target),
  );
}

/** When a policy released the target for this reason; null where it did not, or where something holds it. */
function releasedAt({ holds, releases }: AutoApplyPolicy, target: string, reason: string): Instant | null {
  if (Object.keys(holds).some((pattern) => patternCovers(pattern, target))) return null;
  const release = Object.hasOwn(releases, target) ? releases[target] : undefined;
  return release?.reason === reason ? parseInstant(release.at) : null;
}
