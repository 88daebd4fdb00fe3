import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REVIEW_CODES } from '../../src/review/finding-words.ts';
import { REVIEW_RULES } from '../../src/review/rules/index.ts';
import { ROOT, readDocument } from './markdown.ts';

const DOCUMENT = 'docs/governance-check.md';

interface Row {
  readonly rule: string;
  readonly ruleFile: string | null;
  readonly codes: readonly string[];
  readonly tests: readonly string[];
}

/** The rows of the table that traces the contract: `| §… | asks | rule | codes | tests |`. */
function readRows(): readonly Row[] {
  const lines = readDocument(DOCUMENT)
    .split('\n')
    .filter((line) => line.startsWith('| §'));
  return lines.map((line) => {
    const [, , , rule = '', codes = '', tests = ''] = line.split('|');
    return {
      rule: /`([^`]+)`/.exec(rule)?.[1] ?? '',
      ruleFile: linksIn(rule)[0] ?? null,
      codes: [...codes.matchAll(/`([A-Z_]+)`/g)].map(([, code = '']) => code),
      tests: linksIn(tests),
    };
  });
}

function linksIn(cell: string): readonly string[] {
  return [...cell.matchAll(/\]\(([^)]+)\)/g)].map(([, href = '']) =>
    posix.normalize(posix.join('docs', href)),
  );
}

const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8');

describe('docs/governance-check.md', () => {
  const rows = readRows();

  test('traces every rule and every code of the judge', () => {
    const rules = new Set(rows.map(({ rule }) => rule));
    expect(REVIEW_RULES.map(({ name }) => name).filter((name) => !rules.has(name))).toEqual([]);
    const codes = new Set(rows.flatMap((row) => row.codes));
    expect(REVIEW_CODES.filter((code) => !codes.has(code))).toEqual([]);
  });

  test('names no rule or code that is none', () => {
    const names = REVIEW_RULES.map(({ name }) => name);
    expect(rows.filter(({ ruleFile, rule }) => ruleFile !== null && !names.includes(rule))).toEqual([]);
    expect(
      rows
        .flatMap(({ codes }) => codes)
        .filter((code) => !(REVIEW_CODES as readonly string[]).includes(code)),
    ).toEqual([]);
  });

  test.each(rows.map((row) => [row.codes.join(' ') || row.rule, row] as const))(
    '%s stands in its rule and is tried',
    (_, row) => {
      if (row.ruleFile !== null) expect(textOf(row.ruleFile)).toContain(`name: '${row.rule}'`);
      expect(row.tests.length).toBeGreaterThan(0);
      for (const path of row.tests) expect(existsSync(join(ROOT, path))).toBe(true);
      const tried = row.tests.map(textOf).join('\n');
      expect(row.codes.filter((code) => !new RegExp(`\\b${code}\\b`).test(tried))).toEqual([]);
    },
  );
});
