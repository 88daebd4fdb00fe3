/** The comment that a pull request of the publisher's was asked for in. */
export interface AskingComment {
  /** Number of the pull request that it stands below. */
  readonly pull: number;
  /** GitHub's id of the comment. */
  readonly comment: number;
}

const MARKER = /^<!-- peak:asked-by ([1-9]\d{0,8})\/([1-9]\d{0,15}) -->$/m;

/** `12/345`, as `--asked-by` takes it; null for anything else. */
export function parseAskingComment(text: string): AskingComment | null {
  const [, pull, comment] = /^([1-9]\d{0,8})\/([1-9]\d{0,15})$/.exec(text) ?? [];
  return toComment(pull, comment);
}

/** The same as an argument. */
export function formatAskingComment({ pull, comment }: AskingComment): string {
  return `${pull}/${comment}`;
}

/** The line of a body that GitHub does not show. Anybody can write it: it says where to look, and proves nothing. */
export function formatAskedBy(asked: AskingComment): string {
  return `<!-- peak:asked-by ${formatAskingComment(asked)} -->`;
}

/** The first such line of a body; null for none. */
export function parseAskedBy(body: string): AskingComment | null {
  const [, pull, comment] = MARKER.exec(body.replaceAll('\r\n', '\n')) ?? [];
  return toComment(pull, comment);
}

function toComment(pull: string | undefined, comment: string | undefined): AskingComment | null {
  const found = { pull: Number(pull), comment: Number(comment) };
  return pull !== undefined && Number.isSafeInteger(found.comment) ? found : null;
}
