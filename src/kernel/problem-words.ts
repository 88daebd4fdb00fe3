/** The words for one problem: what is wrong, and what to do about it now. */
export interface ProblemWords {
  readonly message: string;
  readonly hint?: string;
}

/** What a problem is about, by name. */
export type ProblemArgs = Readonly<Record<string, string>>;

/** Words as the catalogue has them. */
export const say = (message: string, hint?: string): ProblemWords =>
  hint === undefined ? { message } : { message, hint };
