import { AUTO_TOML_PATH } from '../../../src/kernel/governed-paths.ts';
import { isTable, parseToml, toScalar } from '../../../src/liveconfig/index.ts';
import type { V1Patch } from './promotion-base.ts';
import type { PromotionSample } from './promotion-sample.ts';
import { parseTypedJson, splitJsonList } from './typed-json.ts';

const ACCEPTED = 'ACCEPTED_FOR_PROPOSAL';

/** What v1 says about one patch. */
export interface V1Answer {
  readonly patch: V1Patch;
  /** `raised …`, `no candidate`, or the status, with the lane when it was accepted. */
  readonly status: string;
  /** Null when the patch is no candidate. */
  readonly candidate: { readonly tags: readonly string[]; readonly eligible: boolean } | null;
}

/** v1's answer to each patch of a case, in order. None when v1 could not read the list. */
export function v1Answers(sample: PromotionSample): readonly V1Answer[] {
  const { candidates = [], decisions = [] } = sample.expected;
  let next = 0;
  return readPatches(sample.input.patchesJson).map((patch) => {
    const candidate = candidates[next];
    if (candidate === undefined || candidate.id !== patch['id'] || candidate.target !== patch['target'])
      return { patch, status: raised(sample, false) ?? 'no candidate', candidate: null };
    const status = raised(sample, true) ?? decisions[next]?.status ?? 'undecided';
    next += 1;
    return { patch, status: status === ACCEPTED ? `${status} ${laneOf(sample, patch)}` : status, candidate };
  });
}

/** An exception before the decisions took all patches with it; one before the candidates also those that would be none. */
function raised({ expected }: PromotionSample, isCandidate: boolean): string | null {
  const { error, candidates, decisions } = expected;
  if (error === undefined || decisions !== undefined) return null;
  return isCandidate || candidates === undefined ? `raised ${error.type}` : null;
}

/** v1 has no lanes: what it wrote into `auto.toml` itself, or crashed on writing, is its auto lane. */
function laneOf({ expected }: PromotionSample, patch: V1Patch): 'auto' | 'manual' {
  if (expected.error?.stage === 'apply') return 'auto';
  return expected.applied === true && isWritten(expected.autoTomlText ?? '', patch) ? 'auto' : 'manual';
}

function isWritten(text: string, { target, new_value: value }: V1Patch): boolean {
  const document = parseToml(text, AUTO_TOML_PATH);
  if (!document.ok) return text.includes(`\n${JSON.stringify(target)} = `);
  const table = document.value['auto_applied'];
  const applied = isTable(table) && typeof target === 'string' ? table[target] : undefined;
  return applied !== undefined && JSON.stringify(toScalar(applied)) === showWritten(value);
}

/** The distinct changes that v1 accepted, as `target = value`, sorted. */
export function acceptedByV1(sample: PromotionSample): readonly string[] {
  const accepted = v1Answers(sample)
    .filter(({ status }) => status.startsWith(ACCEPTED))
    .map(({ patch }) => `${String(patch['target'])} = ${showWritten(patch['new_value'])}`);
  return [...new Set(accepted)].sort();
}

/** The overrides that v1's loader saw afterwards, as `target = value`, sorted. */
export function loadedByV1({ expected }: PromotionSample): readonly string[] {
  return Object.entries(expected.loaderSees ?? {})
    .map(([target, value]) => `${target} = ${JSON.stringify(value)}`)
    .sort();
}

/** A value as JSON, without telling 2 from 2.0: types are compared in `auto.toml`. */
function showWritten(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && '$number' in item ? Number(item.$number) : item,
  );
}

/** All patches of a list, as far as it is one. */
export function readPatches(patchesJson: string): readonly V1Patch[] {
  return (splitJsonList(patchesJson) ?? []).map((item) => parseTypedJson(item) as V1Patch);
}
