import { formatConfidence } from '../governance/index.ts';
import { formatInstant } from '../kernel/instant.ts';
import type { Parameter } from '../kernel/scalar.ts';
import { counted } from '../kernel/text/counted.ts';
import type { ConfigPatch, Evidence } from '../learning/index.ts';
import { MAX_ROWS, moreRows } from './rows.ts';
import { showScalar } from './show-scalar.ts';
import type { Style } from './style.ts';
import { formatFacts, formatTable } from './table.ts';

/** What the learning loop found and wrote. */
export interface LearnView {
  readonly evidence: Evidence;
  readonly patches: readonly ConfigPatch[];
  readonly live: ReadonlyMap<string, Parameter>;
  readonly overrides: number;
  readonly overridePath: string;
  readonly overrideState: string;
}

export function learnJson({ evidence, patches, overrides, overridePath, overrideState }: LearnView) {
  return {
    evidence: evidenceJson(evidence),
    overrides: { path: overridePath, count: overrides, state: overrideState },
    patches: patches.map(patchJson),
  };
}

export function evidenceJson({ table, problemCount, latestHealth }: Evidence) {
  return {
    files: table.files.length,
    recommended_changes: table.size,
    problems: problemCount,
    test_health:
      latestHealth === null ? null : { score: latestHealth.score, at: formatInstant(latestHealth.time) },
  };
}

/** `12 recommended changes in 9 evidence files, 1 problem`. */
export function evidenceText({ table, problemCount }: Evidence): string {
  const found = `${counted(table.size, 'recommended change')} in ${counted(table.files.length, 'evidence file')}`;
  return problemCount === 0 ? found : `${found}, ${counted(problemCount, 'problem')}`;
}

function patchJson(patch: ConfigPatch) {
  return {
    id: patch.id,
    target: patch.target,
    new_value: patch.value,
    status: patch.status,
    confidence_score: patch.confidence,
    sample_size: patch.sampleSize,
    conflict: patch.conflict,
    evidence: patch.evidenceCount,
    newest: patch.newest === null ? null : formatInstant(patch.newest),
    tags: patch.tags,
    sources: patch.sources,
  };
}

export function learnText(view: LearnView, style: Style): string {
  const { evidence, patches, overrides, overridePath, overrideState } = view;
  const facts = formatFacts(
    [
      ['Evidence', evidenceText(evidence)],
      ['Patches', `${patches.length} (${statusCounts(patches)})`],
      ['Overrides', `${overrides} in ${overridePath} (${describeState(overrideState)})`],
    ],
    style,
  );
  if (patches.length === 0) return `${facts}\n\nNothing was learned. peak why says what is missing.`;
  return `${facts}\n\n${patchTable(patches, view.live, style)}`;
}

function patchTable(
  patches: readonly ConfigPatch[],
  live: ReadonlyMap<string, Parameter>,
  style: Style,
): string {
  const rows = patches.slice(0, MAX_ROWS).map((patch) => {
    const parameter = live.get(patch.target);
    return [
      patch.target,
      patch.redacted
        ? ''
        : parameter === undefined
          ? style.yellow('unknown')
          : showScalar(parameter.value, parameter),
      showScalar(patch.value, patch.type === null ? undefined : { type: patch.type, value: patch.value }),
      patch.confidence === null ? '' : formatConfidence(patch.confidence),
      String(patch.evidenceCount),
      patch.conflict === null ? patch.status : style.yellow(`${patch.status} conflict: ${patch.conflict}`),
    ];
  });
  return (
    formatTable(['target', 'live', 'learned', 'confidence', 'evidence', 'status'], rows, style) +
    moreRows(patches.length, style)
  );
}

/** Words for what became of a file. */
export function describeState(state: string): string {
  return state === 'dry_run' ? 'not written: dry run' : state;
}

function statusCounts(patches: readonly ConfigPatch[]): string {
  const counts = new Map<string, number>();
  for (const { status } of patches) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${count} ${status}`).join(', ') || 'none';
}
