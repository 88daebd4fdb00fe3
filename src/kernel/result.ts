import type { Problem } from './problem.ts';

/** A value, or every reason why there is none. Problems beside a value are warnings. */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A successful result, with the warnings found on the way (default: none). */
export function ok<T>(value: T, problems: readonly Problem[] = []): Result<T> {
  return { ok: true, value, problems };
}

/** A failed result. At least one problem says why. */
export function fail<T = never>(...problems: readonly Problem[]): Result<T> {
  return { ok: false, problems };
}
