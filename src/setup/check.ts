import type { CheckCode } from './check-words.ts';

/** `error`: it must be put right. `warning`: it works, less well or less safely. */
export type CheckLevel = 'ok' | 'warning' | 'error';

/** One thing that `peak doctor` looked at. Words stand in `check-words.ts`; `args` may hold untrusted text. */
export interface Check {
  readonly code: CheckCode;
  readonly level: CheckLevel;
  readonly args: Readonly<Record<string, string>>;
  /** Why it could not be read; such a check is never `ok`. */
  readonly unread?: string;
}

/** A fact about the outside world, or why it could not be read. */
export type Known<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly reason: string };

type Args = Readonly<Record<string, string>>;

/** It is as it should be. */
export function fine(code: CheckCode, args: Args = {}): Check {
  return { code, level: 'ok', args };
}

/** It is not as it should be. */
export function wrong(code: CheckCode, level: 'warning' | 'error', args: Args = {}): Check {
  return { code, level, args };
}

/** Looks at a fact; one that could not be read gets the level that it would have at its worst. */
export function checkKnown<T>(
  code: CheckCode,
  fact: Known<T>,
  look: (value: T) => Check | readonly Check[],
  worst: 'warning' | 'error' = 'error',
): readonly Check[] {
  if (!fact.known) return [{ code, level: worst, args: {}, unread: fact.reason }];
  return [look(fact.value)].flat();
}
