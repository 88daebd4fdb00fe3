import { sha256Latin1 } from '../kernel/digest.ts';
import { type Instant, parseInstant } from '../kernel/instant.ts';
import type { Problem, SourceLocation } from '../kernel/problem.ts';
import { problem } from '../kernel/problem.ts';
import { isExactNumber, isWellFormedText, type Scalar } from '../kernel/scalar.ts';
import { findTargetFault } from '../kernel/target.ts';
import {
  type EvidenceChange,
  type HealthObservation,
  MAX_TAGS,
  type SignalTraits,
} from './evidence-change.ts';

/** Where the parts of a record go. */
export interface RecordSink {
  change(change: EvidenceChange): void;
  health(observation: HealthObservation): void;
  problem(problem: Problem): void;
  /** A signal or patch and the id it claims; `content` is equal when the content is. */
  id(id: string, content: string): void;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Statuses that drop a patch; every other claimed status is ignored (product.md §1). */
const DROPPED: ReadonlySet<string> = new Set(['REJECTED', 'RETIRED']);
const LONGEST_DROPPED = 'REJECTED'.length;
const NAME = /^[A-Za-z0-9_.-]{1,64}$/;
const MAX_TEXT_LENGTH = 1024;
/** Lists in lists in lists are no evidence, and must not exhaust the stack. */
const MAX_PATH_LENGTH = 64;
const NO_TAGS: readonly string[] = [];

/**
 * Reads one JSON document or line as evidence, tolerantly: a signal with `recommended_changes`, one patch, a list of
 * either, or `{patches: […]}`. Unknown fields are ignored; a field that is wrong drops its change and is reported; the
 * rest is read. `where` names the record for messages.
 */
export function readRecord(value: unknown, sink: RecordSink, where: SourceLocation, path = ''): void {
  if (Array.isArray(value) && path.length < MAX_PATH_LENGTH) {
    for (const [i, item] of value.entries()) readRecord(item, sink, where, `${path}[${i}]`);
    return;
  }
  if (typeof value !== 'object' || value === null) {
    return rejectShape(sink, where, path, `is ${value === null ? 'null' : `a ${typeof value}`}`);
  }
  const record = value as JsonObject;
  if (Array.isArray(value)) rejectShape(sink, where, '', 'is nested too deeply');
  else if (Array.isArray(record['patches'])) readRecord(record['patches'], sink, where, `${path}patches`);
  else if (record['recommended_changes'] !== undefined || isHealthReport(record))
    readSignal(record, new Reader(sink, where, path));
  else if (record['target'] !== undefined) readPatch(record, new Reader(sink, where, path));
  else rejectShape(sink, where, path, 'has no target and no changes');
}

function rejectShape(sink: RecordSink, where: SourceLocation, path: string, reason: string): void {
  sink.problem(problem('SIGNAL_SHAPE', { reason: `${path === '' ? 'it' : path} ${reason}` }, where));
}

function isHealthReport(record: JsonObject): boolean {
  return record['source'] === 'test_health' && isObject(record['metrics']);
}

function readPatch(patch: JsonObject, read: Reader): void {
  const traits = readTraits(patch, read);
  if (traits === null || isDropped(patch, read)) return;
  const times = readTimes(patch, read);
  const change = times === null ? null : readChange(patch, { traits, times, parent: patch }, read);
  if (change === null) return;
  if (typeof patch['id'] === 'string') read.sink.id(patch['id'], change.identity);
  read.sink.change(change);
}

function readSignal(signal: JsonObject, read: Reader): void {
  const traits = readTraits(signal, read);
  if (traits === null || isDropped(signal, read)) return;
  const times = readTimes(signal, read);
  if (times === null) return;
  if (isHealthReport(signal)) readHealth(signal, times, read);
  const changes = signal['recommended_changes'] ?? [];
  if (!Array.isArray(changes)) return read.reject('recommended_changes', 'is no list');
  let content = '';
  for (const [i, change] of changes.entries()) {
    const at = read.at(`recommended_changes[${i}]`);
    if (!isObject(change)) {
      at.reject('', 'is no object');
      continue;
    }
    const found = readChange(change, { traits, times, parent: signal }, at);
    if (found === null) continue;
    content += found.identity;
    read.sink.change(found);
  }
  if (typeof signal['signal_id'] === 'string') read.sink.id(signal['signal_id'], content);
}

function readHealth(signal: JsonObject, { time, expiresAt }: Times, read: Reader): void {
  const score = (signal['metrics'] as JsonObject)['health_score'];
  if (score === undefined) return;
  if (!isExactNumber(score) || score < 0 || score > 100)
    return read.reject('metrics.health_score', 'is no number from 0 to 100');
  if (time === null) return read.reject('created_at', 'is missing, so the health score does not count');
  read.sink.health({ score, time, expiresAt });
}

interface Times {
  readonly time: Instant | null;
  readonly expiresAt: Instant | null;
}

interface ChangeContext {
  readonly traits: SignalTraits;
  readonly times: Times;
  /** The signal or patch: fields that a change does not have itself are taken from here. */
  readonly parent: JsonObject;
}

function readChange(change: JsonObject, context: ChangeContext, read: Reader): EvidenceChange | null {
  const { traits, parent } = context;
  const { time, expiresAt } = context.times;
  const target = readTarget(change['target'], read);
  const value = target === null ? null : readValue(change, target, read);
  const confidence = readRatio(firstGiven(confidenceOf(change), confidenceOf(parent)), 'confidence', read);
  const sampleSize = readSampleSize(change['sample_size'] ?? parent['sample_size'], read);
  if (target === null || value === null || confidence === undefined || sampleSize === undefined) return null;
  const claim = change['old_value'];
  const claimedOld =
    isExactNumber(claim) ||
    typeof claim === 'boolean' ||
    (typeof claim === 'string' && claim.length <= MAX_TEXT_LENGTH)
      ? claim
      : null;
  const found = { target, value, claimedOld, confidence, sampleSize, time, expiresAt, traits, identity: '' };
  found.identity = identityOf(found, parent);
  return found;
}

/** The experiment id, else the content without id, times, status and reason (product.md §3). */
function identityOf(change: Omit<EvidenceChange, 'identity'>, parent: JsonObject): string {
  const experiment = parent['experiment_id'] ?? parent['source_experiment_id'];
  if (typeof experiment === 'string' && experiment !== '') return sha256Latin1(`experiment\0${experiment}`);
  const { target, value, claimedOld, confidence, sampleSize, traits } = change;
  const window = `${textOf(parent['data_start'])}\0${textOf(parent['data_end'])}`;
  const content = `${traits.source}\0${target}\0${typeof value}\0${value}\0${typeof claimedOld}\0${claimedOld}\0${confidence}\0${sampleSize}`;
  return sha256Latin1(
    `content\0${content}\0${traits.quality}\0${traits.tags.join(' ')}\0${window}\0${metricsText(parent['metrics'])}`,
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Flat metrics in canonical order; deeper values do not tell experiments apart. */
function metricsText(metrics: unknown): string {
  if (!isObject(metrics)) return '';
  return Object.keys(metrics)
    .sort()
    .map(
      (name) =>
        `${JSON.stringify(name)}:${typeof metrics[name] === 'object' ? '' : JSON.stringify(metrics[name])}`,
    )
    .join(',');
}

/** A change's own confidence counts also when it is null, "not measured": then the signal's is not meant for it. */
function confidenceOf(record: JsonObject): unknown {
  return firstGiven(record['confidence'], record['confidence_score']);
}

/** JSON has no undefined: it is what a field that is not there yields. */
function firstGiven(value: unknown, other: unknown): unknown {
  return value === undefined ? other : value;
}

function readTarget(value: unknown, read: Reader): string | null {
  if (typeof value !== 'string') {
    read.reject('target', 'is no text');
    return null;
  }
  const fault = findTargetFault(value);
  if (fault === null) return value;
  read.report('TARGET_INVALID', { target: JSON.stringify(value.slice(0, 80)), reason: fault });
  return null;
}

/** `new_value`, or `value`, which some tools write in its place. Null is "not measured", and never falls back to another number. */
function readValue(change: JsonObject, target: string, read: Reader): Scalar | null {
  const value = firstGiven(change['new_value'], change['value']);
  if (typeof value === 'boolean' || isExactNumber(value)) return value;
  if (typeof value === 'string' && value.length <= MAX_TEXT_LENGTH && isWellFormedText(value)) return value;
  read.report('VALUE_NOT_SCALAR', { target, found: describe(value) });
  return null;
}

function readTraits(record: JsonObject, read: Reader): SignalTraits | null {
  if (isPlainPatch(record)) return PLAIN_PATCH;
  const source = record['source'] ?? 'patch';
  if (typeof source !== 'string' || !NAME.test(source))
    return read.drop('source', 'is no name of letters, digits, ".", "_" and "-"');
  const tags = record['tags'] ?? NO_TAGS;
  const isList = Array.isArray(tags) && tags.length <= MAX_TAGS;
  if (!isList || !tags.every((tag) => typeof tag === 'string' && NAME.test(tag)))
    return read.drop('tags', `is no list of at most ${MAX_TAGS} names`);
  const quality = readRatio(record['quality'], 'quality', read);
  if (quality === undefined) return null;
  const meta = record['meta'];
  const liveReady = !(isObject(meta) && meta['is_live_ready'] === false);
  const sorted =
    tags.length === 0 ? NO_TAGS : [...new Set((tags as string[]).map((tag) => tag.toLowerCase()))].sort();
  return { source, tags: sorted, liveReady, quality: quality ?? 1 };
}

/** What most patches share; one object for all of them. */
const PLAIN_PATCH: SignalTraits = { source: 'patch', tags: NO_TAGS, liveReady: true, quality: 1 };

function isPlainPatch({ source, tags, quality, meta }: JsonObject): boolean {
  if (source !== undefined || tags !== undefined || quality !== undefined) return false;
  return !isObject(meta) || meta['is_live_ready'] !== false;
}

function isDropped(record: JsonObject, read: Reader): boolean {
  const status = record['status'];
  if (status === undefined || status === null) return false;
  if (typeof status !== 'string') {
    read.reject('status', 'is no text');
    return true;
  }
  return status.length <= LONGEST_DROPPED && DROPPED.has(status.toUpperCase());
}

/** When the record was made, and until when it counts. Null when it must be dropped: its expiry cannot be told. */
function readTimes(record: JsonObject, read: Reader): Times | null {
  const field = record['created_at'] === undefined ? 'generated_at' : 'created_at';
  const time = readInstant(record[field], field, read) ?? null;
  const expiresAt = readInstant(record['expires_at'], 'expires_at', read);
  return expiresAt === undefined ? null : { time, expiresAt };
}

/** Undefined when the field is wrong, which has been reported. */
function readInstant(value: unknown, field: string, read: Reader): Instant | null | undefined {
  if (value === undefined || value === null) return null;
  const instant = typeof value === 'string' ? parseInstant(value) : null;
  if (instant !== null) return instant;
  read.reject(field, 'is no ISO 8601 time');
  return undefined;
}

function readRatio(value: unknown, field: string, read: Reader): number | null | undefined {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  read.reject(field, `is ${describe(value)}, not a number from 0 to 1`);
  return undefined;
}

function readSampleSize(value: unknown, read: Reader): number | null | undefined {
  if (value === undefined || value === null) return null;
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  read.reject('sample_size', `is ${describe(value)}, not a whole number from 0`);
  return undefined;
}

/** Never the value itself: it may be a secret. */
function describe(value: unknown): string {
  if (value === null || value === undefined) return 'missing or null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' && Number.isFinite(value))
    return 'a number that cannot be held exactly or is out of range';
  if (typeof value === 'number') return 'not finite';
  if (typeof value === 'string') return 'a text that is too long or malformed';
  return `a ${typeof value}`;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A record being read: where it stands, and where problems go. */
class Reader {
  readonly sink: RecordSink;
  readonly #where: SourceLocation;
  readonly #path: string;

  constructor(sink: RecordSink, where: SourceLocation, path: string) {
    this.sink = sink;
    this.#where = where;
    this.#path = path;
  }

  at(path: string): Reader {
    return new Reader(this.sink, this.#where, this.#field(path));
  }

  report(code: Problem['code'], args: Readonly<Record<string, string>>): void {
    this.sink.problem(problem(code, args, this.#where));
  }

  reject(field: string, reason: string): void {
    this.report('FIELD_INVALID', { field: this.#field(field), reason });
  }

  drop(field: string, reason: string): null {
    this.reject(field, reason);
    return null;
  }

  #field(name: string): string {
    return [this.#path, name].filter((part) => part !== '').join('.');
  }
}
