import type { Instant } from '../kernel/instant.ts';
import type { SourceLocation } from '../kernel/problem.ts';
import { problem } from '../kernel/problem.ts';
import { isExactNumber, isWellFormedText, type Scalar } from '../kernel/scalar.ts';
import { findTargetFault } from '../kernel/target.ts';
import type { EvidenceChange, SignalTraits } from './evidence-change.ts';
import { identityOf } from './record-identity.ts';
import { describeFound, isObject, type JsonObject, RecordReader, type RecordSink } from './record-reader.ts';
import { readTraits } from './signal-traits.ts';

/** Statuses that drop a patch; every other claimed status is ignored (product.md §1). */
const DROPPED: ReadonlySet<string> = new Set(['REJECTED', 'RETIRED']);
const LONGEST_DROPPED = 'REJECTED'.length;
const MAX_TEXT_LENGTH = 1024;
/** Lists in lists in lists are no evidence, and must not exhaust the stack. */
const MAX_PATH_LENGTH = 64;

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
    readSignal(record, new RecordReader(sink, where, path));
  else if (record['target'] !== undefined) readPatch(record, new RecordReader(sink, where, path));
  else rejectShape(sink, where, path, 'has no target and no changes');
}

function rejectShape(sink: RecordSink, where: SourceLocation, path: string, reason: string): void {
  sink.problem(problem('SIGNAL_SHAPE', { reason: `${path === '' ? 'it' : path} ${reason}` }, where));
}

function isHealthReport(record: JsonObject): boolean {
  return record['source'] === 'test_health' && isObject(record['metrics']);
}

function readPatch(patch: JsonObject, read: RecordReader): void {
  const traits = readTraits(patch, read);
  if (traits === null || isDropped(patch, read)) return;
  const times = readTimes(patch, read);
  const change = times === null ? null : readChange(patch, { traits, times, parent: patch }, read);
  if (change === null) return;
  if (typeof patch['id'] === 'string') read.sink.id(patch['id'], change.identity);
  read.sink.change(change);
}

function readSignal(signal: JsonObject, read: RecordReader): void {
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

function readHealth(signal: JsonObject, { time, expiresAt }: Times, read: RecordReader): void {
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

function readChange(change: JsonObject, context: ChangeContext, read: RecordReader): EvidenceChange | null {
  const { traits, parent } = context;
  const { time, expiresAt } = context.times;
  const target = readTarget(change['target'], read);
  const value = target === null ? null : readValue(change, target, read);
  const confidence = read.ratio(firstGiven(confidenceOf(change), confidenceOf(parent)), 'confidence');
  const sampleSize = read.count(change['sample_size'] ?? parent['sample_size'], 'sample_size');
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

/** A change's own confidence counts also when it is null, "not measured": then the signal's is not meant for it. */
function confidenceOf(record: JsonObject): unknown {
  return firstGiven(record['confidence'], record['confidence_score']);
}

/** JSON has no undefined: it is what a field that is not there yields. */
function firstGiven(value: unknown, other: unknown): unknown {
  return value === undefined ? other : value;
}

function readTarget(value: unknown, read: RecordReader): string | null {
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
function readValue(change: JsonObject, target: string, read: RecordReader): Scalar | null {
  const value = firstGiven(change['new_value'], change['value']);
  if (typeof value === 'boolean' || isExactNumber(value)) return value;
  if (typeof value === 'string' && value.length <= MAX_TEXT_LENGTH && isWellFormedText(value)) return value;
  read.report('VALUE_NOT_SCALAR', { target, found: describeFound(value) });
  return null;
}

function isDropped(record: JsonObject, read: RecordReader): boolean {
  const status = record['status'];
  if (status === undefined || status === null) return false;
  if (typeof status !== 'string') {
    read.reject('status', 'is no text');
    return true;
  }
  return status.length <= LONGEST_DROPPED && DROPPED.has(status.toUpperCase());
}

/** When the record was made, and until when it counts. Null when it must be dropped: its expiry cannot be told. */
function readTimes(record: JsonObject, read: RecordReader): Times | null {
  const field = record['created_at'] === undefined ? 'generated_at' : 'created_at';
  const time = read.instant(record[field], field) ?? null;
  const expiresAt = read.instant(record['expires_at'], 'expires_at');
  return expiresAt === undefined ? null : { time, expiresAt };
}
