import { sha256Latin1 } from '../kernel/digest.ts';
import type { EvidenceChange } from './evidence-change.ts';
import { isObject, type JsonObject } from './record-reader.ts';

/** What makes a change of a record the same as another: the experiment id, else the content without id, times, status and reason (product.md §3). */
export function identityOf(change: Omit<EvidenceChange, 'identity'>, parent: JsonObject): string {
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
