import { isJsonFault, parseTolerantJson } from '../kernel/json.ts';
import { isSecretTarget, looksLikeSecret } from '../kernel/secret.ts';

/** Deeper values are not looked into; nothing that deep is evidence. */
const MAX_DEPTH = 32;

/**
 * Why an evidence file must not be published, or null (judge.md §7): it holds a value of a hidden target, a field named like
 * a secret, a text that looks like a credential, or it cannot be read and so cannot be cleared. Never quotes the value.
 */
export function findQuarantineReason(
  path: string,
  text: string,
  isHidden: (target: string) => boolean,
): string | null {
  const texts = path.endsWith('.jsonl') ? text.split('\n').filter((line) => line.trim() !== '') : [text];
  for (const part of texts) {
    const parsed = parseTolerantJson(part);
    if (isJsonFault(parsed)) return 'a part of it is not valid JSON and cannot be cleared of secrets';
    const reason = inspect(parsed.value, isHidden, 0);
    if (reason !== null) return reason;
  }
  return null;
}

function inspect(value: unknown, isHidden: (target: string) => boolean, depth: number): string | null {
  if (typeof value === 'string') return looksLikeSecret(value) ? 'a text in it looks like a secret' : null;
  if (typeof value !== 'object' || value === null) return null;
  if (depth > MAX_DEPTH) return 'it is nested too deeply to be cleared of secrets';
  for (const [key, child] of Object.entries(value)) {
    const reason = inspectField(key, child, isHidden) ?? inspect(child, isHidden, depth + 1);
    if (reason !== null) return reason;
  }
  return null;
}

function inspectField(key: string, value: unknown, isHidden: (target: string) => boolean): string | null {
  if (looksLikeSecret(key)) return 'a name in it looks like a secret';
  if (typeof value !== 'string' || value === '') return null;
  if (key === 'target' && isHidden(value))
    return 'it recommends a change of a target whose values are never shown';
  return isSecretTarget(key) ? `its field "${key.slice(0, 40)}" holds a secret` : null;
}
