import { MAX_DECLINED_BYTES } from './state-schema.ts';

/**
 * GitHub refuses bodies over 65,536; whether characters or bytes is disputed (github-facts.md C.1), so bytes are counted, and
 * stay below this.
 */
export const MAX_BODY_BYTES = 60_000;

/** What people read takes this much at most; the rest is the state's, whose refused changes may grow later. */
export const MAX_TEXT_BYTES = MAX_BODY_BYTES - MAX_DECLINED_BYTES - 2_000;

/** A part of a body: blocks of which as many stand as there is room for. */
export interface BodyPart {
  readonly head: string;
  /** Between head and blocks. Default: an empty line. */
  readonly gap?: '\n' | undefined;
  readonly blocks: readonly string[];
  readonly separator: string;
  /** Room that it takes at most, so that what follows has some. Default: all that is left. */
  readonly mostBytes?: number | undefined;
  /** What stands in place of the last `left` blocks. */
  readonly pointer: (left: number) => string;
}

/** Room kept for one pointer and the space around it. */
const POINTER_BYTES = 1000;

/**
 * Joins parts under the limit: each takes what the ones before it left over, and says what it had to leave out. `ending` always
 * stands, whole.
 */
export function fitBody(parts: readonly BodyPart[], ending: string): string {
  const texts: string[] = [];
  let room = MAX_TEXT_BYTES;
  for (const [i, part] of parts.entries()) {
    const reserved = (parts.length - i) * POINTER_BYTES;
    const text = fitPart(part, Math.min(room - reserved, part.mostBytes ?? room));
    if (text === '') continue;
    texts.push(text);
    room -= bytesOf(text) + 2;
  }
  return `${[...texts, ending].join('\n\n')}\n`;
}

function fitPart({ head, gap, blocks, separator, pointer }: BodyPart, room: number): string {
  const kept: string[] = [];
  let left = room - bytesOf(head) - 2;
  for (const block of blocks) {
    left -= bytesOf(block) + separator.length;
    if (left < 0) break;
    kept.push(block);
  }
  const cut = blocks.length - kept.length;
  const body = [bytesOf(head) > room ? '' : head, kept.join(separator)]
    .filter((text) => text !== '')
    .join(gap ?? '\n\n');
  return [body, cut === 0 ? '' : pointer(cut)].filter((text) => text !== '').join('\n\n');
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
