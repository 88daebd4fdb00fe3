import { BugError } from '../../kernel/app-error.ts';

/** Whether a text is a full object id: SHA-1 or SHA-256, in lower case. */
export function isObjectId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/** Whether a text can abbreviate an object id; git's own shortest default is 7 digits. */
export function isShortObjectId(text: string): boolean {
  return /^[0-9a-f]{7,63}$/.test(text);
}

/** Refuses everything but a full object id, so that no option, ref or revision expression slips in. */
export function assertObjectId(text: string): void {
  if (!isObjectId(text)) throw new BugError(`not a full object id: ${text}`);
}
