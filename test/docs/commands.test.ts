import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { DocumentShell } from './document-shell.ts';
import { type CodeBlock, listCodeBlocks, listDocuments, readDocument } from './markdown.ts';
import { toScript } from './shell-script.ts';
import { matchesOutput } from './shown-output.ts';

const DOCUMENTS = listDocuments(['README.md', 'docs', 'examples/session/README.md']).filter(
  (path) => !path.startsWith('docs/adr/'),
);
/** Every language a block may have: a shell under another name would not be run. */
const LANGUAGES = ['bash', 'sh', 'text', 'text output', 'toml', 'json', 'ts', 'python'];
const HAS_PYTHON = spawnSync('python3', ['--version']).status === 0;

const isShell = ({ info }: CodeBlock): boolean => info === 'bash' || info === 'sh';
const isRun = (block: CodeBlock): boolean => isShell(block) || block.info === 'ts';
const isOutput = ({ info }: CodeBlock): boolean => info === 'text output';
const blocksOf = (document: string): readonly CodeBlock[] => listCodeBlocks(readDocument(document));

/** Runs a document from its first block to its last. What does not go as the document says is told with its line. */
async function findLies(document: string): Promise<readonly string[]> {
  const shell = new DocumentShell();
  await shell.commit();
  const blocks = blocksOf(document);
  for (const [i, block] of blocks.entries()) {
    if (!isRun(block)) continue;
    const { exitCode, output } = await shell.run(block);
    const place = `${document}:${block.line}`;
    if (exitCode !== 0) return [`${place}: ended with exit code ${exitCode}\n${block.text}---\n${output}`];
    const shown = blocks[i + 1];
    if (shown !== undefined && isOutput(shown) && shown.follows && !matchesOutput(shown.text, output))
      return [`${document}:${shown.line}: the output is another one\n${output}`];
  }
  return [];
}

describe('commands', () => {
  const withCommands = DOCUMENTS.filter((document) => blocksOf(document).some(isRun));

  it.each(withCommands)('of %s do what it says', { timeout: 120_000 }, async (document) => {
    const needsPython = blocksOf(document).some((block) => isShell(block) && block.text.includes('python3'));
    if (needsPython && !HAS_PYTHON) return;
    expect(await findLies(document)).toEqual([]);
  });

  it('are found in the documents that have them', () => {
    expect(withCommands).toEqual(
      expect.arrayContaining(['README.md', 'docs/quickstart.md', 'docs/rollback.md']),
    );
  });

  it.each(DOCUMENTS)('of %s stand in blocks that are run, and outputs follow them', (document) => {
    const blocks = blocksOf(document);
    expect(blocks.filter(({ info }) => !LANGUAGES.includes(info))).toEqual([]);
    const orphans = blocks.filter((block, i) => {
      const before = blocks[i - 1];
      return isOutput(block) && !(block.follows && before !== undefined && isRun(before));
    });
    expect(orphans).toEqual([]);
  });
});

describe('DocumentShell', () => {
  const block = (text: string): CodeBlock => ({ info: 'bash', line: 1, text, follows: false });

  it('notices a command that ends otherwise than the block says', async () => {
    const shell = new DocumentShell();
    expect(await shell.run(block('true\nfalse\ntrue\n'))).toMatchObject({ exitCode: 1 });
    expect(await shell.run(block('true # exit 1\n'))).toMatchObject({ exitCode: 99 });
    expect(await shell.run(block('npx peak config get nothing # exit 1\n'))).toMatchObject({ exitCode: 0 });
    expect(await shell.run(block('npx peak config get nothing | cat\n'))).toMatchObject({ exitCode: 1 });
  });

  it('keeps folder and variables from one block to the next', async () => {
    const shell = new DocumentShell();
    await shell.run(block('cd config\nexport WHERE=here\n'));
    expect(await shell.run(block('ls promotion.toml\necho "$WHERE"\n'))).toEqual({
      exitCode: 0,
      output: 'promotion.toml\nhere\n',
    });
  });
});

describe('toScript', () => {
  it('leaves out exempt commands and keeps the rest of their line', () => {
    expect(toScript('npm ci && npm run demo\nnpm ci && npx peak status\n')).toBe('\nnpx peak status');
  });

  it('demands the exit code of a comment', () => {
    expect(toScript('npx peak cycle  # exit 2\n')).toContain('-ne 2 ]');
  });

  it('asks for the exit code behind a here-document, and behind continued lines', () => {
    expect(toScript("cat <<'END' # exit 1\nbody\nEND\ntrue\n")).toMatch(
      /^set \+e\ncat .*\nbody\nEND\nended=\$\?\n/,
    );
    expect(toScript('false \\\n  x # exit 1\n')).toMatch(/^set \+e\nfalse \\\n {2}x # exit 1\nended=\$\?\n/);
  });
});

describe('matchesOutput', () => {
  it.each([
    ['a\nb\n', 'a\nb\n', true],
    ['a\nb\n', 'a\nb\nc\n', false],
    ['a\n…\n', 'a\nb\nc\n', true],
    ['…\nc\n', 'a\nb\nc\n', true],
    ['a\n…\nc\n', 'a\nb\nc\n', true],
    ['a\n…\nc\n', 'a\nc\nb\n', false],
    ['a\n…\nb\n…\nd\n', 'a\nb\nc\nd\n', true],
    ['a\n…\nc\n…\nb\n', 'a\nb\nc\n', false],
    ['b\n…\n', 'a\nb\n', false],
    ['a\n…\na\n', 'a\n', false],
    ['id … (x)\n', 'id 12 (x)\n', true],
    ['id … (x)\n', 'id 12 (y)\n', false],
  ])('of %j and %j is right', (shown, output, matches) => {
    expect(matchesOutput(shown, output)).toBe(matches);
  });
});
