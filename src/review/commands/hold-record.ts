import { escapeMarkdown } from '../../kernel/text/escape-markdown.ts';

/** What stops a promotion, or lets it go on. */
export type HoldWord = 'hold' | 'release';

/** What an operator said, as the judge wrote it down. */
export interface HoldRecord {
  readonly word: HoldWord;
  /** Id of the comment that said so; null for a button. */
  readonly comment: number | null;
}

/** Ids of comments are safe integers. */
const FORM = /^<!-- peak:(hold|release)(?: (\d{1,15}))? -->$/;

/** The judge's own record of a hold or release: it stands when the command's comment is deleted. `by` is an account's login. */
export function formatHoldRecord({ word, comment }: HoldRecord, by: string): string {
  const said =
    word === 'hold'
      ? 'holds this promotion. It cannot be merged until an operator writes `/peak release`.'
      : 'has released this promotion. It is judged again.';
  const asked = comment === null ? '' : ` ${comment}`;
  return `<!-- peak:${word}${asked} -->\n${escapeMarkdown(by)} ${said}\n`;
}

/** What a record says: its whole first line; null for any other text. Counts in comments of the judge's own account only. */
export function parseHoldRecord(body: string): HoldRecord | null {
  const [line = ''] = body.slice(0, 100).split(/\r?\n/, 1);
  const [, word, comment] = FORM.exec(line) ?? [];
  return word === undefined
    ? null
    : { word: word as HoldWord, comment: comment === undefined ? null : Number(comment) };
}
