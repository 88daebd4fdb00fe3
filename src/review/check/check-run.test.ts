import fc from 'fast-check';
import '../../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { buildChangedValue, buildRuleResult, buildVerdict } from '../../../test/support/builders/verdict.ts';
import { HOSTILE_TEXTS } from '../../../test/support/hostile-text.ts';
import { readCodeSpan, readTableRow } from '../../../test/support/read-markdown.ts';
import { AUTO_TOML_PATH } from '../../kernel/governed-paths.ts';
import { problem } from '../../kernel/problem.ts';
import { failed, noted, type ReviewFinding, undetermined, waits } from '../review-finding.ts';
import type { Verdict } from '../verdict.ts';
import { buildCheckRun, type CheckPlace, type CheckRun } from './check-run.ts';

const GOLDEN = '../../../test/golden/check';
const AUTO_TOML = `# header

[auto_applied]
"macro.regime_weight" = 0.4

"portfolio.leverage" = 1.5
`;
const PLACE: CheckPlace = { prefix: '', autoToml: AUTO_TOML, isHeld: false, reference: 'ev-20261122-0001' };

const REFUSED = buildVerdict({
  changes: [
    buildChangedValue({
      target: 'macro.regime_weight',
      before: '0.3',
      after: '0.4',
      bounds: '0 to 0.8',
      step: '0.1',
      maxStep: '0.1',
    }),
    buildChangedValue({ after: '1.5', step: '0.5', outcome: 'failed' }),
    buildChangedValue({
      target: 'portfolio.rebalance',
      before: '"daily"',
      after: '"week|ly"',
      bounds: null,
      step: null,
      maxStep: null,
    }),
  ],
  rules: [
    buildRuleResult(
      'live',
      failed('HARD_LIMIT', { target: 'portfolio.leverage', observed: '10.0', required: '0.0 to 3.0' }),
    ),
    buildRuleResult(
      'authentic',
      failed('FILE_DIFFERS', { file: AUTO_TOML_PATH, line: 6 }),
      failed('VALUE_DIFFERS', {
        file: AUTO_TOML_PATH,
        target: 'portfolio.leverage',
        observed: '1.5',
        required: '1.25',
      }),
    ),
    buildRuleResult('valid-now', waits('BASE_MOVED', { file: 'config/promotion.toml' })),
    buildRuleResult('lane', noted('LANE', { observed: 'manual', children: [noted('LANE_NOT_BOT')] })),
    buildRuleResult(
      'agreement',
      noted('APPROVAL_NOT_COUNTED', { observed: 'mallory', required: 'the author' }),
      waits('APPROVALS_MISSING', { observed: '0', required: '1' }),
      waits('TICKS_MISSING'),
    ),
  ],
});
const WAITING = buildVerdict({
  rules: [
    buildRuleResult('lane', noted('LANE', { observed: 'manual' })),
    buildRuleResult(
      'agreement',
      waits('APPROVALS_MISSING', { observed: '1', required: '2' }),
      waits('TICKS_MISSING'),
      waits('HELD'),
    ),
  ],
});
const READY = buildVerdict({
  rules: [buildRuleResult('lane', noted('LANE', { observed: 'manual' }))],
  changes: [buildChangedValue(), buildChangedValue({ target: 'macro.regime_weight' })],
});
const POLICY = buildVerdict({
  kind: 'policy',
  lane: null,
  proposalId: null,
  changes: [],
  rules: [
    buildRuleResult(
      'policy-difference',
      noted('POLICY_RESULT', {
        observed: 'loosening',
        children: [
          noted('POLICY_LOOSENED', {
            file: 'config/promotion.toml',
            line: 12,
            column: 3,
            target: 'bounds.leverage.max',
            observed: '2',
            required: '2.5',
          }),
        ],
      }),
    ),
    buildRuleResult('agreement', undetermined('APPROVALS_UNKNOWN', { required: '2 by operators needed' })),
  ],
});
const BROKEN = buildVerdict({
  kind: null,
  lane: null,
  proposalId: null,
  policyDigest: null,
  changes: [],
  rules: [buildRuleResult('judge', failed('INTERNAL_ERROR', { observed: 'judge', required: 'ab12' }))],
});

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** A check as one page. */
function page({ title, summary, text, annotations, actions }: CheckRun): string {
  const notes = annotations
    .flat()
    .map(({ path, startLine, startColumn, level, title: name, message }) =>
      [`${level} ${path}:${startLine}:${startColumn ?? ''}`, name, message].join('\n  '),
    );
  return `${title}\n\n${summary}\n\n${text ?? 'no text'}\n\n${notes.join('\n')}\n\n${actions.map(({ label }) => label).join(' | ')}\n`;
}

describe('buildCheckRun', () => {
  test.each([
    ['refused', REFUSED],
    ['waiting', WAITING],
    ['ready', READY],
    ['policy', POLICY],
    ['internal-error', BROKEN],
  ])('of a verdict that is %s reads like the golden file', async (name, verdict) => {
    await expect(page(buildCheckRun(verdict, PLACE))).toMatchFileSnapshot(`${GOLDEN}/${name}.md`);
  });

  test.each([
    [REFUSED, '3 reasons against it: live, authentic'],
    [WAITING, "Waits for 1 approval, the checklist and an operator's release"],
    [READY, 'Ready: 2 changes, manual lane'],
    [POLICY, 'Waits for approvals, which are not known here'],
    [BROKEN, 'Not judged: an internal error, reference ev-20261122-0001'],
  ])('answers in its title', (verdict, title) => {
    expect(buildCheckRun(verdict, PLACE).title).toBe(title);
  });

  test('points at the lines of auto.toml, and at a place that a finding names', () => {
    const at = (verdict: Verdict, place = PLACE) =>
      buildCheckRun(verdict, place)
        .annotations.flat()
        .map(({ path, startLine, startColumn, level }) => [path, startLine, startColumn, level]);
    expect(at(REFUSED)).toEqual([
      [AUTO_TOML_PATH, 6, 1, 'failure'],
      [AUTO_TOML_PATH, 6, null, 'failure'],
      [AUTO_TOML_PATH, 6, 1, 'failure'],
      ['config/promotion.toml', 1, null, 'warning'],
    ]);
    expect(at(POLICY, { ...PLACE, prefix: 'trading/' })).toEqual([
      ['trading/config/promotion.toml', 12, 3, 'notice'],
    ]);
  });

  test.each([
    ['[auto_applied]\nportfolio.leverage = 9.0\n', 2],
    ['auto_applied.portfolio.leverage = 9.0\n', 1],
    ['[auto_applied.portfolio]\nx = 1\nleverage = 9.0\n', 3],
    ['[auto_applied]\n', 1],
    ['= broken', undefined],
  ])('finds a target however it is written: %j', (autoToml, line) => {
    const verdict = buildVerdict({
      rules: [buildRuleResult('live', failed('HARD_LIMIT', { target: 'portfolio.leverage' }))],
    });
    const [chunk = []] = buildCheckRun(verdict, { ...PLACE, autoToml }).annotations;
    expect(chunk[0]?.startLine).toBe(line);
  });

  test.each([
    [REFUSED, false, ['recheck', 'hold', 'disable']],
    [REFUSED, true, ['recheck', 'release', 'disable']],
    [POLICY, false, ['recheck', 'disable']],
    [POLICY, true, ['recheck', 'release', 'disable']],
  ])('offers buttons that do something', (verdict, isHeld, identifiers) => {
    const { actions } = buildCheckRun(verdict, { ...PLACE, isHeld });
    expect(actions.map(({ identifier }) => identifier)).toEqual(identifiers);
    for (const { label, identifier, description } of actions) {
      expect(label.length).toBeLessThanOrEqual(20);
      expect(identifier.length).toBeLessThanOrEqual(20);
      expect(description.length).toBeLessThanOrEqual(40);
    }
  });
});

/** Every field of a verdict that can hold text from outside, filled with one text. */
function filledWith(text: string, count = 1): Verdict {
  const facts = { file: text, line: 3, target: text, observed: text, required: text };
  const found = problem('KEY_INVALID', { key: text, reason: text }, { file: text });
  const finding = (code: ReviewFinding['code']): ReviewFinding => failed(code, { ...facts, problem: found });
  const findings = Array.from(
    { length: count },
    () =>
      [
        { ...finding('VALUE_DIFFERS'), children: [finding('POLICY_INVALID'), finding('FILE_KIND')] },
        waits('APPROVALS_MISSING', facts),
        undetermined('APPROVALS_UNKNOWN', facts),
        noted('APPROVAL_NOT_COUNTED', { ...facts, children: [noted('POLICY_LOOSENED', facts)] }),
        failed('HARD_LIMIT', { target: text, observed: text, required: text }),
      ] as const,
  ).flat();
  return buildVerdict({
    proposalId: text,
    changes: Array.from({ length: count }, () =>
      buildChangedValue({ target: text, before: text, after: text, bounds: text, step: text, maxStep: text }),
    ),
    rules: [buildRuleResult('authentic', ...findings)],
  });
}

/** Markdown without its code spans and escapes: what is left is structure or plain. */
function bare(markdown: string): string {
  return markdown
    .replaceAll(/(?<![`\\])(`+)(?!`)([^\n]*?[^`])\1(?!`)/g, 'C')
    .replaceAll(/\\[!-/:-@[-`{-~]|&(?:amp|lt|gt);/g, 'e');
}

describe('buildCheckRun: hostile text', () => {
  test.each(HOSTILE_TEXTS)('stays in its place, in every part: $name', ({ text }) => {
    const run = buildCheckRun(filledWith(text), { ...PLACE, reference: text, autoToml: text });
    expect(run.title).toBe('2 reasons against it: authentic');
    expect(structureOf(run.summary)).toEqual(structureOf(buildCheckRun(filledWith('x'), PLACE).summary));
    expect(structureOf(run.text ?? '')).toEqual(
      structureOf(buildCheckRun(filledWith('x'), PLACE).text ?? ''),
    );
    for (const part of [run.summary, run.text ?? '']) {
      expect(part).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/u,
      );
      expect(bare(part)).not.toMatch(/@[A-Za-z0-9]|GH-\d|:\/\/|www\.|!\[|\]\(/i);
      expect(bare(part).replaceAll(/<\/?(?:details|summary)>/g, '')).not.toMatch(/[<>]/);
      expect(bare(part).replaceAll(/^#+ /gm, '')).not.toMatch(/#\d/);
    }
    for (const row of run.summary.split('\n').filter((line) => line.startsWith('| ')))
      expect(readTableRow(row)).toHaveLength(6);
    for (const { path, title, message } of run.annotations.flat()) {
      expect(path).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(title).toMatch(/^(?:refused|waits|noted|not determined) by authentic \([A-Z_]+\)$/);
      expect(message.replaceAll('\n', '')).not.toMatch(
        /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u,
      );
      expect(message).not.toMatch(/@[A-Za-z0-9]|#\d|:\/\/|www\./i);
    }
  });

  test('shows a value as it is, in one code span', () => {
    const { summary } = buildCheckRun(filledWith('`a|b`'), PLACE);
    const row = readTableRow(summary.split('\n').find((line) => line.startsWith('| ``')) ?? '');
    expect(readCodeSpan((row[0] ?? '').replaceAll(/(?<!\\)\|/g, '\\|'))).toBe('`a|b`');
  });
});

/** What kind of line each is, and how many cells it has. */
function structureOf(markdown: string): readonly string[] {
  return bare(markdown)
    .split('\n')
    .map((line) => {
      const block = /^(?:#+ | *- |\| |<[^>]+>|---)/.exec(line)?.[0] ?? (line === '' ? '' : 'text');
      return `${block}${line.startsWith('|') ? line.split('|').length : ''}`;
    });
}

describe('buildCheckRun: limits', () => {
  test('keeps every part below what GitHub takes, whatever is found', () => {
    const text = fc.oneof(
      fc.constantFrom(...HOSTILE_TEXTS.map((one) => one.text)),
      fc.string({ unit: 'binary', maxLength: 2000 }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), text, (count, value) => {
        const run = buildCheckRun(filledWith(value, count), { ...PLACE, reference: value, autoToml: value });
        expect(run.title.length).toBeLessThanOrEqual(255);
        expect(bytesOf(run.summary)).toBeLessThanOrEqual(60_000);
        expect(bytesOf(run.text ?? '')).toBeLessThanOrEqual(60_000);
        expect(run.annotations.length).toBeLessThanOrEqual(4);
        for (const chunk of run.annotations) {
          expect(chunk.length).toBeLessThanOrEqual(50);
          for (const { title, message } of chunk) {
            expect(title.length).toBeLessThanOrEqual(255);
            expect(bytesOf(message)).toBeLessThan(64 * 1024);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  test('leaves room for the reasons beside two thousand values, and points to the rest', () => {
    const { summary, text } = buildCheckRun(filledWith('a'.repeat(100), 2000), PLACE);
    expect(summary).toMatch(
      /\n\d+ more values: run `peak check --base (b2){20} --head (a1){20}` in a clone\.\n/,
    );
    expect(summary).toContain('### 4000 reasons against it');
    expect(summary.match(/^- ❌/gm)?.length).toBeGreaterThan(20);
    expect(summary).toContain('The rest: run `peak check');
    expect(summary).toContain('Bound to head');
    expect(text?.endsWith('</details>\n')).toBe(true);
  });

  test('has one empty request where there is nothing to annotate', () => {
    expect(buildCheckRun(READY, PLACE).annotations).toEqual([[]]);
  });
});
