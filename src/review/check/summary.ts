import { formatInstant } from '../../kernel/instant.ts';
import { clipText } from '../../kernel/text/clip-text.ts';
import { escapeMarkdown, markdownCode, markdownLineCode } from '../../kernel/text/escape-markdown.ts';
import { describeReviewFinding } from '../finding-words.ts';
import { type BodyPart, fitBody } from '../fit-body.ts';
import { OUTCOMES, type Outcome, type ReviewFinding } from '../review-finding.ts';
import type { ChangedValue, Verdict } from '../verdict.ts';
import {
  CONCLUSION_WORDS,
  counted,
  describeClass,
  describeStep,
  isMild,
  OUTCOME_WORDS,
} from '../verdict-words.ts';
import { type FoundBy, findingsIn } from './findings-in.ts';

/** Longest text from outside in one place; `peak check` shows it whole. */
const MAX_TEXT = 300;
const MAX_CELL = 80;
/** Of 60,000 bytes: the table leaves most of the room to the reasons. */
const MAX_TABLE_BYTES = 20_000;

const MARKS: Readonly<Record<Outcome, string>> = {
  passed: '✅',
  noted: 'ℹ️',
  waits: '⏳',
  undetermined: '❔',
  failed: '❌',
};

/** The summary of a check, in Markdown, below 60,000 bytes; what is cut is pointed to. */
export function formatSummary(verdict: Verdict, reference: string): string {
  const found = findingsIn(verdict);
  const failures = found.filter(({ finding }) => finding.outcome === 'failed');
  const waiting = found.filter(({ finding }) => ['waits', 'undetermined'].includes(finding.outcome));
  return fitBody(
    [
      answer(verdict),
      changeTable(verdict),
      reasonList(`${counted(failures.length, 'reason')} against it`, failures, verdict),
      reasonList('What it waits for', waiting, verdict),
      reasonList('What it does to the policy', found.filter(isPolicyResult), verdict),
    ],
    binding(verdict, reference),
  );
}

/** What is worth knowing and stands against nothing, folded; null for nothing. */
export function formatDetails(verdict: Verdict): string | null {
  const notes = findingsIn(verdict).filter(
    (found) => isMild(found.finding.outcome) && !isPolicyResult(found),
  );
  if (notes.length === 0) return null;
  const head = `<details>\n<summary>${counted(notes.length, 'note')}</summary>`;
  return fitBody([{ ...reasonList('', notes, verdict), head }], '</details>');
}

/** What a change of the policy allows more or less is what a reviewer has to read: it is a note, and never folded. */
function isPolicyResult({ finding }: FoundBy): boolean {
  return finding.code === 'POLICY_RESULT';
}

function answer(verdict: Verdict): BodyPart {
  const mark =
    MARKS[{ success: 'passed', failure: 'failed', action_required: 'waits' }[verdict.conclusion] as Outcome];
  const proposal =
    verdict.proposalId === null ? '' : ` · ${markdownLineCode(clipText(verdict.proposalId, MAX_CELL))}`;
  const text = `${mark} **${CONCLUSION_WORDS[verdict.conclusion]}** · ${describeClass(verdict)}${proposal}`;
  return { head: '', blocks: [text], separator: '', pointer: () => '' };
}

function changeTable(verdict: Verdict): BodyPart {
  const { changes, lane } = verdict;
  const rows = [...changes]
    .sort((a, b) => OUTCOMES.indexOf(b.outcome) - OUTCOMES.indexOf(a.outcome))
    .map((change) => changeRow(change, lane));
  const head =
    rows.length === 0
      ? ''
      : '| Target | Live → proposed | Bounds | Step | Lane | Verdict |\n| --- | --- | --- | --- | --- | --- |';
  const pointer = (left: number) => `${counted(left, 'more value')}: ${whole(verdict)}.`;
  return { head, gap: '\n', blocks: rows, separator: '\n', pointer, mostBytes: MAX_TABLE_BYTES };
}

function changeRow(change: ChangedValue, lane: Verdict['lane']): string {
  const cells = [
    code(change.target),
    `${code(change.before)} → ${code(change.after)}`,
    change.bounds === null ? 'none set' : code(change.bounds),
    change.step === null ? '' : code(describeStep(change)),
    lane ?? '–',
    `${MARKS[change.outcome]} ${OUTCOME_WORDS[change.outcome]}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function code(text: string): string {
  return markdownCode(clipText(text, MAX_CELL));
}

function reasonList(title: string, found: readonly FoundBy[], verdict: Verdict): BodyPart {
  return {
    head: found.length === 0 ? '' : `### ${title}`,
    blocks: found.flatMap(({ finding, rule }) => tell(finding, rule)),
    separator: '\n',
    pointer: () => `The rest: ${whole(verdict)}.`,
  };
}

/** A finding as lines of a list: what is the case and where, what to do, and its parts below it. */
function tell(finding: ReviewFinding, rule: string, pad = ''): readonly string[] {
  const { message, help } = describeReviewFinding(finding);
  const { outcome, code: name } = finding;
  const words = escapeMarkdown(clipText(message, MAX_TEXT));
  const advice =
    help === undefined || isMild(outcome)
      ? []
      : [`${pad}  - To do: ${escapeMarkdown(clipText(help, MAX_TEXT))}`];
  return [
    `${pad}- ${MARKS[outcome]} ${placeOf(finding)}${words} (${rule}, ${markdownLineCode(name)})`,
    ...advice,
    ...(finding.children ?? []).flatMap((child) => tell(child, rule, `${pad}  `)),
  ];
}

function placeOf({ file, line, target }: ReviewFinding): string {
  const parts = [
    ...(file === undefined ? [] : [line === undefined ? file : `${file}:${line}`]),
    ...(target === undefined ? [] : [target]),
  ];
  return parts
    .map((part) => `${markdownLineCode(clipText(part, MAX_TEXT))} `)
    .join('')
    .replace(/ $/, ': ');
}

/** Where everything stands that was cut. */
function whole({ base, head }: Verdict): string {
  return `run ${markdownLineCode(`peak check --base ${base} --head ${head}`)} in a clone`;
}

/** What a verdict holds for, and until when (judge.md §6). */
function binding(verdict: Verdict, reference: string): string {
  const { head, base, policyDigest, time, validUntil } = verdict;
  const facts = [
    `head ${markdownLineCode(head.slice(0, 12))}`,
    `base ${markdownLineCode(base.slice(0, 12))}`,
    policyDigest === null ? 'no policy' : `policy ${markdownLineCode(policyDigest.slice(0, 12))}`,
    `judged ${formatInstant(time)}`,
    `valid until ${formatInstant(validUntil)}`,
    `reference ${markdownLineCode(clipText(reference, MAX_CELL))}`,
  ];
  return `---\n\nBound to ${facts.join(' · ')}`;
}
