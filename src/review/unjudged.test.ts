import { describe, expect, test } from 'vitest';
import { instantFromMs } from '../kernel/instant.ts';
import { buildCheckRun } from './check/check-run.ts';
import { buildUnjudged, type UnjudgedReason } from './unjudged.ts';

const NOW = instantFromMs(1_795_300_000_000);
const HEAD = 'a'.repeat(40);

describe('buildUnjudged', () => {
  test.each<readonly [UnjudgedReason, string]>([
    ['refused', 'OBJECTS_REFUSED'],
    ['too_large', 'LIMIT_EXCEEDED'],
    ['too_slow', 'LIMIT_EXCEEDED'],
    ['internal', 'INTERNAL_ERROR'],
  ])('of %s is a failure that says why and expires at once', (reason, code) => {
    const verdict = buildUnjudged({ head: HEAD, time: NOW, reason, reference: 'ev-1' });
    expect(verdict).toMatchObject({ conclusion: 'failure', head: HEAD, time: NOW, validUntil: NOW });
    expect(verdict.rules.flatMap(({ findings }) => findings.map((found) => found.code))).toEqual([code]);
    const run = buildCheckRun(verdict, { prefix: '', autoToml: null, isHeld: false, reference: 'ev-1' });
    expect(run.summary).toContain(code);
  });
});
