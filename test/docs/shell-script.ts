/**
 * Commands that a test cannot run in a copy, or that are tested elsewhere. They are left out of a block, part by part of an
 * `&&` chain.
 */
const EXEMPT: readonly RegExp[] = [
  /^npm ci\b/,
  /^npm run /,
  /^npm test\b/,
  /^git clone /,
  /^cd peak-trade-gitops$/,
];
const EXIT_COMMENT = /\s#.*\bexit (\d+)\b/;
const HERE_DOCUMENT = /<<-?\s*(["']?)(\w+)\1/;

/** A block as a script: exempt commands are left out, and an exit code in a comment is what the command has to end with. */
export function toScript(text: string): string {
  return splitCommands(text)
    .map(([first = '', ...rest]) => expectExit([withoutExempt(first), ...rest].join('\n')))
    .join('\n');
}

/** Commands as lines: one, or several where a line ends in a backslash or starts a here-document. */
function splitCommands(text: string): readonly (readonly string[])[] {
  const commands: string[][] = [];
  let open = false;
  let end: RegExp | null = null;
  for (const line of text.trimEnd().split('\n')) {
    if (open) commands.at(-1)?.push(line);
    else commands.push([line]);
    const word: string | undefined = end === null ? HERE_DOCUMENT.exec(line)?.[2] : undefined;
    if (word !== undefined) end = new RegExp(`^\\t*${word}$`);
    open = word !== undefined || (end === null ? line.endsWith('\\') : !end.test(line));
    if (!open) end = null;
  }
  return commands;
}

function withoutExempt(line: string): string {
  return line
    .split(' && ')
    .filter((part) => !EXEMPT.some((pattern) => pattern.test(part.trim())))
    .join(' && ');
}

function expectExit(command: string): string {
  const code = EXIT_COMMENT.exec(command)?.[1];
  if (code === undefined) return command;
  return `set +e\n${command}\nended=$?\nset -e\nif [ $ended -ne ${code} ]; then echo "ended with $ended, not with ${code}"; exit 99; fi`;
}
