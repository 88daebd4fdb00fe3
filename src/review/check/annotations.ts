import { locateTomlKeys } from '../../governance/index.ts';
import { AUTO_TOML_PATH } from '../../kernel/governed-paths.ts';
import type { SourceLocation } from '../../kernel/problem.ts';
import { clipText } from '../../kernel/text/clip-text.ts';
import { escapePlain } from '../../kernel/text/escape-plain.ts';
import { escapeTerminal } from '../../kernel/text/escape-terminal.ts';
import { describeReviewFinding } from '../finding-words.ts';
import type { Outcome, ReviewFinding } from '../review-finding.ts';
import type { Verdict } from '../verdict.ts';
import { OUTCOME_WORDS } from '../verdict-words.ts';
import { findingsIn } from './findings-in.ts';

/** What places are found with. */
export interface AnnotatedTree {
  /** Where the governed root lies below the top of the repository: `''` or `a/b/`. */
  readonly prefix: string;
  /** `auto.toml` of the head, for the lines of its targets; null where there is none. */
  readonly autoToml: string | null;
}

/** One annotation on a line of a changed file; lines and columns from 1. */
export interface CheckAnnotation {
  /** From the top of the repository. */
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly startColumn: number | null;
  readonly endColumn: number | null;
  readonly level: 'failure' | 'warning' | 'notice';
  /** At most 255 characters; holds no text from outside. */
  readonly title: string;
  readonly message: string;
}

/** GitHub takes 50 in one request (github-facts.md C.1). */
const MAX_CHUNK = 50;
/** Four writes (judge.md §2): the summary names the rest. */
const MAX_ANNOTATIONS = 4 * MAX_CHUNK;
/** GitHub takes 64 KB; nobody reads more than this in a margin. */
const MAX_MESSAGE = 2000;
/** Longest path that git takes on common systems (PATH_MAX of Linux). */
const MAX_PATH = 4096;
/** A longer `auto.toml` is not searched: a line is a help, and must not cost the time for judging. */
const MAX_SEARCHED = 200_000;

const LEVELS: Readonly<Record<Outcome, CheckAnnotation['level']>> = {
  passed: 'notice',
  noted: 'notice',
  waits: 'warning',
  undetermined: 'warning',
  failed: 'failure',
};

/** What each finding with a place says there, worst first, at most 200. A target without a place stands at its line in `auto.toml`. */
export function listAnnotations(verdict: Verdict, place: AnnotatedTree): readonly CheckAnnotation[] {
  const locate = locator(place.autoToml);
  return findingsIn(verdict)
    .flatMap(({ rule, finding }) => withParts(finding).map((part) => ({ rule, finding: part })))
    .flatMap(({ rule, finding }) => {
      const at = placeOf(finding, locate);
      const path = at === null ? null : pathFromTop(at.file, place.prefix);
      return at === null || path === null ? [] : [annotate(finding, rule, { ...at, file: path })];
    })
    .slice(0, MAX_ANNOTATIONS);
}

/** In requests of at most 50; one empty request where there is nothing to annotate. */
export function chunkAnnotations(all: readonly CheckAnnotation[]): readonly (readonly CheckAnnotation[])[] {
  const chunks = Math.max(1, Math.ceil(all.length / MAX_CHUNK));
  return Array.from({ length: chunks }, (_, i) => all.slice(i * MAX_CHUNK, (i + 1) * MAX_CHUNK));
}

function withParts(finding: ReviewFinding): readonly ReviewFinding[] {
  return [finding, ...(finding.children ?? []).flatMap(withParts)];
}

type Locate = (target: string) => Omit<SourceLocation, 'file'> | undefined;

function locator(autoToml: string | null): Locate {
  if (autoToml === null || autoToml.length > MAX_SEARCHED) return () => undefined;
  const locate = locateTomlKeys(autoToml);
  return (target) => {
    const quoted = locate(['auto_applied', target]);
    const table = locate(['auto_applied']);
    // Not found as one key: perhaps written as a dotted one, else the table is the nearest place.
    return quoted?.line === table?.line ? locate(['auto_applied', ...target.split('.')]) : quoted;
  };
}

function placeOf({ file, line, column, target }: ReviewFinding, locate: Locate): SourceLocation | null {
  const inAuto = target !== undefined && line === undefined && (file ?? AUTO_TOML_PATH) === AUTO_TOML_PATH;
  const found = inAuto ? locate(target) : undefined;
  if (found !== undefined) return { file: AUTO_TOML_PATH, ...found };
  return file === undefined ? null : { file, line, column };
}

/** Null for a path that could not be shown as it is: such a finding stands in the summary alone. */
function pathFromTop(path: string, prefix: string): string | null {
  const full = path.startsWith('/') ? path.slice(1) : `${prefix}${path}`;
  return full === '' || full.length > MAX_PATH || escapeTerminal(full) !== full ? null : full;
}

function annotate(finding: ReviewFinding, rule: string, at: SourceLocation): CheckAnnotation {
  const { message, help } = describeReviewFinding(finding);
  const subject = finding.target === undefined ? '' : `${finding.target}: `;
  const line = at.line ?? 1;
  return {
    path: at.file,
    startLine: line,
    endLine: line,
    startColumn: at.column ?? null,
    endColumn: at.column ?? null,
    level: LEVELS[finding.outcome],
    title: `${OUTCOME_WORDS[finding.outcome]} by ${rule} (${finding.code})`,
    message: [`${subject}${message}`, ...(help === undefined ? [] : [`To do: ${help}`])]
      .map((text) => escapePlain(clipText(text, MAX_MESSAGE)))
      .join('\n'),
  };
}
