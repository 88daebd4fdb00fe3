import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../kernel/app-error.ts';
import { withRunLock } from './run-lock.ts';

/** A process id that no system gives out (above Linux's limit of 2^22). */
const NOBODY = 2 ** 22 + 1;

let folder: string;
let lock: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'peak-lock-'));
  lock = join(folder, '.peak', 'run.lock');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function leaveLock(content: unknown): string {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  withRunLock(lock, 0, () => undefined);
  writeFileSync(lock, text);
  return text;
}

function failureOf(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    return error as AppError;
  }
  throw new Error('nothing was thrown');
}

describe('withRunLock', () => {
  test('answers what the run answers, and leaves nothing behind', () => {
    expect(withRunLock(lock, 0, () => 42)).toBe(42);
    expect(readdirSync(dirname(lock))).toEqual([]);
  });

  test('names this process while it runs, and holds one file only', () => {
    withRunLock(lock, 0, () => {
      expect(JSON.parse(readFileSync(lock, 'utf8'))).toMatchObject({ pid: process.pid, host: hostname() });
      expect(readdirSync(dirname(lock))).toEqual(['run.lock']);
    });
  });

  test('is given up when the run throws', () => {
    expect(() =>
      withRunLock(lock, 0, () => {
        throw new RangeError('x');
      }),
    ).toThrow(RangeError);
    expect(readdirSync(dirname(lock))).toEqual([]);
  });

  test('does not let a second run in, and keeps the first', () => {
    withRunLock(lock, 0, () => {
      const held = readFileSync(lock, 'utf8');
      const failure = failureOf(() => withRunLock(lock, 0, () => undefined));
      expect(failure.code).toBe('ALREADY_RUNNING');
      expect(failure.message).toContain(String(process.pid));
      expect(failure.hint).toContain(lock);
      expect(readFileSync(lock, 'utf8')).toBe(held);
      expect(readdirSync(dirname(lock))).toEqual(['run.lock']);
    });
  });

  test('waits as long as it is told to', () => {
    leaveLock({ pid: process.pid, host: hostname() });
    const started = performance.now();
    expect(failureOf(() => withRunLock(lock, 200, () => undefined)).code).toBe('ALREADY_RUNNING');
    expect(performance.now() - started).toBeGreaterThanOrEqual(200);
  });

  test.each([
    ['a process that is gone', { pid: NOBODY, host: hostname() }],
    ['nobody: it is empty', ''],
    ['nobody: it is cut off', '{"pid": 1'],
    ['nobody: it is null', 'null'],
    ['nobody: it is a list', '[]'],
    ['nobody: it has no machine', { pid: 1 }],
    ['nobody: its process is a text', { pid: '1', host: hostname() }],
    ['no process: zero would ask for a whole group', { pid: 0, host: hostname() }],
    ['no process: negative', { pid: -1, host: hostname() }],
    ['no process: a fraction', { pid: 1.5, host: hostname() }],
  ])('takes over the lock of %s', (_, content) => {
    leaveLock(content);
    expect(withRunLock(lock, 0, () => 'ran')).toBe('ran');
    expect(readdirSync(dirname(lock))).toEqual([]);
  });

  test('does not take over the lock of another machine', () => {
    const text = leaveLock({ pid: NOBODY, host: 'elsewhere.example' });
    expect(failureOf(() => withRunLock(lock, 0, () => undefined)).message).toContain('elsewhere.example');
    expect(readFileSync(lock, 'utf8')).toBe(text);
  });

  test('leaves a lock alone that somebody put in its place', () => {
    withRunLock(lock, 0, () => writeFileSync(lock, 'of somebody else'));
    expect(readFileSync(lock, 'utf8')).toBe('of somebody else');
  });

  test('does not mind that its lock is gone at the end', () => {
    expect(
      withRunLock(lock, 0, () => {
        rmSync(lock);
        return 1;
      }),
    ).toBe(1);
    expect(existsSync(lock)).toBe(false);
  });

  test('fails where no lock can be made', () => {
    writeFileSync(dirname(lock), 'a file');
    expect(failureOf(() => withRunLock(lock, 0, () => undefined)).code).toBe('FILE_SYSTEM');
    expect(readFileSync(dirname(lock), 'utf8')).toBe('a file');
  });
});
