import type { Change } from '../governance/index.ts';
import { HOUR_MS, type Instant, MINUTE_MS } from '../kernel/instant.ts';
import type { BranchRules, Review, Verdict } from '../review/index.ts';
import type { Access, RepositoryFacts } from './access-reader-port.ts';
import type { MergedPull } from './merging-port.ts';
import { ObjectMemory } from './object-memory.ts';
import type { PullCommit } from './pull-reader-port.ts';

/** How long what GitHub said of people and settings is believed (judge.md §2). */
const BELIEVED_MS = 5 * MINUTE_MS;

/** Longest memory of one kind; the oldest goes first. */
const MAX_ENTRIES = 2_000;

/** The latest judgement of a pull request. */
export interface Judged {
  readonly number: number;
  readonly verdict: Verdict;
  /** Governed base branch. */
  readonly branch: string;
  readonly isBotOwn: boolean;
  /** `auto.toml` of the head, for annotations. */
  readonly autoToml: string | null;
  /** Whether a word of an operator's stops it. */
  readonly isHeld: boolean;
  /** Changes of the proposal in the head, as its content says. */
  readonly proposed: readonly Change[];
  /** As they were read; null where nobody's consent is asked for. */
  readonly reviews: readonly Review[] | null;
}

/** A check that stands, as far as this instance knows. */
export interface PostedVerdict {
  /** Of the evaluation. */
  readonly stamp: string;
  /** The base branch that it was about. */
  readonly branch: string;
  readonly digest: string;
  readonly validUntil: Instant;
}

/** What one instance remembers of a repository. Losing it costs requests, never a wrong verdict. */
export interface JudgeMemory {
  /** Since when this instance looks. */
  readonly since: Instant;
  /** What the mirror and heads answered about objects. */
  readonly objects: ObjectMemory;
  /** Commits of a head beyond the base that it was judged against. */
  readonly commits: Memo<readonly PullCommit[] | null>;
  /** Merges since the first commit of a head. */
  readonly squashes: Memo<ReadonlySet<string>>;
  readonly access: Memo<Access | null>;
  /** Who is no operator of a pull request, by `number/id`: their commands cost nothing for a while. */
  readonly strangers: Memo<true>;
  /** By `org/slug/login`. */
  readonly teams: Memo<boolean | null>;
  readonly rules: Memo<BranchRules | null>;
  readonly repository: Memo<RepositoryFacts>;
  /** Commits of `refs/notes/peak` that the judge itself wrote, up to a tip. */
  readonly ownNotes: { tip: string | null; readonly commits: Set<string> };
  /** By tips of base and notes. */
  readonly trust: Memo<boolean | null>;
  /** Whose merge a commit is. */
  readonly merges: Memo<MergedPull | null>;
  /** Until when the base was last found explained, by its own commits; what is older is not derived again. */
  readonly explained: { at: Instant | null };
  /** Open deviations, by tips of base and notes. */
  readonly open: Memo<number>;
  /** What this instance posted last, by head. */
  readonly posted: Map<string, PostedVerdict>;
  /** By number; of open pull requests only. */
  readonly judged: Map<number, Judged>;
  /** Heads of open pull requests by number: a check belongs to a commit, whoever else has it as its head. */
  readonly heads: Map<number, string>;
}

/** Answers that are believed for a while. */
export class Memo<T> {
  readonly #entries = new Map<string, { readonly value: T; readonly at: Instant }>();
  readonly #clock: () => Instant;
  readonly #believedMs: number;

  constructor(clock: () => Instant, believedMs = BELIEVED_MS) {
    this.#clock = clock;
    this.#believedMs = believedMs;
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    return entry === undefined || this.#clock() - entry.at > this.#believedMs ? undefined : entry.value;
  }

  set(key: string, value: T): T {
    this.#entries.delete(key);
    this.#entries.set(key, { value, at: this.#clock() });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
    return value;
  }

  /** The believed answer, or a new one. */
  async of(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.get(key);
    return known !== undefined ? known : this.set(key, await ask());
  }

  forget(): void {
    this.#entries.clear();
  }
}

/** Starts with nothing. */
export function emptyMemory(clock: () => Instant): JudgeMemory {
  const forEver = Number.POSITIVE_INFINITY;
  return {
    since: clock(),
    objects: new ObjectMemory(),
    commits: new Memo(clock, forEver),
    squashes: new Memo(clock),
    access: new Memo(clock),
    strangers: new Memo(clock),
    teams: new Memo(clock),
    rules: new Memo(clock),
    repository: new Memo(clock),
    ownNotes: { tip: null, commits: new Set() },
    trust: new Memo(clock, forEver),
    explained: { at: null },
    open: new Memo(clock, forEver),
    merges: new Memo(clock, HOUR_MS),
    posted: new Map(),
    judged: new Map(),
    heads: new Map(),
  };
}
