import { type AutoApplyPolicy, isNeverTarget, parsePolicy } from '../governance/index.ts';
import { POLICY_PATH } from '../kernel/governed-paths.ts';
import { DAY_MS, type Instant } from '../kernel/instant.ts';
import type { Problem } from '../kernel/problem.ts';
import type { Result } from '../kernel/result.ts';
import { fail, ok } from '../kernel/result.ts';
import type { Scalar } from '../kernel/scalar.ts';
import { isSecretTarget, looksLikeSecret, REDACTED } from '../kernel/secret.ts';
import { Evidence } from '../learning/index.ts';
import type { Progress, WorkTree } from './work-tree-port.ts';

/** One recommended change as it stands in the evidence; hidden values are `[redacted]`. */
export interface ListedChange {
  readonly target: string;
  readonly value: Scalar;
  readonly confidence: number | null;
}

/** One record of the evidence: a signal or a patch. */
export interface ListedSignal {
  readonly file: string;
  readonly line: number;
  readonly source: string;
  readonly time: Instant | null;
  readonly expired: boolean;
  /** In order of target; the first `MAX_LISTED_CHANGES` of `changeCount`. */
  readonly changes: readonly ListedChange[];
  readonly changeCount: number;
  /** 0–100, of a test-health signal; the lowest, when one record holds several of one time. */
  readonly healthScore: number | null;
}

export interface SignalList {
  /** Newest first, undated last, then by file and line. Only the newest `MAX_LISTED` of very many. */
  readonly signals: readonly ListedSignal[];
  /** Whether there are more than the list holds. */
  readonly more: boolean;
  readonly problems: readonly Problem[];
  readonly problemCount: number;
}

/** Records that are listed, and changes of one: a list of millions is read by nobody and takes gigabytes (measured). */
const MAX_LISTED = 20_000;
/** As many as a signal of our own may have (learning/schema.ts); a document of patches without a date is one record. */
const MAX_LISTED_CHANGES = 1000;

/** All evidence, record by record. Needs a valid policy, because the never-list decides what may be shown. */
export function listSignals(workTree: WorkTree, now: Instant, onProgress?: Progress): Result<SignalList> {
  const policy = parsePolicy(workTree.readText(POLICY_PATH));
  if (!policy.ok) return policy;
  const evidence = new Evidence(now);
  workTree.readEvidence(evidence, onProgress);
  const excess = evidence.findExcess();
  if (excess !== null) return fail(excess);
  const records = new Records(MAX_LISTED);
  addHealth(records, evidence, policy.value, now);
  addChanges(records, evidence, policy.value, now);
  const { problems, problemCount } = evidence;
  return ok({ signals: records.newest(), more: records.more, problems, problemCount });
}

function addHealth(records: Records, evidence: Evidence, policy: AutoApplyPolicy, now: Instant): void {
  for (const { file, line, time, score } of evidence.health) {
    const place = { file: evidence.table.files[file] ?? '', line };
    const expired = isTooOld(time, policy, now);
    const record = records.at({ ...place, source: 'test_health', time, expired });
    record.healthScore = Math.min(record.healthScore ?? score, score);
  }
}

function addChanges(records: Records, { table }: Evidence, policy: AutoApplyPolicy, now: Instant): void {
  for (const target of table.targets()) {
    const hidden = isNeverTarget(target, policy) || isSecretTarget(target);
    for (const { path: file, line, traits, time, expiresAt, value, confidence } of table.rowsOf(target)) {
      const expired = (expiresAt !== null && expiresAt <= now) || isTooOld(time, policy, now);
      const shown = hidden || (typeof value === 'string' && looksLikeSecret(value)) ? REDACTED : value;
      const record = records.at({ file, line, source: traits.source, time, expired });
      record.changeCount += 1;
      if (record.changeCount <= MAX_LISTED_CHANGES) record.changes.push({ target, value: shown, confidence });
    }
  }
}

function isTooOld(time: Instant | null, { evidence }: AutoApplyPolicy, now: Instant): boolean {
  return time !== null && now - time > evidence.max_age_days * DAY_MS;
}

type Head = Omit<ListedSignal, 'changes' | 'changeCount' | 'healthScore'>;
type OpenRecord = Head & { changes: ListedChange[]; changeCount: number; healthScore: number | null };

/** Puts together what belongs to one record, and forgets all but the newest: which are kept does not depend on the order. */
class Records {
  more = false;
  readonly #limit: number;
  #records = new Map<string, OpenRecord>();
  /** The oldest that is kept, once something was forgotten. */
  #last: Head | null = null;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The record of this place, time and source; one that would be forgotten anyway is not kept. */
  at(head: Head): OpenRecord {
    if (this.#last !== null && newestFirst(head, this.#last) > 0) return open(head);
    const key = `${head.file}:${head.line}:${head.time}:${head.source}`;
    const known = this.#records.get(key);
    if (known !== undefined) return known;
    if (this.#records.size >= 2 * this.#limit) this.#forget();
    const record = open(head);
    this.#records.set(key, record);
    return record;
  }

  newest(): readonly ListedSignal[] {
    if (this.#records.size > this.#limit) this.#forget();
    return [...this.#records.values()].sort(newestFirst);
  }

  #forget(): void {
    const sorted = [...this.#records].sort(([, a], [, b]) => newestFirst(a, b));
    this.#records = new Map(sorted.slice(0, this.#limit));
    this.#last = sorted[this.#limit - 1]?.[1] ?? null;
    this.more = true;
  }
}

function open(head: Head): OpenRecord {
  return { ...head, changes: [], changeCount: 0, healthScore: null };
}

/** A total order: what is forgotten never comes back in part. */
function newestFirst(a: Head, b: Head): number {
  const byTime = (b.time ?? Number.NEGATIVE_INFINITY) - (a.time ?? Number.NEGATIVE_INFINITY);
  if (byTime !== 0 && !Number.isNaN(byTime)) return byTime;
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || (a.source < b.source ? -1 : Number(a.source > b.source));
}
