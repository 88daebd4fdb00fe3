import { commentJson } from '../kernel/text/comment-json.ts';
import { MAX_TEXT_BYTES } from './fit-body.ts';
import { PullState } from './state-schema.ts';

/** A line of its own, which no escaped text can start; the web editor of GitHub saves CRLF. */
const BLOCK = /^<!-- peak:state (\{[^\r\n]*\}) -->\r?$/gm;

/** The state as a line that GitHub does not show. No value can end the comment. */
export function formatState({ declined, ...state }: PullState): string {
  const all = declined.length === 0 ? state : { ...state, declined };
  return `<!-- peak:state ${commentJson(JSON.stringify(all))} -->`;
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

/** A body with another state, below a note: what people read stays, unless it is longer than any that the bot wrote. */
export function replaceState(body: string, state: PullState, note = ''): string {
  const rest = body.replaceAll(/^<!-- peak:state [^\n]*$/gm, '').trimEnd();
  const kept = new TextEncoder().encode(rest).length <= MAX_TEXT_BYTES ? rest : '';
  return `${[note, kept, formatState(state)].filter((part) => part !== '').join('\n\n')}\n`;
}
