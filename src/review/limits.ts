/** Paths that one change may touch: GitHub lists no more of a pull request (github-facts.md C.1). */
export const MAX_PATHS = 3000;
/** Bytes of one file of a proposal: a published cycle holds at most 2 MB beside its evidence (product.md §2). */
export const MAX_ARTIFACT_BYTES = 2_000_000;
/** Bytes of one evidence file, as of one document that the loops read (docs/evidence.md), and of all that one change adds (judge.md §7). */
export const MAX_EVIDENCE_FILE_BYTES = 8_388_608;
export const MAX_EVIDENCE_BYTES = 32_000_000;
/** Nesting of JSON; deeper texts are no evidence (`findQuarantineReason` has the same). */
export const MAX_JSON_DEPTH = 32;
/** Decisions of a published cycle (product.md §2). */
export const MAX_PATCHES = 2000;
/** Findings of one kind that are listed one by one. */
export const MAX_LISTED = 20;
/** A proposal's clock may be this far ahead of the judge's (judge.md §4.1). */
export const MAX_CLOCK_AHEAD_MINUTES = 5;
/** A verdict holds at most this long (judge.md §6). */
export const MAX_VALID_MINUTES = 60;
/** A promotion younger than this may be undone where no direction is declared riskier (judge.md §5). */
export const FREE_ROLLBACK_DAYS = 14;
