import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AUDIT_CODES } from '../../src/review/deviation.ts';
import { ROOT, readDocument } from './markdown.ts';

test('every code of an audit is explained to operators, and tried', () => {
  const document = readDocument('docs/operations.md');
  const tried = ['test/audit/audit.test.ts', 'src/cycles/audit-promotions.test.ts']
    .map((path) => readFileSync(join(ROOT, path), 'utf8'))
    .join('\n');
  for (const text of [document, tried])
    expect(AUDIT_CODES.filter((code) => !new RegExp(`\\b${code}\\b`).test(text))).toEqual([]);
});
