import { EVIDENCE_PATH } from '../../kernel/governed-paths.ts';
import { endOfString } from '../../kernel/json-fault.ts';
import type { ReviewRule } from '../judgement.ts';
import {
  MAX_ARTIFACT_BYTES,
  MAX_EVIDENCE_BYTES,
  MAX_EVIDENCE_FILE_BYTES,
  MAX_JSON_DEPTH,
  MAX_LISTED,
  MAX_PATHS,
} from '../limits.ts';
import { failed, type ReviewFinding } from '../review-finding.ts';
import type { Snapshot } from '../snapshot.ts';

/** The change is small enough to be judged in time and memory (judge.md §7). What is larger fails, naming the limit. */
export const limits: ReviewRule = {
  name: 'limits',
  check: ({ snapshot, places, isOverdue }) => {
    const findings: ReviewFinding[] = [];
    if (isOverdue()) findings.push(over('the time for judging is used up', 'time'));
    if (places.size > MAX_PATHS) findings.push(over(`${places.size} changed paths`, MAX_PATHS));
    const governed = [...places].filter(
      ([, place]) => place.class !== 'unrelated' && place.class !== 'machinery',
    );
    const added = governed.flatMap(([path]) => {
      const file = snapshot.head.files.get(path);
      return file === undefined ? [] : [{ path, bytes: file.sizeBytes }];
    });
    for (const { path, bytes } of added) {
      const limit = isEvidence(path) ? MAX_EVIDENCE_FILE_BYTES : MAX_ARTIFACT_BYTES;
      if (bytes > limit) findings.push({ ...over(`${bytes} bytes`, limit), file: path });
    }
    const evidence = added.filter(({ path }) => isEvidence(path)).reduce((sum, { bytes }) => sum + bytes, 0);
    if (evidence > MAX_EVIDENCE_BYTES)
      findings.push(over(`${evidence} bytes of evidence`, MAX_EVIDENCE_BYTES));
    findings.push(...added.flatMap(({ path }) => findDepthFault(path, snapshot)));
    return findings.slice(0, MAX_LISTED);
  },
};

function over(observed: string, limit: number | string): ReviewFinding {
  return failed('LIMIT_EXCEEDED', { observed, required: String(limit) });
}

function isEvidence(path: string): boolean {
  return path.startsWith(`${EVIDENCE_PATH}/`);
}

function findDepthFault(path: string, { head }: Snapshot): readonly ReviewFinding[] {
  const text = head.texts.get(path);
  if (text === undefined || !/\.jsonl?$/i.test(path) || !isDeeper(text, MAX_JSON_DEPTH)) return [];
  return [{ ...over('JSON is nested deeper', `${MAX_JSON_DEPTH} levels`), file: path }];
}

/** Counts brackets outside of strings, without recursion: a text that no parser takes has a depth, too. */
function isDeeper(text: string, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; ) {
    const char = text[at];
    if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    if (depth > limit) return true;
    at = char === '"' ? endOfString(text, at) : at + 1;
  }
  return false;
}
