import { formatCompactInstant, type Instant } from '../kernel/instant.ts';
import type { ConfigPatch } from '../learning/index.ts';
import { type Change, changeSetDigest, changesOf } from './change-set.ts';
import { LANES, type Lane, type PromotionDecision } from './decide.ts';
import type { DeclinedChange } from './declined.ts';
import type { Mode } from './policy-schema.ts';

/** Digests of everything that a derivation reads, so that anyone can tell what it was derived from. */
export interface InputDigests {
  readonly policy: string;
  readonly baseConfig: readonly { readonly file: string; readonly sha256: string }[];
  readonly autoToml: string | null;
  readonly learningOverride: string | null;
  readonly evidenceFiles: number;
  readonly evidenceRoot: string | null;
}

/** What is true of a whole cycle. */
export interface CycleFacts {
  /** The commit it was derived from; null outside Git. */
  readonly baseCommit: string | null;
  readonly clock: Instant;
  readonly requestedMode: Mode | null;
  readonly effectiveMode: Mode;
  readonly published: boolean;
  readonly inputs: InputDigests;
  /** What operators said no to, as far as evidence recommends it again. */
  readonly declined: readonly DeclinedChange[];
}

/** The accepted changes of one lane, ready to be shown to people and written to a folder. */
export interface PromotionProposal {
  readonly proposalId: string;
  readonly title: string;
  readonly description: string;
  readonly lane: Lane;
  readonly changes: readonly Change[];
  readonly changeSetDigest: string;
  /** Decisions about all candidates of the cycle, accepted or not. */
  readonly decisions: readonly PromotionDecision[];
  /** All patches of the cycle, also those that were no candidates. */
  readonly patches: readonly ConfigPatch[];
  readonly meta: CycleFacts;
}

/** At most one proposal per lane, auto first; none for a lane without changes. */
export function buildPromotionProposals(
  decisions: readonly PromotionDecision[],
  patches: readonly ConfigPatch[],
  meta: CycleFacts,
): readonly PromotionProposal[] {
  return LANES.flatMap((lane) => {
    const changes = changesOf(decisions, lane);
    if (changes.length === 0) return [];
    const digest = changeSetDigest(changes);
    const targets = changes.slice(0, 3).map(({ target }) => target);
    const more = changes.length > targets.length ? ` and ${changes.length - targets.length} more` : '';
    return {
      proposalId: `live_promotion_${formatCompactInstant(meta.clock)}_${digest.slice(0, 8)}`,
      title: `Promote ${targets.join(', ')}${more} (${lane} lane)`,
      description: describe(lane, changes.length),
      lane,
      changes,
      changeSetDigest: digest,
      decisions,
      patches,
      meta,
    };
  });
}

function describe(lane: Lane, count: number): string {
  const what = count === 1 ? '1 learned change' : `${count} learned changes`;
  return lane === 'auto'
    ? `${what} within every guardrail of the policy.`
    : `${what} that passed the governance firewall and ${count === 1 ? 'needs' : 'need'} an operator's decision.`;
}
