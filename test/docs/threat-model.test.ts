import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, readDocument } from './markdown.ts';

const RUNNERS = ['test/attacks/attacks.test.ts', 'test/attacks/on-github/every-attack.test.ts'];

/** Rows `| attack | stopped by | tried in |` with the files that their cells link to. */
const ROWS = readDocument('docs/threat-model.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| attack '))
  .map((line) => {
    const [, attack = '', rules = '', tests = ''] = line.split(/(?<!\\)\|/);
    return { attack: attack.trim(), rules: linksIn(rules), tests: linksIn(tests) };
  });

function linksIn(cell: string): readonly string[] {
  return [...cell.matchAll(/\]\(([^)]+)\)/g)].map(([, href = '']) =>
    posix.normalize(posix.join('docs', href)),
  );
}

describe('docs/threat-model.md', () => {
  test('has attacks', () => expect(ROWS.length).toBeGreaterThan(40));

  test.each(ROWS.map((row) => [row.attack, row] as const))(
    '%s: is tried by tests that exist',
    (_, { rules, tests }) => {
      expect(tests.length).toBeGreaterThan(0);
      for (const path of tests) {
        expect(existsSync(join(ROOT, path))).toBe(true);
        expect(path).toMatch(/\.test\.ts$|^test\/attacks\/[a-z-]+\/attack\.ts$/);
        expect(readFileSync(join(ROOT, path), 'utf8')).toMatch(/test\(|test\.each|: Attack = /);
      }
      for (const path of rules) expect(existsSync(join(ROOT, path))).toBe(true);
    },
  );

  test('names every attack of test/attacks', () => {
    const named = new Set(ROWS.flatMap(({ tests }) => tests));
    const all = readdirSync(join(ROOT, 'test/attacks'), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.test\.ts$|attack\.ts$/.test(path))
      .map((path) => `test/attacks/${path.replaceAll('\\', '/')}`)
      // They run the folders.
      .filter((path) => !RUNNERS.includes(path));
    expect(all.length).toBeGreaterThan(50);
    expect(all.filter((path) => !named.has(path))).toEqual([]);
  });
});
