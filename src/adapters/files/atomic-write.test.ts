import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../kernel/app-error.ts';
import {
  removeUnfinished,
  UNFINISHED_PREFIX,
  writeFileAtomically,
  writeFolderAtomically,
} from './atomic-write.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'peak-atomic-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (...names: string[]): string => join(folder, ...names);

/** The closed code of what a call throws; anything but an AppError fails. */
function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    return (error as AppError).code;
  }
  return 'nothing was thrown';
}

describe('writeFileAtomically', () => {
  test('creates the file and the folders above it', () => {
    writeFileAtomically(at('a', 'b', 'file'), 'text');
    expect(readFileSync(at('a', 'b', 'file'), 'utf8')).toBe('text');
    expect(readdirSync(at('a', 'b'))).toEqual(['file']);
  });

  test.each(['', 'x', 'ünï\u2028\u{1f600}', 'x'.repeat(3_000_000)])(
    'replaces the whole text (%#)',
    (text) => {
      writeFileSync(at('file'), 'before, and longer than some');
      writeFileAtomically(at('file'), text);
      expect(readFileSync(at('file'), 'utf8')).toBe(text);
      expect(readdirSync(folder)).toEqual(['file']);
    },
  );

  test('refuses a link and leaves what it leads to', () => {
    writeFileSync(at('real'), 'kept');
    symlinkSync('real', at('link'));
    expect(codeOf(() => writeFileAtomically(at('link'), 'new'))).toBe('FILE_SYSTEM');
    expect(readlinkSync(at('link'))).toBe('real');
    expect(readFileSync(at('real'), 'utf8')).toBe('kept');
    expect(readdirSync(folder).sort()).toEqual(['link', 'real']);
  });

  test('fails on a folder of that name, and leaves nothing behind', () => {
    mkdirSync(at('file', 'inner'), { recursive: true });
    expect(codeOf(() => writeFileAtomically(at('file'), 'new'))).toBe('FILE_SYSTEM');
    expect(readdirSync(folder)).toEqual(['file']);
    expect(readdirSync(at('file'))).toEqual(['inner']);
  });

  test('fails below a file, and leaves it', () => {
    writeFileSync(at('file'), 'kept');
    expect(codeOf(() => writeFileAtomically(at('file', 'inner'), 'new'))).toBe('FILE_SYSTEM');
    expect(readFileSync(at('file'), 'utf8')).toBe('kept');
  });

  test('fails on a name that is too long, and leaves nothing behind', () => {
    expect(codeOf(() => writeFileAtomically(at('n'.repeat(300)), 'new'))).toBe('FILE_SYSTEM');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('writeFolderAtomically', () => {
  const files = new Map([
    ['one', '1'],
    ['two', '2'],
  ]);

  test('makes the folder with all its files', () => {
    expect(writeFolderAtomically(at('a', 'new'), files)).toBe(true);
    expect(readdirSync(at('a'))).toEqual(['new']);
    expect(readdirSync(at('a', 'new'))).toEqual(['one', 'two']);
    expect(readFileSync(at('a', 'new', 'two'), 'utf8')).toBe('2');
  });

  test('writes nothing where there is a folder, even an empty one, a file or a dangling link', () => {
    mkdirSync(at('folder'));
    writeFileSync(at('file'), 'kept');
    symlinkSync('nowhere', at('link'));
    for (const name of ['folder', 'file', 'link'])
      expect(writeFolderAtomically(at(name), files), name).toBe(false);
    expect(readdirSync(at('folder'))).toEqual([]);
    expect(readFileSync(at('file'), 'utf8')).toBe('kept');
    expect(readdirSync(folder).sort()).toEqual(['file', 'folder', 'link']);
  });

  test('fails below a file with an error of the outside world', () => {
    writeFileSync(at('file'), 'kept');
    expect(codeOf(() => writeFolderAtomically(at('file', 'new'), files))).toBe('FILE_SYSTEM');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  test('leaves nothing behind when one file cannot be written', () => {
    const bad = new Map([...files, ['n'.repeat(300), '3']]);
    expect(codeOf(() => writeFolderAtomically(at('new'), bad))).toBe('FILE_SYSTEM');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('removeUnfinished', () => {
  test('removes what a killed run left, and nothing else', () => {
    mkdirSync(at(`${UNFINISHED_PREFIX}0-folder`, 'inner'), { recursive: true });
    writeFileSync(at(`${UNFINISHED_PREFIX}1-file`), '');
    symlinkSync(at('kept'), at(`${UNFINISHED_PREFIX}2-link`));
    mkdirSync(at('kept'));
    writeFileSync(at('kept', 'file'), '');
    writeFileSync(at('.peak'), '');
    removeUnfinished(folder);
    expect(readdirSync(folder).sort()).toEqual(['.peak', 'kept']);
    expect(readdirSync(at('kept'))).toEqual(['file']);
  });

  test('does not mind a folder that is not there', () => {
    expect(() => removeUnfinished(at('nowhere'))).not.toThrow();
  });
});
