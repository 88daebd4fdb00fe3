import { MAX_TAGS, type SignalTraits } from './evidence-change.ts';
import { isObject, type JsonObject, type RecordReader } from './record-reader.ts';

const NAME = /^[A-Za-z0-9_.-]{1,64}$/;
const NO_TAGS: readonly string[] = [];

/** Source, tags and quality of a signal or patch; null when one of them is wrong, which has been reported. */
export function readTraits(record: JsonObject, read: RecordReader): SignalTraits | null {
  if (isPlainPatch(record)) return PLAIN_PATCH;
  const source = record['source'] ?? 'patch';
  if (typeof source !== 'string' || !NAME.test(source))
    return read.drop('source', 'is no name of letters, digits, ".", "_" and "-"');
  const tags = record['tags'] ?? NO_TAGS;
  const isList = Array.isArray(tags) && tags.length <= MAX_TAGS;
  if (!isList || !tags.every((tag) => typeof tag === 'string' && NAME.test(tag)))
    return read.drop('tags', `is no list of at most ${MAX_TAGS} names`);
  const quality = read.ratio(record['quality'], 'quality');
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
