import type { CheckRun } from '../check/check-run.ts';
import { MAX_BODY_BYTES } from '../fit-body.ts';
import { formatMarker } from './marker.ts';

/**
 * The answer to `/peak explain` as the body of a comment: what the check says, where the conversation
 * is. Notes are left out where both together would be too long; the check has them.
 */
export function buildExplanation({
  title,
  summary,
  text,
}: Pick<CheckRun, 'title' | 'summary' | 'text'>): string {
  const head = `${formatMarker({ kind: 'explain' })}\n### ${title}\n\n`;
  const whole = `${head}${summary}${text === null ? '' : `\n${text}`}`;
  if (bytesOf(whole) <= MAX_BODY_BYTES) return whole;
  const short = `${head}${summary}`;
  return bytesOf(short) <= MAX_BODY_BYTES ? short : `${head}It is too long for a comment: see the check.\n`;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
