/**
 * A reader of what GitHub makes of one line of Markdown, as far as escaped text needs it: it knows backslash escapes,
 * entities and code spans (CommonMark 0.31 §2.4, §2.5, §6.1; GFM §4.10, §6.9), and refuses everything else that would be
 * structure. So "nothing was left unescaped" is a fact about its input, not about the escaping function.
 */

/** Characters that can start inline structure when no backslash stands before them. */
const INLINE = new Set(['`', '*', '[', ']', '<', '>', '~', '$']);
/** An underscore inside a word is text (CommonMark §6.2, rules 2 and 4). */
const INTRAWORD = /^[\p{L}\p{N}]_[\p{L}\p{N}]$/u;
const ENTITY = /^&(?:amp|lt|gt|quot);/;
const ENTITY_TEXT: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
};
const BLOCK_START =
  /^ {0,3}(?:#{1,6}(?: |$)|>|[-+*](?: |$)|\d{1,9}[.)](?: |$)|`{3}|~{3}|=+ *$|-+ *$|(?:[-*_] *){3,}$)/;
/** What GitHub turns into links in rendered text, whatever was escaped before (github/cmark-gfm issue 181). */
const AUTOLINKS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['mention', /@[A-Za-z0-9]/],
  ['issue reference', /#\d/],
  ['issue reference', /\bGH-\d/i],
  ['link', /[a-z]:\/\//i],
  ['link', /\bwww\./i],
];
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]/u;

/** The text that a reader sees of escaped Markdown. Throws when any of it is structure, or becomes a link. */
export function readMarkdownLine(markdown: string): string {
  refuse(CONTROL.test(markdown), 'a control character or line break', markdown);
  refuse(BLOCK_START.test(markdown), 'the start of a block', markdown);
  let text = '';
  for (let i = 0; i < markdown.length; i += 1) {
    const char = markdown[i] as string;
    const entity = char === '&' ? ENTITY.exec(markdown.slice(i))?.[0] : undefined;
    if (char === '\\') {
      i += 1;
      refuse(!/[!-/:-@[-`{-~]/.test(markdown[i] ?? ''), 'a backslash that escapes nothing', markdown);
      text += markdown[i];
    } else if (entity !== undefined) {
      i += entity.length - 1;
      text += ENTITY_TEXT[entity];
    } else {
      const lone = char === '_' && !INTRAWORD.test(markdown.slice(Math.max(0, i - 1), i + 2));
      refuse(lone || char === '&' || char === '|' || INLINE.has(char), `an unescaped ${char}`, markdown);
      text += char;
    }
  }
  for (const [name, pattern] of AUTOLINKS) refuse(pattern.test(text), `a ${name}`, markdown);
  return text;
}

/** The text inside a Markdown line that is one code span and nothing else, with `\|` as a table cell reads it. Throws otherwise. */
export function readCodeSpan(markdown: string): string {
  refuse(CONTROL.test(markdown), 'a control character or line break', markdown);
  const fence = /^`+/.exec(markdown)?.[0] ?? '';
  refuse(fence === '', 'no code span', markdown);
  const runs = [...markdown.matchAll(/`+/g)].filter((run) => run[0].length === fence.length);
  const closing = runs[1];
  refuse(runs.length !== 2 || closing === undefined, 'a code span that ends elsewhere', markdown);
  refuse((closing?.index ?? 0) + fence.length !== markdown.length, 'text after the code span', markdown);
  const inner = markdown.slice(fence.length, -fence.length);
  refuse(/(?<!\\)\|/.test(inner), 'a cell that ends inside the code span', markdown);
  const padded = inner.startsWith(' ') && inner.endsWith(' ') && inner.trim() !== '';
  return (padded ? inner.slice(1, -1) : inner).replaceAll('\\|', '|');
}

/** The cells of a table row, as GitHub splits it: a pipe after a backslash is text. */
export function readTableRow(line: string): readonly string[] {
  refuse(!line.startsWith('| ') || !line.endsWith(' |'), 'no table row', line);
  return line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

function refuse(broken: boolean, what: string, markdown: string): void {
  if (broken) throw new Error(`${what} in ${JSON.stringify(markdown.slice(0, 120))}`);
}
