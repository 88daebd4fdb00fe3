import { sha256Latin1 } from '../kernel/digest.ts';
import { EVIDENCE_PATH } from '../kernel/governed-paths.ts';
import { formatInstant, type Instant } from '../kernel/instant.ts';
import { isJsonFault, lineAndColumn, MAX_JSON_VALUES, parseTolerantJson } from '../kernel/json.ts';
import type { JsonFault } from '../kernel/json-fault.ts';
import type { Problem, SourceLocation } from '../kernel/problem.ts';
import { problem, warning } from '../kernel/problem.ts';
import type { EvidenceChange, HealthObservation, PlacedHealth } from './evidence-change.ts';
import { EvidenceTable } from './evidence-table.ts';
import { readRecord } from './read-record.ts';
import type { RecordSink } from './record-reader.ts';

/** Problems that are kept one by one; more are only counted, so that a broken file of a million lines stays small. */
export const MAX_REPORTED_PROBLEMS = 1000;
/** A JSON document is parsed whole; 8 MiB are over 20,000 signals. JSON Lines have no such limit. */
export const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024;
/**
 * What all evidence of a run may take (`EvidenceTable.weightBytes`): a million changes of 100,000 targets, or two million of few.
 * With Node.js itself and what the garbage collector leaves lying, a run then takes about 300 MiB.
 */
const MAX_WEIGHT_BYTES = 200 * 1024 * 1024;
/** A kept score, measured as the table's constants are. */
const HEALTH_BYTES = 100;
/** Ids that are compared; a clash is a courtesy to tools that number their files (issue: two files claiming one id). */
const MAX_COMPARED_IDS = 200_000;
/** Longer ids are not compared: ours have at most 64 characters (schema.ts). */
const LONGEST_COMPARED_ID = 200;
/** Of many changes only the digest of their identities is kept. */
const LONGEST_KEPT_CONTENT = 64;
/** A date this far ahead of the clock is still taken for clock skew (product.md §3). */
const CLOCK_SKEW_MS = 5 * 60_000;

/** Where the record stands that is being read. */
interface Place {
  readonly file: number;
  readonly line: number;
  readonly where: SourceLocation;
  /** Only documents are checked: two files must not claim one id, but the lines of one may. */
  readonly checksIds: boolean;
}

/**
 * Collects a run's evidence from texts. What is broken is reported with file and line and never stops the rest; what is
 * dated over 5 minutes after `now` is rejected.
 */
export class Evidence {
  readonly table = new EvidenceTable();
  readonly problems: Problem[] = [];
  problemCount = 0;
  /** The newest test-health score; of several at one time the lowest, and then the one that expires first. Null when there is none. */
  latestHealth: HealthObservation | null = null;
  /** Every score that counts, in order of reading. */
  readonly health: PlacedHealth[] = [];
  /** Of all dates that count the newest, and of those that are rejected the oldest. */
  #newestKept = Number.NEGATIVE_INFINITY;
  #oldestRejected = Number.POSITIVE_INFINITY;
  readonly #now: Instant;
  readonly #maxWeightBytes: number;
  readonly #ids = new Map<string, { file: string; content: string }>();

  #place: Place = { file: 0, line: 0, where: { file: '' }, checksIds: false };
  readonly #sink: RecordSink = {
    change: (change) => this.#addChange(change),
    health: (observation) => this.#addHealth(observation),
    problem: (found) => this.report(found),
    id: (id, content) => this.#checkId(id, content),
  };

  constructor(now: Instant, maxWeightBytes = MAX_WEIGHT_BYTES) {
    this.#now = now;
    this.#maxWeightBytes = maxWeightBytes;
  }

  /**
   * EVIDENCE_LIMIT when there was more than a run can hold, else null. What was over is not in the table, and which part that
   * is follows from names of files only: nothing may be derived from the rest.
   */
  findExcess(): Problem | null {
    if (!this.#isFull()) return null;
    const limit = String(Math.round(this.#maxWeightBytes / 1024 / 1024));
    return problem('EVIDENCE_LIMIT', { limit }, { file: EVIDENCE_PATH });
  }

  /** Whether reading the same texts at another time would give the same: the clock only decides which dates are in the future. */
  isAlikeAt(now: Instant): boolean {
    return this.#newestKept <= now + CLOCK_SKEW_MS && this.#oldestRejected > now + CLOCK_SKEW_MS;
  }

  #isFull(): boolean {
    return this.table.weightBytes + this.health.length * HEALTH_BYTES > this.#maxWeightBytes;
  }

  /** Registers a file and returns its number; `sha256` is null while the file is still being read. */
  addFile(path: string, sha256: string | null): number {
    const file = this.table.addFile(path);
    if (sha256 !== null) this.setDigest(file, sha256);
    return file;
  }

  setDigest(file: number, sha256: string): void {
    this.table.digests[file] = sha256;
  }

  /** Reads a whole JSON document. Ids that another document claims with other content are reported. */
  addDocument(file: number, text: string): void {
    const where = { file: this.#pathOf(file) };
    const parsed = parseTolerantJson(text);
    if (isJsonFault(parsed)) {
      return this.report(jsonProblem(parsed, { ...where, ...lineAndColumn(text, parsed.offset) }));
    }
    if (parsed.nonFiniteTokens > 0) this.#reportNonFinite(parsed.nonFiniteTokens, where);
    readRecord(parsed.value, this.#sinkAt(file, 1, where, true), where);
  }

  /** Reads one line of JSON Lines; `last` says that no line break follows it. Blank lines are skipped. */
  addLine(file: number, line: number, text: string, last: boolean): void {
    if (isBlank(text)) return;
    const where = { file: this.#pathOf(file), line };
    const parsed = parseTolerantJson(text, this.problems.length < MAX_REPORTED_PROBLEMS);
    if (isJsonFault(parsed)) {
      const cutOff = last && parsed.reason !== 'too many values';
      const found = jsonProblem(parsed, { ...where, column: parsed.offset + 1 });
      return this.report(cutOff ? problem('JSON_TRUNCATED', {}, where) : found);
    }
    if (parsed.nonFiniteTokens > 0) this.#reportNonFinite(parsed.nonFiniteTokens, where);
    readRecord(parsed.value, this.#sinkAt(file, line, where, false), where);
  }

  /** Keeps a problem, or only counts it when there are too many. */
  report(found: Problem): void {
    this.problemCount += 1;
    if (this.problems.length < MAX_REPORTED_PROBLEMS) this.problems.push(found);
  }

  #reportNonFinite(count: number, where: SourceLocation): void {
    this.report(warning('JSON_NON_FINITE', { count: String(count) }, where));
  }

  #pathOf(file: number): string {
    return this.table.files[file] ?? '';
  }

  /** One sink for all records: where they stand changes, what happens to them does not. */
  #sinkAt(file: number, line: number, where: SourceLocation, checksIds: boolean): RecordSink {
    this.#place = { file, line, where, checksIds };
    return this.#sink;
  }

  #addChange(change: EvidenceChange): void {
    const { file, line, where } = this.#place;
    if (!this.#isFromFuture(change.time, where) && !this.#isFull()) this.table.add(change, file, line);
  }

  #addHealth(observation: HealthObservation): void {
    const { file, line, where } = this.#place;
    if (this.#isFromFuture(observation.time, where)) return;
    if (!this.#isFull()) this.health.push({ ...observation, file, line });
    if (this.latestHealth === null || isStricter(observation, this.latestHealth))
      this.latestHealth = observation;
  }

  #isFromFuture(time: Instant | null, where: SourceLocation): boolean {
    if (time === null) return false;
    if (time <= this.#now + CLOCK_SKEW_MS) {
      if (time > this.#newestKept) this.#newestKept = time;
      return false;
    }
    if (time < this.#oldestRejected) this.#oldestRejected = time;
    this.report(problem('SIGNAL_FROM_FUTURE', { at: formatInstant(time) }, where));
    return true;
  }

  #checkId(id: string, content: string): void {
    const { where, checksIds } = this.#place;
    if (!checksIds || id.length > LONGEST_COMPARED_ID) return;
    const short = content.length > LONGEST_KEPT_CONTENT ? sha256Latin1(content) : content;
    const known = this.#ids.get(id);
    if (known === undefined) {
      if (this.#ids.size < MAX_COMPARED_IDS) this.#ids.set(id, { file: where.file, content: short });
    } else if (known.file !== where.file && known.content !== short) {
      this.report(warning('SIGNAL_ID_CLASH', { id: id.slice(0, 80), other: known.file }, where));
    }
  }
}

function jsonProblem({ reason }: JsonFault, where: SourceLocation): Problem {
  return reason === 'too many values'
    ? problem('JSON_TOO_MANY_VALUES', { limit: String(MAX_JSON_VALUES) }, where)
    : problem('JSON_INVALID', { reason }, where);
}

/** A total order, so that the order of files does not show. */
function isStricter(a: HealthObservation, b: HealthObservation): boolean {
  if (a.time !== b.time) return a.time > b.time;
  if (a.score !== b.score) return a.score < b.score;
  return (a.expiresAt ?? Number.POSITIVE_INFINITY) < (b.expiresAt ?? Number.POSITIVE_INFINITY);
}

/** Most lines start with a brace, which settles it without looking at the whole line. */
function isBlank(text: string): boolean {
  return !text.startsWith('{') && text.trim() === '';
}
