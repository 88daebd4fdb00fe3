import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeUtf8, readFileBytes } from './read-file.ts';

const KIB_64 = 64 * 1024;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'peak-read-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file of so many bytes, no two neighbours equal. */
function fileOf(size: number): { path: string; bytes: Buffer } {
  const bytes = Buffer.from(Array.from({ length: size }, (_, i) => i % 251));
  const path = join(folder, String(size));
  writeFileSync(path, bytes);
  return { path, bytes };
}

describe('readFileBytes', () => {
  test.each([0, 1, KIB_64 - 1, KIB_64, KIB_64 + 1, 3 * KIB_64])('reads %i bytes whole', (size) => {
    const { path, bytes } = fileOf(size);
    expect(readFileBytes(path, 10 * KIB_64)).toEqual({ bytes });
  });

  test('answers the size of a file over the limit, without reading it', () => {
    const path = join(folder, 'sparse');
    writeFileSync(path, '');
    truncateSync(path, 200 * 1024 * 1024);
    expect(readFileBytes(path, 1024 * 1024)).toEqual({ tooLarge: 200 * 1024 * 1024 });
  });

  test.each([
    [KIB_64, true],
    [KIB_64 + 1, false],
  ])('a file of %i bytes at a limit of 64 KiB is read: %s', (size, isRead) => {
    expect('bytes' in readFileBytes(fileOf(size).path, KIB_64)).toBe(isRead);
  });

  test('a smaller file is not mixed with a larger one that was read before', () => {
    const [large, small] = [fileOf(KIB_64 - 1), fileOf(5)];
    readFileBytes(large.path, KIB_64);
    expect(readFileBytes(small.path, KIB_64)).toEqual({ bytes: small.bytes });
  });

  test('does not follow links', () => {
    const { path } = fileOf(7);
    symlinkSync(path, join(folder, 'link'));
    expect(() => readFileBytes(join(folder, 'link'), KIB_64)).toThrow(/ELOOP/);
  });

  test('refuses a folder', () => {
    mkdirSync(join(folder, 'folder'));
    expect(() => readFileBytes(join(folder, 'folder'), KIB_64)).toThrow(/EISDIR/);
  });
});

describe('decodeUtf8', () => {
  test.each(['', 'text', 'ünï\u2028\u{1f600}\u0000', '\ufeffmark'])('%j is kept as it is', (text) => {
    expect(decodeUtf8(Buffer.from(text))).toBe(text);
  });

  test.each([
    ['a lone continuation byte', [0x80]],
    ['a cut sequence', [0xe2, 0x82]],
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00]],
  ])('%s is no text', (_, bytes) => {
    expect(decodeUtf8(Buffer.from(bytes))).toBeNull();
  });
});
