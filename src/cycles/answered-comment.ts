import { parseDeclineRecord, parseHoldRecord, parseMarker } from '../review/index.ts';

/** Id of the comment that one of the judge's own answers, by its first line; null for none. */
export function answeredComment(body: string): number | null {
  const marker = parseMarker(body);
  if (marker?.kind === 'reply') return marker.comment;
  const decline = parseDeclineRecord(body);
  return (decline === 'unknown' ? null : decline?.comment) ?? parseHoldRecord(body)?.comment ?? null;
}
