import { escapeMarkdown } from '../../kernel/text/escape-markdown.ts';

/** What stops a promotion, or lets it go on. */
export type HoldWord = 'hold' | 'release';

const FORM = /^<!-- peak:(hold|release) -->$/;

/** The judge's own record of a hold or release: it stands when the command's comment is deleted. `by` is an account's login. */
export function formatHoldRecord(word: HoldWord, by: string): string {
  const said =
    word === 'hold'
      ? 'holds this promotion. It cannot be merged until an operator writes `/peak release`.'
      : 'has released this promotion. It is judged again.';
  return `<!-- peak:${word} -->\n${escapeMarkdown(by)} ${said}\n`;
}

/** The word of a record: its whole first line; null for any other text. Counts in comments of the judge's own account only. */
export function parseHoldRecord(body: string): HoldWord | null {
  const [line = ''] = body.slice(0, 100).split(/\r?\n/, 1);
  return (FORM.exec(line)?.[1] as HoldWord | undefined) ?? null;
}
