import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import { instantFromMs } from '../kernel/instant.ts';
import { failed, noted } from './review-finding.ts';
import type { Verdict } from './verdict.ts';
import {
  buildVerdictRecord,
  formatVerdictRecord,
  MAX_RECORD_BYTES,
  type MergeFacts,
  parseVerdictRecord,
} from './verdict-record.ts';

const SHA = 'a'.repeat(40);
const now = instantFromMs(1_795_300_000_000);
const facts: MergeFacts = {
  merge: SHA,
  pullRequest: 12,
  mergedAt: now,
  approvals: [
    { id: 9, login: 'ops-b' },
    { id: 3, login: 'ops-a' },
  ],
};

function verdictOf(overrides: Partial<Verdict> = {}): Verdict {
  return {
    conclusion: 'success',
    kind: 'promotion',
    lane: 'manual',
    proposalId: null,
    head: 'b'.repeat(40),
    base: 'c'.repeat(40),
    mergeBase: 'c'.repeat(40),
    policyDigest: 'd'.repeat(64),
    time: now,
    validUntil: now,
    changes: [],
    rules: [],
    ...overrides,
  };
}

const withFindings = (...findings: ReturnType<typeof noted>[]) =>
  verdictOf({ rules: [{ rule: 'lane', outcome: 'failed', findings }] });

describe('verdict record', () => {
  test('is read as it was written, approvals by id, the worst finding first', () => {
    const verdict = withFindings(noted('LANE', { observed: 'manual' }), failed('KILLSWITCH'));
    const record = buildVerdictRecord(verdict, facts);
    expect(parseVerdictRecord(formatVerdictRecord(record))).toEqual(record);
    expect(record.approvals.map(({ login }) => login)).toEqual(['ops-a', 'ops-b']);
    expect(record.findings.map(({ code }) => code)).toEqual(['KILLSWITCH', 'LANE']);
  });

  test('parse(format(x)) = x for any texts, in one line of ASCII within the limit', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4000 }),
      fc.constantFrom(...HOSTILE_TEXTS.map((hostile) => hostile.text)),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 300 }), (pairs) => {
        const verdict = withFindings(
          ...pairs.map(([file, observed]) => noted('LANE', { file, observed, target: observed })),
        );
        const record = buildVerdictRecord(verdict, facts);
        const note = formatVerdictRecord(record);
        expect(note).toMatch(/^[\x20-\x7e]*\n$/);
        expect(note.length).toBeLessThanOrEqual(MAX_RECORD_BYTES);
        expect(parseVerdictRecord(note)).toEqual(record);
        expect(record.findings.length + record.findings_left_out).toBe(pairs.length);
      }),
      { numRuns: 60 },
    );
  });

  test('a credential in a finding is not recorded', () => {
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const record = buildVerdictRecord(
      withFindings(failed('FILE_EXTRA', { observed: `see ${token}` })),
      facts,
    );
    expect(formatVerdictRecord(record)).not.toContain(token);
  });

  test.each([
    ['nothing', () => ''],
    ['no JSON', () => '{"version":1'],
    ['another version', (note: string) => note.replace('"version":1', '"version":2')],
    ['a key twice', (note: string) => note.replace('{', '{"conclusion":"success",')],
    ['an unknown key', (note: string) => note.replace('{', '{"trusted":true,')],
    ['another order', (note: string) => note.replace('{"version":1,', '{').replace('}\n', ',"version":1}\n')],
    ['two records', (note: string) => note + note],
    ['no end of line', (note: string) => note.trimEnd()],
    ['a byte order mark', (note: string) => `\ufeff${note}`],
    ['10,000 levels', () => '['.repeat(10_000)],
    ['5 MB', () => `{"version":1,"x":"${'x'.repeat(5_000_000)}"}\n`],
    ['no time', (note: string) => note.replaceAll('2026-', 'once-')],
    ['a prototype', (note: string) => note.replace('{', '{"__proto__":{"conclusion":"success"},')],
  ])('%s is no record', (_, spoil) => {
    const note = formatVerdictRecord(buildVerdictRecord(verdictOf(), facts));
    expect(parseVerdictRecord(note)).not.toBeNull();
    expect(parseVerdictRecord(spoil(note))).toBeNull();
  });
});
