import { asciiJson } from '../kernel/text/ascii-json.ts';
import { PullState } from './state-schema.ts';

/** A line of its own, which no escaped text can start; the web editor of GitHub saves CRLF. */
const BLOCK = /^<!-- peak:state (\{[^\r\n]*\}) -->\r?$/gm;

/** The state as a line that GitHub does not show. No value can end the comment: `<`, `>`, `&` and `-` are escaped. */
export function formatState(state: PullState): string {
  const json = asciiJson(JSON.stringify(state)).replaceAll(
    /[<>&-]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `<!-- peak:state ${json} -->`;
}

/** The state in a body that people may have edited; null unless there is exactly one block and it is sound. */
export function parseState(body: string): PullState | null {
  const [block, ...others] = [...body.matchAll(BLOCK)];
  if (block === undefined || others.length > 0) return null;
  try {
    const parsed = PullState.safeParse(JSON.parse(block[1] ?? ''));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
