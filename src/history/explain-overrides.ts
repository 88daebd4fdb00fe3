import { isSameParameter, type Parameter, type Scalar } from '../kernel/scalar.ts';
import { isSameOverride, loads } from './loaded-config.ts';
import type { MergedProposal } from './merged-proposal.ts';
import type { Ledgers, Override, TargetLedger } from './target-ledger.ts';

/** What a commit did to the overrides, and what its base configuration makes of them. */
export interface OverrideChange {
  /** Targets whose override changed. */
  readonly targets: readonly string[];
  readonly after: (target: string) => Override;
  /** What a session would load after the commit for an override of a target. */
  readonly live: (target: string, override: Override) => Parameter | null;
  /** What a session would have loaded before the commit. */
  readonly liveBefore: (target: string) => Parameter | null;
  /** Whether the commit also changed the target's base value. */
  readonly isBaseMoved: (target: string) => boolean;
}

/** Why a target's override changed. `depth`: how many standing promotions it takes back. */
export type TargetReason =
  | { readonly kind: 'promoted'; readonly proposal: MergedProposal }
  | { readonly kind: 'rolled_back'; readonly depth: number }
  | { readonly kind: 'restored' }
  | { readonly kind: 'graduated' };

/** Every changed target with its reason, and the proposals that were carried out. */
export interface Explanation {
  readonly reasons: ReadonlyMap<string, TargetReason>;
  readonly proposals: readonly MergedProposal[];
}

/**
 * Explains a commit's change of the overrides by its content: by proposals whose change sets say just that, from the settled
 * live value to the new one, and by ways back. All or nothing: null when one target stays unexplained.
 */
export function explainOverrides(
  change: OverrideChange,
  proposals: { readonly added: readonly MergedProposal[]; readonly open: readonly MergedProposal[] },
  ledgers: Ledgers,
): Explanation | null {
  const reasons = new Map<string, TargetReason>();
  const carriedOut = [...inChain(proposals.added, change, ledgers)];
  const taken = new Set(carriedOut.flatMap(({ changes }) => changes.map(({ target }) => target)));
  for (const proposal of [...proposals.added, ...proposals.open]) {
    if (proposal.changes.some(({ target }) => taken.has(target))) continue;
    if (!isCarriedOut(proposal, change, ledgers)) continue;
    carriedOut.push(proposal);
    for (const { target } of proposal.changes) taken.add(target);
  }
  for (const proposal of carriedOut) {
    for (const { target } of proposal.changes) reasons.set(target, { kind: 'promoted', proposal });
  }
  for (const target of change.targets) {
    if (reasons.has(target)) continue;
    const reason = explainTarget(target, change, ledgers.of(target));
    if (reason === null) return null;
    reasons.set(target, reason);
  }
  return { reasons, proposals: carriedOut };
}

function isCarriedOut({ changes }: MergedProposal, change: OverrideChange, ledgers: Ledgers): boolean {
  return changes.every(
    ({ target, old, new: next }) =>
      !change.isBaseMoved(target) &&
      loads(change.live(target, ledgers.of(target).settled), old) &&
      loads(change.live(target, change.after(target)), next),
  );
}

/** Several proposals merged at once can build on each other: each from where the one before left off, in order of their ids. */
function inChain(
  added: readonly MergedProposal[],
  change: OverrideChange,
  ledgers: Ledgers,
): readonly MergedProposal[] {
  const values = new Map<string, Scalar | null>();
  const reachedValue = (target: string): Scalar | null => {
    const value = values.get(target);
    return value === undefined ? (change.live(target, ledgers.of(target).settled)?.value ?? null) : value;
  };
  const chain = [...added]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .filter(({ changes }) => {
      const follows = changes.every(
        ({ target, old }) => !change.isBaseMoved(target) && reachedValue(target) === old,
      );
      if (follows) for (const { target, new: next } of changes) values.set(target, next);
      return follows;
    });
  const holds = [...values].every(
    ([target, value]) => value !== null && loads(change.live(target, change.after(target)), value),
  );
  return holds ? chain : [];
}

function explainTarget(target: string, change: OverrideChange, ledger: TargetLedger): TargetReason | null {
  const after = change.after(target);
  const live = change.live(target, after);
  if (change.isBaseMoved(target))
    return isSameParameter(change.liveBefore(target), live) ? { kind: 'graduated' } : null;
  if (ledger.isUnsettled && isSameOverride(after, ledger.settled)) return { kind: 'restored' };
  const { standing } = ledger;
  const leadsHere = standing.findLastIndex(({ before, liveBefore }) =>
    after === undefined ? before === undefined : loads(live, liveBefore?.value ?? Number.NaN),
  );
  if (leadsHere !== -1) return { kind: 'rolled_back', depth: standing.length - leadsHere };
  return after === undefined ? { kind: 'rolled_back', depth: standing.length } : null;
}
