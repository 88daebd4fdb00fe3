/** `peak signal import`: an artifact of a job that anybody may have filled can add new evidence files, and nothing else. */
import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Answer, answerOf } from '../support/cli/answer.ts';
import { type GovernedFolder, governedFolder, temporaryFolder } from '../support/cli/governed-folder.ts';
import { runHere } from '../support/cli/run-here.ts';

const EVIDENCE = 'reports/learning_snippets';
const STANDING = 'operations-2026-11-19.jsonl';
const MIB = 1024 * 1024;

/** What an artifact holds: path → text, or how to make it. */
type Content = Readonly<Record<string, string | Uint8Array | ((path: string) => void)>>;

function artifactOf(content: Content): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(content)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    if (typeof text === 'function') text(path);
    else writeFileSync(path, text);
  }
  return folder;
}

interface Outcome extends Answer {
  readonly imported?: readonly string[];
  readonly already?: readonly string[];
}

async function importInto(folder: GovernedFolder, artifact: string, ...args: string[]) {
  const run = await runHere(folder, ['signal', 'import', artifact, '--json', ...args]);
  return { exitCode: run.exitCode, answer: answerOf<Outcome>(run) };
}

/** Imports into a fresh folder; it must be refused with these codes and files, and nothing may have changed. */
async function refusals(artifact: string): Promise<readonly string[]> {
  const folder = governedFolder();
  const before = folder.snapshot();
  const { exitCode, answer } = await importInto(folder, artifact);
  expect(exitCode).toBe(2);
  expect(folder.snapshot()).toEqual(before);
  return answer.problems.map(({ code, file }) => (file === undefined ? code : `${code} ${file}`)).sort();
}

const GOOD = '{"target": "portfolio.leverage", "new_value": 1.2}\n';
const sized = (bytes: number) => (path: string) => {
  writeFileSync(path, '');
  truncateSync(path, bytes);
};
const linkTo = (target: string) => (path: string) => symlinkSync(target, path);

describe('an honest artifact', () => {
  test('adds its files, byte for byte, and none that is there already', async () => {
    const folder = governedFolder();
    const standing = folder.read(`${EVIDENCE}/${STANDING}`);
    const artifact = artifactOf({
      'a.json': GOOD,
      'night/b_2.jsonl': '\ufeff{"x": "\r\n',
      [STANDING]: standing,
    });
    const { exitCode, answer } = await importInto(folder, artifact);
    expect({ exitCode, ...answer }).toMatchObject({
      exitCode: 0,
      imported: [`${EVIDENCE}/a.json`, `${EVIDENCE}/night/b_2.jsonl`],
      already: [`${EVIDENCE}/${STANDING}`],
    });
    expect(folder.read(`${EVIDENCE}/a.json`)).toBe(GOOD);
    expect(folder.read(`${EVIDENCE}/night/b_2.jsonl`)).toBe('\ufeff{"x": "\r\n');
  });

  test('twice adds nothing the second time', async () => {
    const folder = governedFolder();
    const artifact = artifactOf({ 'a.json': GOOD });
    await importInto(folder, artifact);
    const before = folder.snapshot();
    expect((await importInto(folder, artifact)).answer).toMatchObject({ imported: [], ok: true });
    expect(folder.snapshot()).toEqual(before);
  });

  test('writes nothing with --dry-run', async () => {
    const folder = governedFolder();
    const before = folder.snapshot();
    const { answer } = await importInto(folder, artifactOf({ 'a.json': GOOD }), '--dry-run');
    expect(answer.imported).toEqual([`${EVIDENCE}/a.json`]);
    expect(folder.snapshot()).toEqual(before);
  });

  test('may be empty', async () => {
    expect(await importInto(governedFolder(), temporaryFolder())).toMatchObject({ exitCode: 0 });
  });

  test('has at most 1000 entries', async () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`${i}.json`, GOOD]));
    const { answer } = await importInto(governedFolder(), artifactOf(many));
    expect(answer.imported).toHaveLength(1000);
  });
});

describe('what is not what it seems', () => {
  test('links to files and folders are refused, and so is all that came with them', async () => {
    const artifact = artifactOf({
      'a.json': GOOD,
      'link.json': linkTo('/etc/passwd'),
      'dangling.json': linkTo('nowhere'),
      folder: linkTo('/etc'),
    });
    expect(await refusals(artifact)).toEqual(
      ['dangling.json', 'folder', 'link.json'].map((path) => `LINK_REFUSED ${path}`),
    );
  });

  test('an artifact that is itself a link or a file is none', async () => {
    const artifact = artifactOf({ 'real/a.json': GOOD, link: linkTo('real') });
    expect(await refusals(join(artifact, 'link'))).toEqual([`ARGUMENT_INVALID ${join(artifact, 'link')}`]);
    expect(await refusals(join(artifact, 'real/a.json'))).toHaveLength(1);
    expect(await refusals(join(artifact, 'missing'))).toHaveLength(1);
  });

  test('a pipe would make a reader wait for ever', async () => {
    const artifact = artifactOf({ 'a.json': (path) => void spawnSync('mkfifo', [path]) });
    expect(await refusals(artifact)).toEqual(['NOT_A_FILE a.json']);
  });

  test('a hard link is a file, and its bytes are copied', async () => {
    const folder = governedFolder();
    const artifact = artifactOf({ 'a.json': GOOD });
    linkSync(join(artifact, 'a.json'), join(artifact, 'b.json'));
    await importInto(folder, artifact);
    folder.write(`${EVIDENCE}/a.json`, 'changed');
    expect(folder.read(`${EVIDENCE}/b.json`)).toBe(GOOD);
  });

  test('bytes that are not UTF-8 are refused', async () => {
    expect(await refusals(artifactOf({ 'a.json': Buffer.from([0x22, 0xff, 0x22]) }))).toEqual([
      'UTF8_INVALID a.json',
    ]);
  });
});

describe('names', () => {
  test.each([
    '..json',
    '.hidden.json',
    '.git/config.json',
    'a/.git/x.json',
    '-rf.json',
    'a b.json',
    'a\nb.json',
    'a\u202ejson.json',
    'ünïcode.json',
    'a\\..\\..\\config.json',
    'C:x.json',
    '%2e%2e.json',
    'promotion.toml',
    'a.json.sh',
    'a.JSON',
    'a',
    'con.json',
    'LPT1.jsonl',
    'nul/a.json',
    'dot.ted/a.json',
    'a/b/c/d/e/f.json',
    `${'n'.repeat(160)}.json`,
    '::error::.json',
  ])('%j is refused', async (name) => {
    expect(await refusals(artifactOf({ [name]: GOOD }))).toEqual([`IMPORT_NAME ${name}`]);
  });

  test('that are no UTF-8 lead to no file, and are refused', async () => {
    const artifact = artifactOf({});
    writeFileSync(
      Buffer.concat([Buffer.from(`${artifact}/a`), Buffer.from([0xff]), Buffer.from('.json')]),
      '',
    );
    expect((await refusals(artifact)).map((found) => found.split(' ')[0])).toEqual(['NOT_A_FILE']);
  });

  test('that differ by case only are refused, among themselves and from what is there', async () => {
    expect(await refusals(artifactOf({ 'A.json': GOOD, 'a.json': GOOD }))).toEqual(['IMPORT_TWIN a.json']);
    expect(await refusals(artifactOf({ 'Night/a.json': GOOD, 'night/b.json': GOOD }))).toEqual([
      'IMPORT_TWIN night',
    ]);
    expect(
      await refusals(artifactOf({ [STANDING.toUpperCase().replace('.JSONL', '.jsonl')]: GOOD })),
    ).toEqual([`IMPORT_TWIN ${EVIDENCE}/OPERATIONS-2026-11-19.jsonl`]);
  });
});

describe('what is there', () => {
  test('is never overwritten, and all that came with the attempt is refused', async () => {
    const artifact = artifactOf({ [STANDING]: GOOD, 'a.json': GOOD });
    expect(await refusals(artifact)).toEqual([`SIGNAL_EXISTS ${EVIDENCE}/${STANDING}`]);
  });

  test('is not reached through a link in the evidence folder', async () => {
    const folder = governedFolder();
    const outside = temporaryFolder();
    symlinkSync(outside, folder.path(`${EVIDENCE}/night`));
    const run = await runHere(folder, ['signal', 'import', artifactOf({ 'night/a.json': GOOD })]);
    expect(run.exitCode).toBe(3);
    expect(spawnSync('ls', ['-A', outside], { encoding: 'utf8' }).stdout).toBe('');
  });
});

describe('too much', () => {
  test('of one file is refused without reading it', async () => {
    const started = performance.now();
    expect(await refusals(artifactOf({ 'a.json': sized(200 * MIB) }))).toEqual([
      'IMPORT_LIMIT',
      'IMPORT_LIMIT a.json',
    ]);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('in all is refused', async () => {
    const files = { 'a.json': sized(6 * MIB), 'b.json': sized(6 * MIB), 'c.json': sized(6 * MIB) };
    expect(await refusals(artifactOf(files))).toEqual(['IMPORT_LIMIT']);
  });

  test.each([
    ['files', (i: number) => `${i}.json`, GOOD],
    ['empty folders', (i: number) => `${i}/x`, (path: string) => void mkdirSync(path)],
  ])('%s are refused', async (_, nameOf, content) => {
    const many = Object.fromEntries(Array.from({ length: 3000 }, (_unused, i) => [nameOf(i), content]));
    expect(await refusals(artifactOf(many))).toEqual(['IMPORT_LIMIT']);
  });
});
