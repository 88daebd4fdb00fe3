import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
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
      expect(JSON.parse(readFileSync(lock, 'utf8'))).toMatchObject({
        pid: process.pid,
        host: hostname(),
        startedAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/),
      });
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

describe('withRunLock and drafts that others left', () => {
  const MINUTE = 60_000;
  const here = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
  const elsewhere = here === '00000000' ? '11111111' : '00000000';
  const TOKEN = '0123456789abcdef';

  /** Leaves a file of this age, and answers whether it stands after a run. */
  function survives(name: string, ageMs: number): boolean {
    const path = `${lock}.${name}`;
    mkdirSync(dirname(lock), { recursive: true });
    writeFileSync(path, '{"cut off');
    const then = (Date.now() - ageMs) / 1000;
    utimesSync(path, then, then);
    expect(withRunLock(lock, 0, () => 'ran')).toBe('ran');
    return existsSync(path);
  }

  test.each<[string, boolean, string, number]>([
    ['a dead process of this machine: removed', false, `${here}.${NOBODY}.${TOKEN}.draft`, 0],
    ['a live process of this machine: stays', true, `${here}.${process.pid}.${TOKEN}.draft`, 120 * MINUTE],
    ['another machine: stays', true, `${elsewhere}.${NOBODY}.${TOKEN}.draft`, 0],
    ['another machine: stays for an hour', true, `${elsewhere}.${NOBODY}.${TOKEN}.draft`, 59 * MINUTE],
    ['another machine: removed after it', false, `${elsewhere}.${process.pid}.${TOKEN}.draft`, 61 * MINUTE],
    ['nobody: no draft at all', true, `${NOBODY}.notes`, 120 * MINUTE],
  ])('a draft of %s', (_, expected, name, ageMs) => {
    expect(survives(name, ageMs)).toBe(expected);
  });

  test('leaves alone what is no draft of this lock', () => {
    mkdirSync(dirname(lock), { recursive: true });
    const others = [`other.lock.${here}.${NOBODY}.${TOKEN}.draft`, 'run.lock.notes', 'draft'].map((name) =>
      join(dirname(lock), name),
    );
    for (const path of others) writeFileSync(path, '');
    withRunLock(lock, 0, () => undefined);
    expect(others.filter((path) => existsSync(path))).toEqual(others);
  });
});
