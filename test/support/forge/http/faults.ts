/** A planned failure: of the nth call that matches. */
export interface Fault {
  /** Default: any. */
  readonly method?: string;
  /** Matches the path without `/api/v3`; default: any. */
  readonly path?: RegExp;
  /** Matching calls to let pass first. Default 0. */
  readonly after?: number;
  /** How many calls fail. Default 1. */
  readonly times?: number;
  readonly effect: FaultEffect;
}

export type FaultEffect =
  /** An answer without any effect. */
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly message?: string;
    }
  /** The connection is cut: before anything happened, or after the effect and without the answer. */
  | { readonly reset: 'before' | 'after' }
  /** Something else happens just before, and then the call goes its way: a race on demand. */
  | { readonly first: () => Promise<unknown> };

export interface Faults {
  /** Adds one; answers how to take it back. */
  plan(fault: Fault): () => void;
  /** What happens to this call, if anything; counts it. */
  next(method: string, path: string): FaultEffect | null;
  clear(): void;
}

/** Failures on demand, none planned. */
export function createFaults(): Faults {
  const planned: { readonly fault: Fault; seen: number }[] = [];
  return {
    plan: (fault) => {
      const entry = { fault, seen: 0 };
      planned.push(entry);
      return () => void planned.splice(planned.indexOf(entry) >>> 0, 1);
    },
    next: (method, path) => {
      let effect: FaultEffect | null = null;
      for (const entry of planned) {
        if (!matches(entry.fault, method, path)) continue;
        entry.seen += 1;
        const { after = 0, times = 1 } = entry.fault;
        if (entry.seen > after && entry.seen <= after + times) effect ??= entry.fault.effect;
      }
      return effect;
    },
    clear: () => void planned.splice(0),
  };
}

/** The effect of GitHub's primary limit: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api. */
export function primaryLimit(resetAtSeconds: number): FaultEffect {
  return {
    status: 403,
    message: 'API rate limit exceeded for installation.',
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(resetAtSeconds) },
  };
}

/** The effect of GitHub's secondary limit. */
export function secondaryLimit(retryAfterSeconds: number, status: 403 | 429 = 403): FaultEffect {
  return {
    status,
    message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    headers: { 'retry-after': String(retryAfterSeconds) },
  };
}

function matches(fault: Fault, method: string, path: string): boolean {
  return (fault.method ?? method) === method && (fault.path?.test(path) ?? true);
}
