import { DERIVATION_VERSION } from '../governance/index.ts';
import type { HistoryEvent } from '../history/index.ts';
import { type AuditedCommit, type Deviation, deviate, judgeMerged } from '../review/index.ts';
import { ObjectMemory } from './object-memory.ts';
import { readMergedSnapshot } from './read-snapshot.ts';
import { LOOPS } from './rebuild.ts';
import { type RememberedRepository, rememberRepository } from './remember-repository.ts';
import type { ReviewRepository } from './review-repository-port.ts';

type Promotion = Extract<HistoryEvent, { kind: 'promotion' }>;

/** What running both loops again for every promotion showed. */
export interface PromotionAudit {
  readonly deviations: readonly Deviation[];
  readonly promotions: number;
  readonly authentic: number;
}

/**
 * Runs both loops again for each promotion, on the commit that it was derived from, and compares byte for byte. `positions`: of every
 * commit of the line. An older derivation version cannot be derived again, which is noted, unless a newer one came before it.
 */
export async function auditPromotions(
  git: ReviewRepository,
  commits: readonly AuditedCommit[],
  positions: ReadonlyMap<string, number>,
): Promise<PromotionAudit> {
  const deviations: Deviation[] = [];
  const known = rememberRepository(git, new ObjectMemory());
  let [promotions, authentic, newest] = [0, 0, 0];
  for (const commit of commits) {
    const event = commit.events.find((found): found is Promotion => found.kind === 'promotion');
    if (event === undefined) continue;
    promotions += 1;
    const findings = await judgeAgain(known, commit, { event, positions });
    const other = findings.find(({ code }) => code === 'DERIVATION_VERSION_OTHER');
    const version = other === undefined ? DERIVATION_VERSION : Number(other.observed);
    const isNoted = isRetired(version, newest);
    newest = Math.max(newest, version);
    if (findings.length === 0) authentic += 1;
    else if (other === undefined) deviations.push(deviate(commit, 'NOT_AUTHENTIC', { findings }));
    else deviations.push(deviate(commit, 'NOT_DERIVED_AGAIN', { ...versionsOf(version), isNoted }));
  }
  return { deviations, promotions, authentic };
}

/**
 * Whether a promotion may be left underived: its rules are older than the engine's, and nothing newer stood before it. A newer one asks
 * for a newer engine; one that goes back would be the way around being derived again. Versions are whole numbers from 1.
 */
export function isRetired(version: number, newest: number, own: number = DERIVATION_VERSION): boolean {
  return version < own && version >= newest;
}

function versionsOf(version: number) {
  return { observed: String(version), required: String(DERIVATION_VERSION) };
}

interface PromotionPlace {
  readonly event: Promotion;
  readonly positions: ReadonlyMap<string, number>;
}

/** A base commit that is not on the line before it is answered by the rule, as one that it was not derived from. */
function judgeAgain(git: RememberedRepository, commit: AuditedCommit, { event, positions }: PromotionPlace) {
  const { id, previous, time } = commit;
  const claimed = event.proposals[0]?.baseCommit ?? null;
  const place = claimed === null ? undefined : positions.get(claimed);
  const isBefore = place !== undefined && place < (positions.get(id) ?? 0);
  const from = isBefore ? (claimed as string) : (previous ?? id);
  return readMergedSnapshot(git, { commit: id, previous: previous ?? id, from, at: time }).then((snapshot) =>
    judgeMerged(snapshot, LOOPS),
  );
}
