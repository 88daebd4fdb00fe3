import type { ProblemCode } from './problem-catalogue.ts';

/** Error: the thing was not used. Warning: it was used, and somebody should look. */
export type ProblemSeverity = 'error' | 'warning';

/** Where something stands: a path relative to the governed root, line and column from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/**
 * One thing that is wrong with an input, as data. The words stand in `problem-catalogue.ts`; nobody compares
 * message text. `args` may hold untrusted text: every surface escapes it for its own sink.
 */
export interface Problem extends Partial<SourceLocation> {
  readonly code: ProblemCode;
  readonly severity: ProblemSeverity;
  readonly args: Readonly<Record<string, string>>;
}

/** Builds an error. */
export function problem(
  code: ProblemCode,
  args: Readonly<Record<string, string>> = {},
  location: Partial<SourceLocation> = {},
): Problem {
  return { code, severity: 'error', args, ...location };
}

/** Builds a warning. */
export function warning(
  code: ProblemCode,
  args: Readonly<Record<string, string>> = {},
  location: Partial<SourceLocation> = {},
): Problem {
  return { code, severity: 'warning', args, ...location };
}
