/** What can stand in a fixture for one answer: a text, or a list of lines. */
export type Answer = string | readonly string[] | null;

/** One thing that both systems say about one case. They agree when `v1` and `ours` are equal. */
export interface Fact {
  /** What was asked, e.g. `auto.toml`. */
  readonly name: string;
  readonly v1: Answer;
  readonly ours: Answer;
  /** Why we say so; pinned where the answers differ, and no part of the comparison. */
  readonly because?: readonly string[];
}

/** Whether both systems give the same answer. */
function agrees({ v1, ours }: Fact): boolean {
  return JSON.stringify(v1) === JSON.stringify(ours);
}

/** A difference as it stands in `differences.json`. */
export interface ListedFact {
  /** A key of `reasons.json`. */
  readonly reason: string;
  readonly v1: Answer;
  readonly ours: Answer;
  readonly because?: readonly string[];
}

/** What `differences.json` says about one case. */
export interface ListedCase {
  /** One sentence for people. */
  readonly what: string;
  readonly facts: Readonly<Record<string, ListedFact>>;
}

/** The facts in which the systems differ, in the form of `differences.json` but for the reason. */
export function differingFacts(facts: readonly Fact[]): Readonly<Record<string, Omit<ListedFact, 'reason'>>> {
  return Object.fromEntries(
    facts
      .filter((fact) => !agrees(fact))
      .map(({ name, v1, ours, because }) => [
        name,
        because === undefined ? { v1, ours } : { v1, ours, because },
      ]),
  );
}
