/**
 * Which of the judge's own comments this is. `explain`: an explanation of a pull request; `reply`: the answer
 * to the comment with that id. Anybody can copy a marker: it means something in a comment of the judge's own account only.
 */
export type CommentMarker =
  | { readonly kind: 'explain' }
  | { readonly kind: 'reply'; readonly comment: number };

/** The marker as a first line that GitHub does not show. */
export function formatMarker(marker: CommentMarker): string {
  return `<!-- peak:${marker.kind === 'explain' ? 'explain' : `reply ${marker.comment}`} -->`;
}

/** The marker of a comment's body: its whole first line; null for any other text. */
export function parseMarker(body: string): CommentMarker | null {
  const [line = ''] = body.slice(0, 100).split(/\r?\n/, 1);
  if (line === '<!-- peak:explain -->') return { kind: 'explain' };
  const [, digits] = /^<!-- peak:reply ([1-9]\d{0,15}) -->$/.exec(line) ?? [];
  const comment = Number(digits);
  return digits !== undefined && Number.isSafeInteger(comment) ? { kind: 'reply', comment } : null;
}
