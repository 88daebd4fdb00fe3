import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quotePath } from './fast-import.ts';
import { isRefName } from './ref-name.ts';
import { decodePath, isTreePath, splitRecords } from './tree-path.ts';

test('quotePath is undone by C unquoting, and never leaves its line or its quotes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (path) => {
      const quoted = quotePath(path);
      expect(quoted).toMatch(/^"(?:[ !#-[\]-~]|\\[0-3][0-7]{2})*"$/);
      expect(unquote(quoted)).toEqual(Buffer.from(path));
    }),
  );
});

test('decodePath keeps UTF-8 and shows every other byte', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (path) => decodePath(Buffer.from(path)) === path));
  const shown = fc.property(fc.uint8Array(), (bytes) => !decodePath(Buffer.from(bytes)).includes('\uFFFD'));
  fc.assert(shown);
  expect(decodePath(Buffer.from([0x61, 0xe4, 0xb8, 0x62, 0xed, 0xa0, 0x80]))).toBe(
    'a\\xE4\\xB8b\\xED\\xA0\\x80',
  );
});

test('splitRecords gives back what was joined', () => {
  const record = fc.uint8Array({ minLength: 1, min: 1 });
  fc.assert(
    fc.property(fc.array(record), (records) => {
      const output = Buffer.concat(records.flatMap((bytes) => [Buffer.from(bytes), Buffer.of(0)]));
      expect(splitRecords(output).map((bytes) => [...bytes])).toEqual(records.map((bytes) => [...bytes]));
    }),
  );
});

test.each(['a', '.github/x', 'a/.gitignore', 'a/..b', 'a/b..', 'git~10', '.gitx', 'a/.git-b'])(
  'isTreePath accepts %j',
  (path) => expect(isTreePath(path)).toBe(true),
);

test.each(['.git', '.Git/x', 'x/.git.', 'x/.git ', 'x/.git::$INDEX', 'GIT~1', '.', 'a/..', '/'])(
  'isTreePath refuses %j',
  (path) => expect(isTreePath(path)).toBe(false),
);

test.each([
  'refs/heads/main',
  'refs/heads/peak/promotion/manual',
  'refs/tags/v1.0',
  'refs/heads/ü',
  'refs/heads/@',
])('isRefName accepts %j', (ref) => expect(isRefName(ref)).toBe(true));

test.each([
  'main',
  'refs/heads/',
  'refs/heads/-x',
  'refs/heads/a*',
  'refs/heads/a@{1}',
  'refs/heads/a.lock/b',
  'refs/heads/.a',
  'refs/heads/a.',
  'refs/heads/\ud800',
])('isRefName refuses %j', (ref) => expect(isRefName(ref)).toBe(false));

function unquote(quoted: string): Buffer {
  const text = quoted
    .slice(1, -1)
    .replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
  return Buffer.from(text, 'latin1');
}
