import type { Conclusion } from '../review/index.ts';

/** One annotation of a check run, as GitHub takes it. */
export interface CheckAnnotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: 'notice' | 'warning' | 'failure';
  readonly message: string;
  readonly title: string;
}

/** What a check run says. */
export interface CheckRun {
  readonly head: string;
  /** Null while it is not completed. */
  readonly conclusion: Conclusion | null;
  /** When the evaluation began, and by whom: `external_id`. */
  readonly startedBy: string;
  readonly title: string;
  readonly summary: string;
  readonly text?: string;
  readonly annotations?: readonly CheckAnnotation[];
  readonly actions?: readonly { readonly label: string; readonly description: string; readonly identifier: string }[];
}

/** A check run of ours that stands on GitHub. */
export interface PostedRun {
  readonly id: number;
  readonly startedBy: string;
  readonly conclusion: Conclusion | null;
}

/** The runs of our one required check. Rejects with an `AppError` (`GITHUB_*`). */
export interface CheckRuns {
  /** Answers the latest run of ours on a commit, or null; runs of the same name by others are none. */
  latest(head: string): Promise<PostedRun | null>;
  /** Posts a new run, or replaces what a run of ours says; one request for each 50 annotations. Answers its id. */
  post(run: CheckRun, replacing: number | null): Promise<number>;
}
