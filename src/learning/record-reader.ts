import { type Instant, parseInstant } from '../kernel/instant.ts';
import type { Problem, SourceLocation } from '../kernel/problem.ts';
import { problem } from '../kernel/problem.ts';
import type { EvidenceChange, HealthObservation } from './evidence-change.ts';

/** Where the parts of a record go. */
export interface RecordSink {
  change(change: EvidenceChange): void;
  health(observation: HealthObservation): void;
  problem(problem: Problem): void;
  /** A signal or patch and the id it claims; `content` is equal when the content is. */
  id(id: string, content: string): void;
}

/** An object of a parsed JSON document: nothing about its fields is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A record being read: where it stands, and where its parts and problems go. */
export class RecordReader {
  readonly sink: RecordSink;
  readonly #where: SourceLocation;
  readonly #path: string;

  constructor(sink: RecordSink, where: SourceLocation, path: string) {
    this.sink = sink;
    this.#where = where;
    this.#path = path;
  }

  at(path: string): RecordReader {
    return new RecordReader(this.sink, this.#where, this.#field(path));
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

  /** Null where nothing is given; undefined when it is wrong, which has been reported. */
  instant(value: unknown, field: string): Instant | null | undefined {
    if (value === undefined || value === null) return null;
    const instant = typeof value === 'string' ? parseInstant(value) : null;
    if (instant !== null) return instant;
    this.reject(field, 'is no ISO 8601 time');
    return undefined;
  }

  /** A number from 0 to 1; null and undefined as for `instant`. */
  ratio(value: unknown, field: string): number | null | undefined {
    if (value === undefined || value === null) return null;
    if (typeof value === 'number' && value >= 0 && value <= 1) return value;
    this.reject(field, `is ${describeFound(value)}, not a number from 0 to 1`);
    return undefined;
  }

  /** A whole number from 0; null and undefined as for `instant`. */
  count(value: unknown, field: string): number | null | undefined {
    if (value === undefined || value === null) return null;
    if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
    this.reject(field, `is ${describeFound(value)}, not a whole number from 0`);
    return undefined;
  }

  #field(name: string): string {
    return [this.#path, name].filter((part) => part !== '').join('.');
  }
}

/** What an unusable value is, for people. Never the value itself: it may be a secret. */
export function describeFound(value: unknown): string {
  if (value === null || value === undefined) return 'missing or null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' && Number.isFinite(value))
    return 'a number that cannot be held exactly or is out of range';
  if (typeof value === 'number') return 'not finite';
  if (typeof value === 'string') return 'a text that is too long or malformed';
  return `a ${typeof value}`;
}

/** Whether a parsed JSON value is an object, and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
