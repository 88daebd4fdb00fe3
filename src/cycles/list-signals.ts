import { type AutoApplyPolicy, isNeverTarget, parsePolicy } from '../governance/index.ts';
import { POLICY_PATH } from '../kernel/governed-paths.ts';
import type { Instant } from '../kernel/instant.ts';
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
  readonly changes: readonly ListedChange[];
}

export interface SignalList {
  /** Newest first, undated last, then by file and line. */
  readonly signals: readonly ListedSignal[];
  readonly problems: readonly Problem[];
  readonly problemCount: number;
}

/** All evidence, record by record. Needs a valid policy, because the never-list decides what may be shown. */
export function listSignals(workTree: WorkTree, now: Instant, onProgress?: Progress): Result<SignalList> {
  const policy = parsePolicy(workTree.readText(POLICY_PATH));
  if (!policy.ok) return policy;
  const evidence = new Evidence(now);
  workTree.readEvidence(evidence, onProgress);
  const excess = evidence.findExcess();
  if (excess !== null) return fail(excess);
  const signals = collect(evidence, policy.value, now);
  return ok({ signals, problems: evidence.problems, problemCount: evidence.problemCount });
}

function collect({ table }: Evidence, policy: AutoApplyPolicy, now: Instant): readonly ListedSignal[] {
  const records = new Map<string, ListedSignal & { changes: ListedChange[] }>();
  for (const target of table.targets()) {
    const hidden = isNeverTarget(target, policy) || isSecretTarget(target);
    for (const { file, line, traits, time, expiresAt, value, confidence } of table.rowsOf(target)) {
      const key = `${file}:${line}:${time}:${traits.source}`;
      const expired =
        (expiresAt !== null && expiresAt <= now) ||
        (time !== null && now - time > policy.evidence.max_age_days * 86_400_000);
      const record = records.get(key) ?? {
        file: table.files[file] ?? '',
        line,
        source: traits.source,
        time,
        expired,
        changes: [],
      };
      const shown = hidden || (typeof value === 'string' && looksLikeSecret(value)) ? REDACTED : value;
      record.changes.push({ target, value: shown, confidence });
      records.set(key, record);
    }
  }
  return [...records.values()].sort(newestFirst);
}

function newestFirst(a: ListedSignal, b: ListedSignal): number {
  const byTime = (b.time ?? Number.NEGATIVE_INFINITY) - (a.time ?? Number.NEGATIVE_INFINITY);
  if (byTime !== 0 && !Number.isNaN(byTime)) return byTime;
  return a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1;
}
