import { type ProposalMeta, parseProposalMeta } from '../governance/index.ts';
import { type Instant, parseInstant } from '../kernel/instant.ts';
import type { Result } from '../kernel/result.ts';
import { addedEvidence } from './added-evidence.ts';
import type { Judgement } from './judgement.ts';
import type { Rebuilt } from './loops.ts';
import { findProposalFolders, metaPathOf } from './proposal-in.ts';

/** The one proposal of a change, as it says of itself. */
export interface ClaimedProposal {
  readonly id: string;
  readonly metaPath: string;
  readonly meta: Result<ProposalMeta>;
}

const claimed = new WeakMap<Judgement, ClaimedProposal | null>();

/** The proposal that a change adds; null unless it adds exactly one with readable files. Looked for once per judgement. */
export function findClaimed(judgement: Judgement): ClaimedProposal | null {
  const found = claimed.get(judgement);
  if (found !== undefined) return found;
  const proposal = readClaimed(judgement);
  claimed.set(judgement, proposal);
  return proposal;
}

function readClaimed({ snapshot, places }: Judgement): ClaimedProposal | null {
  const [id, ...others] = findProposalFolders(snapshot, places).added;
  if (id === undefined || others.length > 0) return null;
  const metaPath = metaPathOf(id);
  return { id, metaPath, meta: parseProposalMeta(snapshot.head.texts.get(metaPath) ?? '', metaPath) };
}

/** The recorded clock, or null where it is none. */
export function recordedClock(meta: ProposalMeta): Instant | null {
  return parseInstant(meta.generated_at);
}

const known = new WeakMap<Judgement, Map<string, Result<Rebuilt> | null>>();

/**
 * Both loops on the merge base at the recorded clock (`recorded`), or on the tip now (`now`), with the evidence that the change
 * adds; null where the past that they depend on is not known. Each is derived once per judgement.
 */
export function deriveAgain(
  judgement: Judgement,
  meta: ProposalMeta,
  when: 'recorded' | 'now',
): Result<Rebuilt> | null {
  const derived = known.get(judgement) ?? new Map<string, Result<Rebuilt> | null>();
  known.set(judgement, derived);
  const found = derived.get(when);
  if (found !== undefined) return found;
  const { snapshot, loops } = judgement;
  const history = snapshot.pasts[when];
  const from = when === 'now' ? snapshot.base : snapshot.mergeBase;
  const clock = when === 'now' ? snapshot.now : recordedClock(meta);
  const result =
    history === null || clock === null
      ? null
      : loops.rebuild({ from, added: addedEvidence(snapshot), clock, history, recorded: meta });
  derived.set(when, result);
  return result;
}
