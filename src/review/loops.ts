import type {
  AutoApplyPolicy,
  HistoryView,
  Mode,
  PromotionDecision,
  ProposalMeta,
} from '../governance/index.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Result } from '../kernel/result.ts';
import type { Side, Texts } from './snapshot.ts';

/** What both loops are run on again. */
export interface RebuildRequest {
  /** The commit that everything governed is read from. */
  readonly from: Side;
  /** Files that the change adds below `reports/learning_snippets/`. */
  readonly added: Texts;
  readonly clock: Instant;
  /** The past of that commit at that time. */
  readonly history: HistoryView;
  /** What the proposal recorded: lane, requested mode, and inputs that can only keep changes out. */
  readonly recorded: ProposalMeta;
}

/** What both loops yield for one lane. */
export interface Rebuilt {
  /** Everything that the pull request must hold, path → text; empty when the lane proposes nothing. */
  readonly files: Texts;
  readonly changeSetDigest: string | null;
  /** The mode that held. */
  readonly mode: Mode;
  readonly patchCount: number;
  /** What the lane accepted. */
  readonly accepted: readonly PromotionDecision[];
  /** When the first evidence that it rests on expires; null for never. */
  readonly evidenceExpires: Instant | null;
}

/** System 1 and System 2 as functions: the very code that publishes. Pure. */
export interface Loops {
  readonly rebuild: (request: RebuildRequest) => Result<Rebuilt>;
  /** Why an evidence file must not be published, or null; never quotes what it found. */
  readonly findQuarantineReason: (
    path: string,
    text: string,
    policy: AutoApplyPolicy | null,
  ) => string | null;
}
