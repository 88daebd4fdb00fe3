import { formatScalar } from '../../kernel/scalar.ts';
import { commentJson } from '../../kernel/text/comment-json.ts';
import { escapeMarkdown, markdownLineCode } from '../../kernel/text/escape-markdown.ts';
import { DeclinableValue } from '../state-schema.ts';
import { DeclinedChange } from './decline-schema.ts';

/** An operator's "no" to one change of a promotion, as the judge wrote it down. */
export interface DeclineRecord extends DeclinedChange {
  /** Id of the comment that said so. */
  readonly comment: number;
}

/** Ids of comments are safe integers; a target, a value and a login take far less than the rest. */
const FORM = /^<!-- peak:decline (\d{1,15}) (\{[^\r\n]*\}) -->$/;
const MAX_LINE = 6_000;

/** What every record of a "no" starts with, of this version or another. */
const START = '<!-- peak:decline ';

/** Whether a value can be refused alone: a long text cannot. */
export function canBeDeclined(value: unknown): boolean {
  return DeclinableValue.safeParse(value).success;
}

/**
 * The judge's own record of a "no", and its answer to the comment: it stands when that is deleted. The reason is text from outside.
 */
export function formatDeclineRecord({ comment, ...change }: DeclineRecord, reason: string): string {
  const { target, value, by } = change;
  const what = `${markdownLineCode(target)} = ${markdownLineCode(formatScalar(value))}`;
  return [
    `${START}${comment} ${commentJson(JSON.stringify(change))} -->`,
    `${escapeMarkdown(by)} declines ${what}. Until an operator writes \`/peak release\`, nothing is merged here that holds it. The publisher has been asked to rebuild without it, and not to propose it again for 14 days and before a newer experiment; look at the run of \`operator-command.yml\` if nothing happens within a few minutes.`,
    '',
    `Reason: ${escapeMarkdown(reason)}`,
    '',
  ].join('\n');
}

/**
 * What a record says, by its first line; `unknown` for one that this version cannot read, null for any other text. Counts in comments of the
 * judge's own account only.
 */
export function parseDeclineRecord(body: string): DeclineRecord | 'unknown' | null {
  if (!body.startsWith(START)) return null;
  const [line = ''] = body.slice(0, MAX_LINE).split(/\r?\n/, 1);
  const [, comment, json = ''] = FORM.exec(line) ?? [];
  try {
    const change = DeclinedChange.safeParse(JSON.parse(json));
    return comment === undefined || !change.success
      ? 'unknown'
      : { ...change.data, comment: Number(comment) };
  } catch {
    return 'unknown';
  }
}
