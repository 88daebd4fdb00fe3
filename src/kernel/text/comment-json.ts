import { asciiJson } from './ascii-json.ts';

/**
 * JSON text that can stand in an HTML comment: ASCII in one line, and nothing in it ends a comment or starts another one. Takes what
 * `JSON.stringify` gives; the sign of a number stays.
 */
export function commentJson(text: string): string {
  return asciiJson(text).replaceAll(
    /[<>&]|-(?!\d)/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
