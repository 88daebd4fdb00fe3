import { parsePolicy } from '../governance/index.ts';
import { sha256Hex } from '../kernel/digest.ts';
import { formatInstant, type Instant, parseInstant } from '../kernel/instant.ts';
import { type AuditedCommit, deviate } from './audited-commit.ts';
import { classifyPath } from './classify.ts';
import type { Deviation } from './deviation.ts';
import { parseVerdictRecord } from './verdict-record.ts';
import type { VerdictRecord } from './verdict-record-schema.ts';

/** What the notes of a line say, and what is wrong with it. */
export interface VerdictAudit {
  readonly deviations: readonly Deviation[];
  /** Commits whose record says success, fits them, and was still valid. It excuses only what people may allow. */
  readonly vouched: ReadonlySet<string>;
  /** The first commit with a record; from it on a governed change without one is a deviation. Null: none has one. */
  readonly since: string | null;
  readonly records: number;
}

/**
 * Holds the notes of a line against its commits. A repository that no judge has ever written to has none, so a missing one counts only
 * from the first record on. A record that fits proves that somebody with the right to write refs wrote it, and no more.
 */
export function auditVerdicts(commits: readonly AuditedCommit[]): VerdictAudit {
  const deviations: Deviation[] = [];
  const vouched = new Set<string>();
  let since: string | null = null;
  let records = 0;
  for (const commit of commits) {
    const read = readNote(commit);
    if (typeof read === 'string') deviations.push(deviate(commit, 'VERDICT_INVALID', { observed: read }));
    else if (read !== null) {
      since ??= commit.id;
      records += 1;
      const found = checkRecord(commit, read);
      deviations.push(...found);
      if (found.length === 0) vouched.add(commit.id);
    } else if (since !== null) deviations.push(...findUnjudged(commit));
  }
  return { deviations, vouched, since, records };
}

function readNote({ id, note }: AuditedCommit): VerdictRecord | string | null {
  if (note === null) return null;
  if ('unread' in note) return note.unread;
  const record = parseVerdictRecord(note.text);
  if (record === null) return 'not in the form in which the judge writes it';
  return record.merge === id ? record : `it names commit ${record.merge.slice(0, 12)}`;
}

function checkRecord(commit: AuditedCommit, record: VerdictRecord): readonly Deviation[] {
  const { previous, merged, policy } = commit;
  const other = (observed: string, required: string) =>
    deviate(commit, 'VERDICT_OTHER', { observed, required });
  const policyDigest = policy.before === null ? null : sha256Hex(policy.before);
  return [
    ...(record.base === previous ? [] : [other(`base ${record.base.slice(0, 12)}`, short(previous))]),
    // A squash merge leaves no trace of its head.
    ...(merged.length === 0 || merged.includes(record.head)
      ? []
      : [other(`head ${record.head.slice(0, 12)}`, merged.map(short).join(', '))]),
    ...(record.policy_digest === policyDigest
      ? []
      : [other(`policy ${short(record.policy_digest)}`, short(policyDigest))]),
    ...(record.conclusion === 'success'
      ? []
      : [deviate(commit, 'VERDICT_NOT_SUCCESS', { observed: record.conclusion })]),
    ...checkTimes(commit, record),
  ];
}

/** The later of what GitHub and what the commit says: whoever pushes chooses the one, whoever writes notes the other. */
function checkTimes(commit: AuditedCommit, record: VerdictRecord): readonly Deviation[] {
  const [mergedAt, time, validUntil] = [record.merged_at, record.time, record.valid_until].map(
    (text) => parseInstant(text) as Instant,
  ) as [Instant, Instant, Instant];
  const latest = Math.max(mergedAt, commit.time) as Instant;
  if (mergedAt >= time && latest <= validUntil) return [];
  const observed = formatInstant(mergedAt < time ? mergedAt : latest);
  const required = `from ${formatInstant(time)} to ${formatInstant(validUntil)}`;
  return [deviate(commit, 'VERDICT_EXPIRED', { observed, required })];
}

function short(id: string | null): string {
  return id === null ? 'none' : id.slice(0, 12);
}

/** Paths of a class that the judge judges. The policy before the commit says what is machinery. */
function findUnjudged(commit: AuditedCommit): readonly Deviation[] {
  const policy = parsePolicy(commit.policy.before);
  const scope = policy.ok
    ? { layers: policy.value.config.layers, machinery: policy.value.machinery.paths }
    : { layers: [], machinery: [] };
  const governed = commit.files
    .map(({ path }) => ({ path, class: classifyPath(path, scope).class }))
    .filter((place) => place.class !== 'unrelated');
  if (governed.length === 0) return [];
  const observed = [...new Set(governed.map((place) => place.class))].sort().join(', ');
  return [deviate(commit, 'NO_VERDICT', { observed, files: governed.map(({ path }) => path) })];
}
