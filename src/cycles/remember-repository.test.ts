import { describe, expect, test } from 'vitest';
import { AppError } from '../kernel/app-error.ts';
import { instantFromMs } from '../kernel/instant.ts';
import { ObjectMemory } from './object-memory.ts';
import { rememberRepository } from './remember-repository.ts';
import type { ReviewRepository } from './review-repository-port.ts';

const [ONE, TWO, THREE] = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [string, string, string];
const BLOBS: Readonly<Record<string, Uint8Array>> = {
  [ONE]: Buffer.from('one'),
  [TWO]: Buffer.from('zwölf'),
  [THREE]: Uint8Array.of(0xff),
};

/** A repository that answers from its arguments and notes each question; `broken` rejects. */
function recording(asked: string[], broken: readonly string[] = []): ReviewRepository {
  const answer =
    <A extends readonly unknown[], T>(name: string, from: (...args: A) => T) =>
    async (...args: A): Promise<T> => {
      asked.push(`${name} ${args.flat().join()}`);
      if (broken.includes(name)) throw new AppError('GIT_FAILED', name);
      return from(...args);
    };
  const file = { oid: ONE, mode: '100644', sizeBytes: 3 };
  return {
    list: answer('list', (commit: string) => [{ path: commit, ...file }]),
    read: answer('read', (oids: readonly string[]) => oids.map((oid) => BLOBS[oid] as Uint8Array)),
    firstParents: answer('firstParents', (id: string) => ({
      commits: [{ id, claimed: instantFromMs(0) }],
      isCut: false,
    })),
    changesAlong: answer('changesAlong', ({ until }: { readonly until: string }) => [
      { id: until, files: [] },
    ]),
    mergeBases: answer('mergeBases', (one: string) => [one]),
    mergeTree: answer('mergeTree', (base: string) => base),
    diff: answer('diff', (from: string) => [{ path: from, before: null, after: file }]),
    time: answer('time', () => instantFromMs(1000)),
  };
}

/** Every question of the port that has one answer for ever, about one object. */
async function askAll(git: ReviewRepository, oid: string): Promise<readonly unknown[]> {
  return [
    await git.list(oid, ['config']),
    await git.read([oid]),
    await git.firstParents(oid),
    await git.changesAlong({ after: null, until: oid }, ['config']),
    await git.mergeBases(oid, ONE),
    await git.diff(oid, ONE),
    await git.time(oid),
  ];
}

describe('rememberRepository', () => {
  test('asks each question once, and answers as the repository did, also for the next one with the same memory', async () => {
    const memory = new ObjectMemory();
    const asked: string[] = [];
    const first = await askAll(rememberRepository(recording(asked), memory), TWO);
    expect(asked).toHaveLength(7);
    expect(await askAll(rememberRepository(recording(asked), memory), TWO)).toEqual(first);
    expect(asked).toHaveLength(7);
    expect(first).toEqual(await askAll(recording([]), TWO));
  });

  test('asks anew about any other object, folder or range', async () => {
    const asked: string[] = [];
    const git = rememberRepository(recording(asked), new ObjectMemory());
    await askAll(git, TWO);
    await askAll(git, THREE);
    await git.list(TWO, ['reports']);
    await git.changesAlong({ after: ONE, until: TWO }, ['config']);
    await git.mergeBases(ONE, TWO);
    expect(asked).toHaveLength(17);
  });

  test('computes each merge, whose tree may be gone', async () => {
    const asked: string[] = [];
    const git = rememberRepository(recording(asked), new ObjectMemory());
    await git.mergeTree(ONE, TWO);
    await git.mergeTree(ONE, TWO);
    expect(asked).toHaveLength(2);
  });

  test('waits for an answer that is being found', async () => {
    const asked: string[] = [];
    const git = rememberRepository(recording(asked), new ObjectMemory());
    expect(await Promise.all([git.list(ONE, ['']), git.list(ONE, [''])])).toHaveLength(2);
    expect(asked).toHaveLength(1);
  });

  test('remembers no failure', async () => {
    const memory = new ObjectMemory();
    const failing = rememberRepository(recording([], ['time', 'read']), memory);
    await expect(failing.time(ONE)).rejects.toMatchObject({ code: 'GIT_FAILED' });
    await expect(failing.texts([ONE])).rejects.toMatchObject({ code: 'GIT_FAILED' });
    const git = rememberRepository(recording([]), memory);
    expect(await git.time(ONE)).toBe(1000);
    expect((await git.texts([ONE])).get(ONE)).toBe('one');
  });

  test('reads as texts only what it has not read, and says what is none', async () => {
    const asked: string[] = [];
    const git = rememberRepository(recording(asked), new ObjectMemory());
    expect([...(await git.texts([ONE, THREE]))]).toEqual([
      [ONE, 'one'],
      [THREE, null],
    ]);
    expect([...(await git.texts([THREE, TWO]))]).toEqual([
      [THREE, null],
      [TWO, 'zwölf'],
    ]);
    expect(asked).toEqual([`read ${ONE},${THREE}`, `read ${TWO}`]);
  });

  test('asks again for what did not fit', async () => {
    const asked: string[] = [];
    const git = rememberRepository(recording(asked), new ObjectMemory(200));
    await git.list(ONE, ['']);
    await git.list(ONE, ['']);
    expect(asked).toHaveLength(2);
  });
});
