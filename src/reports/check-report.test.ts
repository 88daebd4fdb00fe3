import { expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import { instantFromMs } from '../kernel/instant.ts';
import type { Verdict } from '../review/index.ts';
import { checkJson, checkText } from './check-report.ts';
import { PLAIN } from './style.ts';

const VERDICT: Verdict = {
  conclusion: 'failure',
  kind: 'promotion',
  lane: 'manual',
  proposalId: 'live_promotion_20261122T030405Z_0123abcd',
  head: 'a'.repeat(40),
  base: 'b'.repeat(40),
  mergeBase: 'b'.repeat(40),
  policyDigest: 'c'.repeat(64),
  time: instantFromMs(1_795_316_645_000),
  validUntil: instantFromMs(1_795_320_245_000),
  changes: [
    {
      target: 'portfolio.leverage',
      before: '1.0',
      after: '1.5',
      bounds: '1 to 2',
      step: '0.5',
      maxStep: '0.25',
      outcome: 'failed',
    },
    {
      target: 'portfolio.rebalance',
      before: '"daily"',
      after: '"weekly"',
      bounds: null,
      step: null,
      maxStep: null,
      outcome: 'passed',
    },
  ],
  rules: [
    { rule: 'mergeable', outcome: 'passed', findings: [] },
    {
      rule: 'authentic',
      outcome: 'failed',
      findings: [
        {
          code: 'VALUE_DIFFERS',
          outcome: 'failed',
          file: 'config/live_overrides/auto.toml',
          target: 'portfolio.leverage',
          observed: '1.5',
          required: '1.25',
        },
        { code: 'FILE_DIFFERS', outcome: 'failed', file: 'config/live_overrides/auto.toml', line: 7 },
      ],
    },
    {
      rule: 'lane',
      outcome: 'noted',
      findings: [
        {
          code: 'LANE',
          outcome: 'noted',
          observed: 'manual',
          children: [{ code: 'LANE_NOT_BOT', outcome: 'noted' }],
        },
      ],
    },
  ],
};

test('checkText tells the answer, the values, every reason with what to do, and notes', () => {
  expect(checkText(VERDICT, PLAIN)).toMatchInlineSnapshot(`
    "failure: must not be merged as it is

    Class     promotion, manual lane
    Proposal  live_promotion_20261122T030405Z_0123abcd
    Head      aaaaaaaaaaaa
    Base      bbbbbbbbbbbb
    Judged    2026-11-22T03:04:05Z, valid until 2026-11-22T04:04:05Z

    target               live → proposed     bounds    step         lane    verdict
    portfolio.leverage   1.0 → 1.5           1 to 2    0.5 of 0.25  manual  refused
    portfolio.rebalance  "daily" → "weekly"  none set               manual  holds

    Reasons
      refused [authentic] config/live_overrides/auto.toml portfolio.leverage: would be 1.5; the evidence and the policy give 1.25
      refused [authentic] config/live_overrides/auto.toml:7: is not what the evidence and the policy give
        help: let the workflow promotion-cycle run again: it rebuilds the proposal from the evidence and the base

    Notes
      noted [lane] judged in the manual lane
        noted [lane] not auto: it is not the bot's own pull request"
  `);
});

test('checkJson keeps every finding with its code, place and words', () => {
  const { conclusion, changes, rules } = checkJson(VERDICT);
  expect(conclusion).toBe('failure');
  expect(changes[0]).toMatchObject({
    target: 'portfolio.leverage',
    live: '1.0',
    proposed: '1.5',
    max_step: '0.25',
  });
  expect(rules[1]?.findings[1]).toMatchObject({ code: 'FILE_DIFFERS', line: 7, help: expect.any(String) });
  expect(rules[2]?.findings[0]).toMatchObject({
    children: [expect.objectContaining({ code: 'LANE_NOT_BOT' })],
  });
});

test.each(HOSTILE_TEXTS.slice(0, 200))('checkText leaves nothing active of $name', ({ text }) => {
  const facts = { observed: text, required: text, target: text, file: text };
  const found = { code: 'VALUE_DIFFERS', outcome: 'failed', ...facts } as const;
  const change = {
    ...VERDICT.changes[0],
    target: text,
    before: text,
    after: text,
  } as Verdict['changes'][number];
  const told = checkText(
    {
      ...VERDICT,
      proposalId: text,
      changes: [change],
      rules: [{ rule: 'authentic', outcome: 'failed', findings: [{ ...found, children: [found] }] }],
    },
    PLAIN,
  );
  expect(told.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
});
