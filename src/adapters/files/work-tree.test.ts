import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NOW } from '../../../test/support/builders/at.ts';
import { MemoryWorkTree } from '../../../test/support/cli/memory-work-tree.ts';
import type { WorkTree } from '../../cycles/work-tree-port.ts';
import { AppError } from '../../kernel/app-error.ts';
import { Evidence } from '../../learning/index.ts';
import { openWorkTree } from './index.ts';

const AUTO = 'config/live_overrides/auto.toml';
const PROPOSALS = 'reports/live_promotion';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'peak-tree-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
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

/** What every implementation of the port promises. */
const IMPLEMENTATIONS: Readonly<Record<string, () => WorkTree>> = {
  'a folder on disk': () => openWorkTree(root),
  'the fake in memory': () => new MemoryWorkTree(),
};

describe.each(Object.entries(IMPLEMENTATIONS))('a work tree that is %s', (_, open) => {
  test('has no text and no names where there is nothing', () => {
    const tree = open();
    expect(tree.readText(AUTO)).toBeNull();
    expect(tree.listNames(PROPOSALS)).toEqual([]);
  });

  test('answers what was written, and replaces it', () => {
    const tree = open();
    for (const text of ['one\n', '', 'two\r\n\u2028\u{1f600}']) {
      tree.write(AUTO, text);
      expect(tree.readText(AUTO)).toBe(text);
    }
  });

  test('makes a folder once', () => {
    const tree = open();
    const path = `${PROPOSALS}/live_promotion_1`;
    expect(
      tree.writeFolder(
        path,
        new Map([
          ['a', '1'],
          ['b', '2'],
        ]),
      ),
    ).toBe(true);
    expect(tree.writeFolder(path, new Map([['a', 'other']]))).toBe(false);
    expect([tree.readText(`${path}/a`), tree.readText(`${path}/b`)]).toEqual(['1', '2']);
  });

  test('lists names in order', () => {
    const tree = open();
    for (const name of ['b', 'a', 'B', 'a-b']) tree.writeFolder(`${PROPOSALS}/${name}`, new Map([['x', '']]));
    expect(tree.listNames(PROPOSALS)).toEqual(['B', 'a', 'a-b', 'b']);
  });

  test('reads evidence in order of path', () => {
    const tree = open();
    for (const name of ['b.json', 'a.jsonl', 'sub/c.json'])
      tree.write(`reports/learning_snippets/${name}`, '{"target": "a.b", "new_value": 1}');
    const evidence = new Evidence(NOW);
    tree.readEvidence(evidence);
    expect(evidence.table.files.map((path) => path.split('/').at(-1))).toEqual([
      'a.jsonl',
      'b.json',
      'c.json',
    ]);
    expect(evidence.table.size).toBe(3);
  });

  test('answers what an exclusive run answers, and lets the next one in, also after a throw', () => {
    const tree = open();
    expect(tree.exclusively(() => 1)).toBe(1);
    expect(() =>
      tree.exclusively(() => {
        throw new RangeError('x');
      }),
    ).toThrow(RangeError);
    expect(tree.exclusively(() => 2)).toBe(2);
  });
});

describe('a folder on disk', () => {
  const linkFolder = (target: string): void => {
    mkdirSync(join(root, 'config'));
    symlinkSync(target, join(root, dirname(AUTO)));
  };

  test('fails to read what is not UTF-8', () => {
    put(AUTO, Buffer.from([0xff]));
    expect(failureOf(() => openWorkTree(root).readText(AUTO)).code).toBe('FILE_SYSTEM');
  });

  test.each([
    ['is a folder', () => put(`${AUTO}/x`, '')],
    [
      'is a link',
      () => {
        put('other', '');
        mkdirSync(join(root, dirname(AUTO)), { recursive: true });
        symlinkSync('../../other', join(root, AUTO));
      },
    ],
    [
      'lies in a link out of it',
      () => {
        mkdirSync(join(root, '..', `${basename(root)}-outside`));
        linkFolder(`../../${basename(root)}-outside`);
      },
    ],
    ['lies below a link to itself', () => linkFolder('live_overrides')],
  ])('fails to read and to write a file that %s', (_, prepare) => {
    prepare();
    const before = readdirSync(root, { recursive: true }).sort();
    const tree = openWorkTree(root);
    expect(failureOf(() => tree.readText(AUTO)).code).toBe('FILE_SYSTEM');
    expect(failureOf(() => tree.write(AUTO, 'x')).code).toBe('FILE_SYSTEM');
    expect(readdirSync(root, { recursive: true }).sort()).toEqual(before);
    rmSync(`${root}-outside`, { recursive: true, force: true });
  });

  test('fails to write below a link to nothing', () => {
    linkFolder('nowhere');
    expect(failureOf(() => openWorkTree(root).write(AUTO, 'x')).code).toBe('FILE_SYSTEM');
    expect(readdirSync(join(root, 'config'))).toEqual(['live_overrides']);
  });

  test('fails to write a file or a folder below a file', () => {
    put('config', 'a file');
    const tree = openWorkTree(root);
    expect(failureOf(() => tree.write(AUTO, 'x')).code).toBe('FILE_SYSTEM');
    expect(failureOf(() => tree.writeFolder('config/x', new Map([['a', '1']]))).code).toBe('FILE_SYSTEM');
    expect(readFileSync(join(root, 'config'), 'utf8')).toBe('a file');
  });

  test('has no text below a file', () => {
    put('config', 'a file');
    expect(openWorkTree(root).readText(AUTO)).toBeNull();
  });

  test('may hold links between its own folders', () => {
    put('shared/auto.toml', 'x');
    mkdirSync(join(root, 'config'));
    symlinkSync('../shared', join(root, dirname(AUTO)));
    expect(openWorkTree(root).readText(AUTO)).toBe('x');
  });

  test('does not take a folder beside it for one inside', () => {
    const beside = `${root}-beside`;
    mkdirSync(beside);
    writeFileSync(join(beside, 'auto.toml'), 'x');
    mkdirSync(join(root, 'config'));
    symlinkSync(beside, join(root, dirname(AUTO)));
    try {
      expect(failureOf(() => openWorkTree(root).readText(AUTO)).code).toBe('FILE_SYSTEM');
    } finally {
      rmSync(beside, { recursive: true });
    }
  });

  test('removes what killed runs left behind when it runs alone', () => {
    put('reports/live_promotion/.peak-tmp-0-live_promotion_1/config_patches.json', 'half');
    put('reports/learning_snippets/.peak-tmp-1-signal.json', 'half');
    put('config/auto/.peak-tmp-2-learning.override.toml', 'half');
    put('config/live_overrides/.peak-tmp-3-auto.toml', 'half');
    put('config/live_overrides/auto.toml', 'kept');
    openWorkTree(root).exclusively(() => {
      expect(
        readdirSync(root, { recursive: true }).filter((name) => String(name).includes('.peak-tmp-')),
      ).toEqual([]);
    });
    expect(readFileSync(join(root, AUTO), 'utf8')).toBe('kept');
  });

  test('lists no proposal that is not finished', () => {
    put(`${PROPOSALS}/.peak-tmp-0-live_promotion_1/config_patches.json`, 'half');
    put(`${PROPOSALS}/live_promotion_2/config_patches.json`, '');
    expect(openWorkTree(root).listNames(PROPOSALS)).toEqual(['live_promotion_2']);
  });
});
