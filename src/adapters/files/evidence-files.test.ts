import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NOW } from '../../../test/support/builders/at.ts';
import { EVIDENCE_PATH } from '../../kernel/governed-paths.ts';
import { Evidence } from '../../learning/index.ts';
import { readEvidenceFiles } from './evidence-files.ts';

const MIB = 1024 * 1024;
const CHUNK = MIB;
const MAX_LINE = 8 * MIB;

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'peak-evidence-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(name: string, content: string | Uint8Array): void {
  const path = join(root, EVIDENCE_PATH, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function read(): Evidence {
  const evidence = new Evidence(NOW);
  readEvidenceFiles(root, evidence);
  return evidence;
}

/** A patch as a line of exactly this many bytes, line break not counted; or as short as it can be. */
function line(target: string, bytes = 0): string {
  const text = `{"target": "${target}", "new_value": 1, "confidence_score": 0.9, "pad": ""}`;
  return text.replace('"pad": ""', `"pad": "${'x'.repeat(Math.max(0, bytes - text.length))}"`);
}

/** `target@line` of everything that was read, in order of line. */
function linesOf({ table }: Evidence): readonly string[] {
  return table
    .targets()
    .flatMap((target) => [...table.rowsOf(target)].map((row) => ({ target, at: row.line })))
    .sort((a, b) => a.at - b.at)
    .map(({ target, at }) => `${target}@${at}`);
}

function problemsOf({ problems }: Evidence): readonly string[] {
  return problems.map(
    ({ code, file, line: at }) =>
      `${code} ${file?.slice(EVIDENCE_PATH.length + 1)}${at === undefined ? '' : `:${at}`}`,
  );
}

describe('readEvidenceFiles', () => {
  test('reads nothing where there is no folder', () => {
    const evidence = read();
    expect([evidence.table.files, evidence.problems]).toEqual([[], []]);
  });

  test('reads in order of path, whatever the order of folders and creation', () => {
    for (const name of ['b.json', 'a/z.json', 'a.json', 'a-b.json', 'B.json', 'a/b/c.jsonl'])
      put(name, line('a.b'));
    expect(read().table.files.map((path) => path.slice(EVIDENCE_PATH.length + 1))).toEqual([
      'B.json',
      'a-b.json',
      'a.json',
      'a/b/c.jsonl',
      'a/z.json',
      'b.json',
    ]);
  });

  test('leaves out hidden files and folders, and other endings', () => {
    for (const name of [
      '.a.json',
      '.peak-tmp-1-a.json',
      '.git/a.json',
      'a.json.bak',
      'a.txt',
      'json',
      'a.JSON',
    ])
      put(name, line('a.b'));
    expect(read().table.files).toEqual([]);
  });

  test('reports links, also those in a subfolder, and follows none', () => {
    put('real/a.json', line('a.b'));
    symlinkSync('real', join(root, EVIDENCE_PATH, 'folder'));
    symlinkSync('a.json', join(root, EVIDENCE_PATH, 'real/link.json'));
    const evidence = read();
    expect(problemsOf(evidence).toSorted()).toEqual(['LINK_REFUSED folder', 'LINK_REFUSED real/link.json']);
    expect(linesOf(evidence)).toEqual(['a.b@1']);
  });

  test('reports the evidence folder itself when it is a link', () => {
    put('a.json', line('a.b'));
    const other = join(root, 'governed');
    mkdirSync(join(other, dirname(EVIDENCE_PATH)), { recursive: true });
    symlinkSync(join(root, EVIDENCE_PATH), join(other, EVIDENCE_PATH));
    const evidence = new Evidence(NOW);
    readEvidenceFiles(other, evidence);
    expect(evidence.problems.map(({ code }) => code)).toEqual(['LINK_REFUSED']);
    expect(evidence.table.size).toBe(0);
  });

  test('tells how far it has come, and the end', () => {
    for (let i = 0; i < 3; i += 1) put(`${i}.json`, line('a.b'));
    const seen: string[] = [];
    readEvidenceFiles(root, new Evidence(NOW), (done, total) => seen.push(`${done}/${total}`));
    expect(seen).toEqual(['0/3', '3/3']);
  });

  test('keeps the digest of each file as its bytes are', () => {
    const contents = { 'a.json': line('a.b'), 'b.jsonl': `${line('a.b')}\r\n${line('a.b')}`, 'c.jsonl': '' };
    for (const [name, content] of Object.entries(contents)) put(name, content);
    expect(read().table.digests).toEqual(
      Object.values(contents).map((content) => createHash('sha256').update(content).digest('hex')),
    );
  });
});

describe('JSON Lines', () => {
  test.each([-2, -1, 0, 1, 2])('a line that ends %i bytes from the end of a chunk is read once', (offset) => {
    put('a.jsonl', `${line('a.first', CHUNK + offset - 1)}\n${line('a.second')}\n${line('a.third')}`);
    const evidence = read();
    expect(evidence.problems).toEqual([]);
    expect(linesOf(evidence)).toEqual(['a.first@1', 'a.second@2', 'a.third@3']);
  });

  test('a character of several bytes over the edge of a chunk is read whole', () => {
    for (const shift of [0, 1, 2, 3]) {
      const start = `{"note": "${'x'.repeat(CHUNK - 12 + shift)}\u{1f600}\u{1f600}", `;
      put(`${shift}.jsonl`, `${start}"target": "a.b", "new_value": 1}\n${line('a.c')}\n`);
    }
    const evidence = read();
    expect(evidence.problems).toEqual([]);
    expect(evidence.table.size).toBe(8);
  });

  test('CRLF over the edge of a chunk ends a line', () => {
    put('a.jsonl', `${line('a.first', CHUNK - 1)}\r\n${line('a.second')}\r\n`);
    const evidence = read();
    expect(evidence.problems).toEqual([]);
    expect(linesOf(evidence)).toEqual(['a.first@1', 'a.second@2']);
  });

  test('a line over several chunks is read, up to the limit', () => {
    put('a.jsonl', `${line('a.first')}\n${line('a.long', 5 * CHUNK + 7)}\n${line('a.last')}`);
    const evidence = read();
    expect(evidence.problems).toEqual([]);
    expect(linesOf(evidence)).toEqual(['a.first@1', 'a.long@2', 'a.last@3']);
  });

  test('a line over the limit is reported once, and the numbers behind it are right', () => {
    put(
      'a.jsonl',
      `${line('a.first')}\n${line('a.long', MAX_LINE + 2 * CHUNK)}\n${line('a.third')}\n${'x'}\n${line('a.fifth')}`,
    );
    const evidence = read();
    expect(problemsOf(evidence)).toEqual(['LINE_TOO_LONG a.jsonl:2', 'JSON_INVALID a.jsonl:4']);
    expect(linesOf(evidence)).toEqual(['a.first@1', 'a.third@3', 'a.fifth@5']);
  });

  test('several lines over the limit are reported each, also the last', () => {
    const long = 'x'.repeat(MAX_LINE + CHUNK);
    put('a.jsonl', `${long}\n${line('a.second')}\n${long}`);
    const evidence = read();
    expect(problemsOf(evidence)).toEqual(['LINE_TOO_LONG a.jsonl:1', 'LINE_TOO_LONG a.jsonl:3']);
    expect(linesOf(evidence)).toEqual(['a.second@2']);
  });

  test('lines that are not UTF-8 are reported each, and the numbers behind them are right', () => {
    const bad = Buffer.from([0x22, 0xff, 0x22, 0x0a]);
    put(
      'a.jsonl',
      Buffer.concat([bad, Buffer.from(`${line('a.second')}\n\n`), bad, Buffer.from(line('a.fifth'))]),
    );
    const evidence = read();
    expect(problemsOf(evidence)).toEqual(['UTF8_INVALID a.jsonl:1', 'UTF8_INVALID a.jsonl:4']);
    expect(linesOf(evidence)).toEqual(['a.second@2', 'a.fifth@5']);
  });

  test('other line separators of Unicode end no line', () => {
    put('a.jsonl', `{"note": "a\u2028b\u2029c\u0085d", "target": "a.b", "new_value": 1}\n`);
    expect(linesOf(read())).toEqual(['a.b@1']);
  });
});
