import type { CheckRun, Conclusion } from '../review/index.ts';

/** A run of our check, as it is to stand on GitHub. */
export interface CheckPosting {
  readonly head: string;
  /** Null while it is judged. */
  readonly conclusion: Conclusion | null;
  /** When the evaluation began, and whose it is: `external_id`. Later ones sort behind earlier ones. */
  readonly stamp: string;
  readonly run: CheckRun;
}

/** A check run of ours that stands on GitHub. */
export interface PostedRun {
  /** Of the evaluation that posted it. */
  readonly stamp: string;
}

/** The runs of our one required check. Rejects with an `AppError` (`GITHUB_*`). */
export interface CheckRuns {
  /** Answers the latest run of ours on a commit, or null; runs of the same name by others are none. */
  latest(head: string): Promise<PostedRun | null>;
  /** Posts a new run, or replaces what a run of ours says; one request for each 50 annotations. Answers its id. */
  post(posting: CheckPosting, replacing: number | null): Promise<number>;
}
