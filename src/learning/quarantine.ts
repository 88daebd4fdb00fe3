import { isJsonFault, parseTolerantJson } from '../kernel/json.ts';
import { endOfString } from '../kernel/json-fault.ts';
import { isSecretTarget, looksLikeSecret } from '../kernel/secret.ts';

/** Nothing deeper is evidence. */
const MAX_DEPTH = 32;
const COLON = /\s*:\s*/y;
/** What a field of a secret name may hold without holding a secret. */
const HARMLESS = /(?:""|null|true|false)(?=\s*[,}])/y;

/**
 * Why an evidence file must not be published, or null (judge.md §7): it holds a value of a hidden target, a field named like
 * a secret, a text that looks like a credential, or it cannot be read and so cannot be cleared. Never quotes what it found.
 */
export function findQuarantineReason(
  path: string,
  text: string,
  isHidden: (target: string) => boolean,
): string | null {
  const parts = path.endsWith('.jsonl') ? text.split('\n').filter((line) => line.trim() !== '') : [text];
  for (const part of parts) {
    if (isJsonFault(parseTolerantJson(part)))
      return 'a part of it is not valid JSON and cannot be cleared of secrets';
    const reason = inspect(part, isHidden);
    if (reason !== null) return reason;
  }
  return null;
}

/** Walks the text itself: what a second key of the same name hides from a parser would still be published. */
function inspect(text: string, isHidden: (target: string) => boolean): string | null {
  let depth = 0;
  let key: string | null = null;
  for (let at = 0; at < text.length; ) {
    if (text[at] !== '"') {
      depth += nesting(text[at]);
      if (depth > MAX_DEPTH) return 'it is nested too deeply to be cleared of secrets';
      at += 1;
      continue;
    }
    const end = endOfString(text, at);
    const content = JSON.parse(text.slice(at, end)) as string;
    at = matchEnd(COLON, text, end);
    const isKey = at > end;
    const reason = isKey ? inspectKey(content, text, at) : inspectText(content, key, isHidden);
    if (reason !== null) return reason;
    key = isKey ? content : null;
  }
  return null;
}

function nesting(char: string | undefined): number {
  if (char === '{' || char === '[') return 1;
  return char === '}' || char === ']' ? -1 : 0;
}

function inspectText(
  content: string,
  key: string | null,
  isHidden: (target: string) => boolean,
): string | null {
  if (looksLikeSecret(content)) return 'a text in it looks like a secret';
  if (key !== 'target' || !isHidden(content)) return null;
  return 'it recommends a change of a target whose values are never shown';
}

function inspectKey(name: string, text: string, value: number): string | null {
  if (looksLikeSecret(name)) return 'a name in it looks like a secret';
  if (!isSecretTarget(name) || matchEnd(HARMLESS, text, value) > value) return null;
  return 'a field in it is named like a secret';
}

/** The offset after a match of a sticky pattern, or the same offset. */
function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}
