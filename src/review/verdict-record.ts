import { DERIVATION_VERSION } from '../governance/index.ts';
import { formatInstant, type Instant } from '../kernel/instant.ts';
import { looksLikeSecret, REDACTED } from '../kernel/secret.ts';
import { asciiJson } from '../kernel/text/ascii-json.ts';
import type { Person } from './people.ts';
import { OUTCOMES, type ReviewFinding } from './review-finding.ts';
import type { Verdict } from './verdict.ts';
import {
  MAX_RECORD_APPROVALS,
  MAX_RECORD_FINDINGS,
  MAX_RECORD_TEXT,
  VerdictRecord,
} from './verdict-record-schema.ts';

/** Bytes of one note: as much as GitHub takes in a body (github-facts.md C.1), and far more than an ordinary record has. */
export const MAX_RECORD_BYTES = 65_536;

/** What only GitHub knows of a merge. */
export interface MergeFacts {
  /** The commit on the base. */
  readonly merge: string;
  readonly pullRequest: number;
  readonly mergedAt: Instant;
  /** Those whose approvals counted. */
  readonly approvals: readonly Person[];
}

/** What a merge's note says: the verdict that stood when it was merged, without anything that may not be shown. */
export function buildVerdictRecord(verdict: Verdict, facts: MergeFacts): VerdictRecord {
  const findings = verdict.rules
    .flatMap((rule) => flatten(rule.findings))
    .sort((a, b) => OUTCOMES.indexOf(b.outcome) - OUTCOMES.indexOf(a.outcome));
  return trim({
    version: 1,
    merge: facts.merge,
    pull_request: facts.pullRequest,
    merged_at: formatInstant(facts.mergedAt),
    head: verdict.head,
    base: verdict.base,
    policy_digest: verdict.policyDigest,
    class: verdict.kind,
    lane: verdict.lane,
    conclusion: verdict.conclusion,
    time: formatInstant(verdict.time),
    valid_until: formatInstant(verdict.validUntil),
    derivation_version: DERIVATION_VERSION,
    approvals: [...facts.approvals]
      .sort((a, b) => a.id - b.id)
      .slice(0, MAX_RECORD_APPROVALS)
      .map(({ id, login }) => ({ id, login: shorten(login) })),
    findings: findings.slice(0, MAX_RECORD_FINDINGS).map(toRecord),
    findings_left_out: Math.max(0, findings.length - MAX_RECORD_FINDINGS),
  });
}

/** One line of ASCII JSON: the same record gives the same bytes, and no reader can be misled by what a text holds. */
export function formatVerdictRecord(record: VerdictRecord): string {
  return `${asciiJson(JSON.stringify(VerdictRecord.parse(record)))}\n`;
}

/**
 * The record of a note; null for every text but what `formatVerdictRecord` writes, byte for byte: a key that stands twice, or one
 * text behind another, is none.
 */
export function parseVerdictRecord(text: string): VerdictRecord | null {
  if (text.length > MAX_RECORD_BYTES) return null;
  try {
    const parsed = VerdictRecord.safeParse(JSON.parse(text));
    return parsed.success && formatVerdictRecord(parsed.data) === text ? parsed.data : null;
  } catch {
    return null;
  }
}

function flatten(findings: readonly ReviewFinding[]): readonly ReviewFinding[] {
  return findings.flatMap((finding) => [finding, ...flatten(finding.children ?? [])]);
}

type RecordedFinding = VerdictRecord['findings'][number];

function toRecord({ code, outcome, target, file, observed, required }: ReviewFinding): RecordedFinding {
  const shown = (text: string | undefined) =>
    text === undefined ? null : looksLikeSecret(text) ? REDACTED : shorten(text);
  return {
    code,
    outcome,
    target: shown(target),
    file: shown(file),
    observed: shown(observed),
    required: shown(required),
  };
}

function shorten(text: string): string {
  return text.length <= MAX_RECORD_TEXT ? text : `${text.slice(0, MAX_RECORD_TEXT - 1)}…`;
}

/** The mildest findings go first. */
function trim(record: VerdictRecord): VerdictRecord {
  let fitting = record;
  while (formatVerdictRecord(fitting).length > MAX_RECORD_BYTES && fitting.findings.length > 0) {
    const findings = fitting.findings.slice(0, Math.floor(fitting.findings.length * 0.75));
    const left = fitting.findings_left_out + fitting.findings.length - findings.length;
    fitting = { ...fitting, findings, findings_left_out: left };
  }
  return fitting;
}
