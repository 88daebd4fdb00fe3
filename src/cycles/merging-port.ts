import type { Instant } from '../kernel/instant.ts';

/** A merge to be made. */
export interface MergeRequest {
  readonly number: number;
  /** The head that was judged; GitHub refuses when the branch has moved since. */
  readonly head: string;
  readonly method: 'merge' | 'squash';
  readonly title: string;
  readonly message: string;
}

/** What GitHub answered. `refused`: something that it requires is missing; `moved`: the head is another by now. */
export type MergeAnswer =
  | { readonly state: 'merged'; readonly commit: string }
  | { readonly state: 'refused' | 'moved' };

/** A pull request that a commit of the base merged. */
export interface MergedPull {
  readonly number: number;
  /** The head that was merged. */
  readonly head: string;
}

/** Merges, and what the judge may write besides checks. Rejects with an `AppError` (`GITHUB_*`). */
export interface Merging {
  merge(request: MergeRequest): Promise<MergeAnswer>;
  /** Answers whose merge a commit is; null for nobody's, as a commit that was pushed. */
  mergedBy(commit: string): Promise<MergedPull | null>;
  /** Answers every commit that a merge since then has made, of whatever branch. */
  mergesSince(since: Instant): Promise<ReadonlySet<string>>;
  /** Appends a note about a commit to `refs/notes/peak`, in git's own format; what stands there stays. */
  appendNote(commit: string, text: string): Promise<void>;
  /** Starts what needs another identity: workflows that listen to `repository_dispatch` of this type. */
  dispatch(eventType: string, payload: Readonly<Record<string, string>>): Promise<void>;
}
