import { formatInstant } from '../kernel/instant.ts';
import { escapeMarkdown, markdownCode } from '../kernel/text/escape-markdown.ts';
import { type Deviation, describeDeviation } from './deviation.ts';

/** A deviation, and who its commit says it is by. */
type ToldDeviation = Deviation & { readonly author: string };

/** Rows of the table; an issue's body has 65,536 characters (github-facts.md C.1). */
const MAX_ROWS = 50;

/** What the one issue about deviations says. Pure: the same deviations give the same bytes, so that nothing new writes nothing. */
export function buildAuditIssue(deviations: readonly ToldDeviation[]): { title: string; body: string } {
  const rows = deviations.slice(0, MAX_ROWS).map((deviation) => {
    const { commit, time, author, code } = deviation;
    const { message, help } = describeDeviation(deviation);
    const cells = [
      markdownCode(commit.slice(0, 12)),
      formatInstant(time),
      escapeMarkdown(author.slice(0, 100)),
      `${escapeMarkdown(message.slice(0, 300))} (${markdownCode(code)})`,
      escapeMarkdown(help),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const more = deviations.length - rows.length;
  return {
    title: 'The base branch holds what nothing explains',
    body: [
      'Each state of the governed files has to come from a promotion, a rollback or a change that was judged and merged while its verdict held.',
      'These do not. Authors are what the commits say, and prove nothing.',
      '',
      '| Commit | Time | Author | What | To do |',
      '| --- | --- | --- | --- | --- |',
      ...rows,
      ...(more > 0 ? ['', `${more} more: run \`npx peak audit\` in a full clone.`] : []),
      '',
      '`npx peak audit` tells all of it, with the files. Operators acknowledge a deviation with `reports/audit/<commit>.json` (docs/operations.md);',
      'close this issue then.',
      '',
    ].join('\n'),
  };
}
