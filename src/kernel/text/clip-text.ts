/** A text of at most `most` UTF-16 units and an ellipsis where it was longer; no character is cut in two. */
export function clipText(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).replace(/[\ud800-\udbff]$/, '')}…`;
}
