/**
 * JSON text in ASCII: the same data for every reader, and nothing in it that a terminal would obey or that looks like
 * something else to a person. Takes what `JSON.stringify` gives.
 */
export function asciiJson(text: string): string {
  return text.replaceAll(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
