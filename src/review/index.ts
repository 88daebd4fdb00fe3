/**
 * What does a pull request of the bot's say, which branch is it on, and whose commits are on it?
 *
 * Invariants: pure; titles, bodies, labels and the state block are built and parsed here and nowhere else; a body is never
 * evidence, its state block only points. Does not belong here: calling GitHub (adapters/github), and when to publish (cycles).
 */
export { type BranchCommit, findForeignCommit } from './authorship.ts';
export { EVIDENCE_BRANCH, LANE_BRANCHES, OUR_BRANCHES } from './branches.ts';
export { buildEvidenceText } from './evidence-text.ts';
export { parseLabels } from './labels.ts';
export { buildPromotionText, parseTitle } from './promotion-text.ts';
export { buildClosingBody, type PullText } from './pull-text.ts';
export { parseState } from './state-block.ts';
export type { ClosingReason } from './state-schema.ts';
export type { WebPlace } from './web-place.ts';
