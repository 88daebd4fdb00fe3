import { sha256Hex } from '../kernel/digest.ts';
import { DAY_MS, type Instant } from '../kernel/instant.ts';
import { fitsType, type Parameter, type ParameterType, type Scalar } from '../kernel/scalar.ts';
import { looksLikeSecret, REDACTED } from '../kernel/secret.ts';
import { combineEvidence } from './combine.ts';
import type { ConfigPatch, PatchSource, PatchStatus, UnfitEvidence } from './config-patch.ts';
import type { EvidenceRow, EvidenceTable } from './evidence-table.ts';

/** Sources named in a patch; the rest is covered by the count and the Merkle root (product.md §2). */
const MAX_NAMED_SOURCES = 20;

/** What System 1 needs beside the evidence. */
export interface LearningContext {
  readonly now: Instant;
  /** Evidence older than this is expired. */
  readonly maxAgeDays: number;
  /** Age at which evidence weighs half. */
  readonly halfLifeDays: number;
  /** Base configuration: target → type and value. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Base configuration with the live overrides applied. */
  readonly live: ReadonlyMap<string, Parameter>;
  /** The overrides of the override file as it stands. */
  readonly previous: ReadonlyMap<string, Parameter>;
  /** Whether a target's values must not be shown anywhere (never-list, secrets). */
  readonly isHidden: (target: string) => boolean;
  /** Whether offline runs may use this value (hard limits). */
  readonly isAllowed: (target: string, value: Scalar) => boolean;
}

/** System 1's answer. */
export interface Learned {
  /** One patch a target, sorted by target. */
  readonly patches: readonly ConfigPatch[];
  /** What offline and research runs use: the content of `learning.override.toml`. */
  readonly overrides: ReadonlyMap<string, Parameter>;
}

/** Turns evidence into patches and the offline overrides. Pure: the same evidence in any order gives the same result. */
export function learn(table: EvidenceTable, context: LearningContext): Learned {
  const overrides = new Map<string, Parameter>();
  const patches = table.targets().map((target) => {
    const patch = buildPatch(table, target, context);
    if (isOffline(patch, context)) overrides.set(target, { value: patch.value, type: patch.type });
    return patch;
  });
  keepLiveOverrides(overrides, context);
  return { patches, overrides };
}

/** An override of a value that is still live does not vanish when its evidence expires (product.md §3). */
function keepLiveOverrides(overrides: Map<string, Parameter>, { previous, live }: LearningContext): void {
  for (const [target, override] of previous) {
    const parameter = live.get(target);
    if (parameter === undefined || overrides.has(target)) continue;
    if (parameter.value === override.value)
      overrides.set(target, { value: override.value, type: parameter.type });
  }
}

function isOffline(
  patch: ConfigPatch,
  context: LearningContext,
): patch is ConfigPatch & { type: NonNullable<ConfigPatch['type']> } {
  if (patch.type === null || patch.redacted || patch.status === 'RETIRED') return false;
  if (patch.conflict === 'disagreement') return false;
  return fitsType(patch.value, patch.type) && context.isAllowed(patch.target, patch.value);
}

function buildPatch(table: EvidenceTable, target: string, context: LearningContext): ConfigPatch {
  const all = table.rowsOf(target);
  const type = context.parameters.get(target)?.type ?? null;
  const { counted, usable, isRetired } = selectRows(all, type, context);
  const live = context.live.get(target);
  const halfLifeMs = context.halfLifeDays * DAY_MS;
  const combined = combineEvidence(usable, live?.value ?? null, halfLifeMs);
  const { rows } = combined;
  const isHidden = context.isHidden(target);
  const redacted = isHidden || looksSecret(combined.value);
  const value = redacted ? REDACTED : combined.value;
  const traits = distinct(counted.map((row) => row.traits));
  const files = distinct(counted.map(({ file }) => file));
  const patch = {
    id: `patch-${sha256Hex(`${target}\0${JSON.stringify(value)}`).slice(0, 12)}`,
    target,
    value,
    redacted,
    type,
    status: 'PROPOSED' as PatchStatus,
    claimedOld: redacted ? [] : distinctClaims(counted),
    confidence: combined.confidence,
    sampleSize: combined.sampleSize,
    conflict: combined.conflict,
    unfit: usable === counted ? null : describeUnfit(counted, usable, halfLifeMs),
    liveReady: traits.every(({ liveReady }) => liveReady),
    tags: distinctSorted(traits.flatMap(({ tags }) => tags)),
    evidenceCount: rows.length,
    evidenceKinds: distinctSorted(rows.map(({ traits }) => traits.source)),
    // Computed when it is asked for: only artifacts need it, and it takes two hashes a file.
    get evidenceRoot() {
      return table.rootOf(files);
    },
    sources: rows.slice(0, MAX_NAMED_SOURCES).map((row) => sourceOf(row, table, isHidden)),
    newest: rows[0]?.time ?? null,
    newestExperiment: newestFirstReport(fittingRows(all, type)),
    undated: rows.filter(({ time }) => time === null).length,
  };
  patch.status = statusOf(patch, isRetired, live, context);
  return patch;
}

interface SelectedRows {
  /** What is not expired, or everything where all of it is: what it holds against a change counts. */
  readonly counted: readonly EvidenceRow[];
  /** Of that, what recommends a value that the parameter can hold, or everything where nothing does. */
  readonly usable: readonly EvidenceRow[];
  /** Whether all of it has expired. */
  readonly isRetired: boolean;
}

/** A tool that writes a text for a number must not keep the others from being heard (statistics.md D.4 combines values of one kind). */
function selectRows(
  all: readonly EvidenceRow[],
  type: ParameterType | null,
  context: LearningContext,
): SelectedRows {
  const fresh = all.some((row) => isExpired(row, context))
    ? all.filter((row) => !isExpired(row, context))
    : all;
  const isRetired = fresh.length === 0;
  const counted = isRetired ? all : fresh;
  return { counted, usable: fittingRows(counted, type), isRetired };
}

/** Rows of a value that the parameter can hold; all of them where none is, or where the parameter is not known. */
function fittingRows(rows: readonly EvidenceRow[], type: ParameterType | null): readonly EvidenceRow[] {
  if (type === null || rows.every(({ value }) => fitsType(value, type))) return rows;
  const fitting = rows.filter(({ value }) => fitsType(value, type));
  return fitting.length === 0 ? rows : fitting;
}

function describeUnfit(
  counted: readonly EvidenceRow[],
  usable: readonly EvidenceRow[],
  halfLifeMs: number,
): UnfitEvidence {
  const left = new Set(usable);
  const { rows } = combineEvidence(
    counted.filter((row) => !left.has(row)),
    null,
    halfLifeMs,
  );
  const [newest] = rows;
  return { count: rows.length, place: `${newest?.path}:${newest?.line}` };
}

function statusOf(
  patch: ConfigPatch,
  retired: boolean,
  live: Parameter | undefined,
  context: LearningContext,
): PatchStatus {
  if (retired) return 'RETIRED';
  if (!patch.redacted && live !== undefined && live.value === patch.value) return 'PROMOTED';
  return isOffline(patch, context) ? 'APPLIED_OFFLINE' : 'PROPOSED';
}

function isExpired(row: EvidenceRow, { now, maxAgeDays }: LearningContext): boolean {
  if (row.expiresAt !== null && row.expiresAt <= now) return true;
  return row.time !== null && now - row.time > maxAgeDays * DAY_MS;
}

/** Of the dates on which each experiment was first reported, the newest. */
function newestFirstReport(rows: readonly EvidenceRow[]): Instant | null {
  const first = new Map<string, Instant>();
  for (const { identity, time } of rows) {
    const known = first.get(identity);
    if (time !== null && (known === undefined || time < known)) first.set(identity, time);
  }
  let newest: Instant | null = null;
  for (const time of first.values()) if (newest === null || time > newest) newest = time;
  return newest;
}

function sourceOf(row: EvidenceRow, table: EvidenceTable, isHidden: boolean): PatchSource {
  return {
    file: row.path,
    line: row.line,
    sha256: table.digests[row.file] ?? '',
    value: isHidden || looksSecret(row.value) ? REDACTED : row.value,
    confidence: row.confidence,
  };
}

function looksSecret(value: Scalar): boolean {
  return typeof value === 'string' && looksLikeSecret(value);
}

function distinctClaims(rows: readonly EvidenceRow[]): readonly Scalar[] {
  const given = distinct(rows.map(({ claimedOld }) => claimedOld)).filter((claim) => claim !== null);
  const shown = given.map((claim) => (looksSecret(claim) ? REDACTED : claim));
  if (shown.length <= 1) return shown;
  const claims = new Map(shown.map((claim) => [JSON.stringify(claim), claim]));
  return [...claims.keys()]
    .sort()
    .slice(0, MAX_NAMED_SOURCES)
    .map((key) => claims.get(key) as Scalar);
}

function distinctSorted(texts: readonly string[]): readonly string[] {
  return texts.length < 2 ? texts : distinct(texts).toSorted();
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return values.length < 2 ? values : [...new Set(values)];
}
