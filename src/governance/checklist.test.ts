import { describe, expect, test } from 'vitest';
import { at, NOW } from '../../test/support/builders/at.ts';
import { buildPatch, buildPatchSource, buildRuleContext } from '../../test/support/builders/candidate.ts';
import { runCycle } from '../../test/support/builders/cycle.ts';
import { buildEvidencePatch, buildHealthSignal } from '../../test/support/builders/evidence.ts';
import { buildPolicy } from '../../test/support/builders/policy.ts';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import type { ConfigPatch } from '../learning/index.ts';
import { buildPromotionCandidatesFromPatches } from './candidate.ts';
import { formatChecklist } from './checklist.ts';
import { parseTasks, tasksOf } from './checklist-tasks.ts';
import { filterCandidatesForLive } from './decide.ts';
import { buildPromotionProposals, type PromotionProposal } from './proposal.ts';

const GOLDEN = '../../test/golden/checklist';
const POLICY = buildPolicy({
  approvals: { operators: ['alice', '@org/risk'] },
  auto: { on_step_exceeded: 'clamp' },
});

describe('formatChecklist', () => {
  const { proposals } = runCycle(
    {
      'reports/learning_snippets/health.json': buildHealthSignal(),
      'reports/learning_snippets/patches.jsonl': [
        buildEvidencePatch({ new_value: 2, sample_size: 450, source: 'backtest' }),
        buildEvidencePatch({
          id: '2',
          target: 'strategy.trigger_delay',
          old_value: 10,
          new_value: 8,
          confidence_score: 0.7999,
        }),
        buildEvidencePatch({ id: '3', target: 'macro.regime_weight', old_value: 0.2, new_value: 0.4 }),
        buildEvidencePatch({
          id: '4',
          target: 'portfolio.rebalance',
          old_value: 'daily',
          new_value: 'week|ly `x`',
        }),
        buildEvidencePatch({ id: '5', target: 'risk.stop_loss', old_value: 0.02, new_value: 0.5 }),
        buildEvidencePatch({
          id: '6',
          target: 'portfolio.max_positions',
          old_value: 5,
          new_value: 6,
          tags: ['r_and_d'],
        }),
        buildEvidencePatch({ id: '7', target: 'portfolio.hedged', old_value: false, new_value: 1 }),
      ],
    },
    { policy: POLICY },
  );

  test.each(proposals.map((proposal) => [proposal.lane, proposal] as const))(
    'is this page, in the %s lane',
    async (lane, proposal) => {
      await expect(formatChecklist(proposal, POLICY)).toMatchFileSnapshot(`${GOLDEN}/${lane}.md`);
    },
  );

  test('of the lanes are two', () => {
    expect(proposals.map(({ lane }) => lane)).toEqual(['auto', 'manual']);
  });

  test.each(proposals.map((proposal) => [proposal.lane, proposal] as const))(
    'asks the questions of the contract, in the %s lane',
    (_, proposal) => {
      const text = formatChecklist(proposal, POLICY);
      for (const words of [
        'safe for live',
        'R&D strategies',
        'Risk limits',
        'Leverage is within bounds',
        'Test health and backtests',
      ])
        expect(text).toContain(words);
      expect(parseTasks(text)).toEqual(tasksOf(proposal.changes));
    },
  );

  test('shows a pipe as it is where no table is', () => {
    const proposal = propose([buildPatch({ target: 'a.b', type: 'string', value: 'week|ly' })], ['a.b']);
    const lines = formatChecklist(proposal, POLICY).split('\n');
    const outside = lines.filter((line) => /week\\?\|ly/.test(line) && !line.startsWith('| '));
    expect(outside.length).toBeGreaterThan(1);
    for (const line of outside) expect(line).toContain('`"week|ly"`');
  });

  test('points to the other file for what is too much', () => {
    const many = Array.from({ length: 450 }, (_, i) => buildPatch({ target: `portfolio.p${i}`, value: 2 }));
    const proposal = propose(
      many,
      many.slice(0, 220).map(({ target }) => target),
    );
    const text = formatChecklist(proposal, POLICY);
    expect(text).toContain('20 more changes are in `config_patches.json`');
    expect(text).toContain('30 more decisions are in `config_patches.json`');
    expect(Buffer.byteLength(text)).toBeLessThan(500_000);
  });
});

/** A proposal of patches, as far as the policy lists them; every target is an integer parameter or, with a text, a text. */
function propose(patches: readonly ConfigPatch[], listed: readonly string[]): PromotionProposal {
  const policy = buildPolicy({ eligibility: { targets: [...listed] } });
  const live = new Map(
    patches.map(({ target, value }) => [
      target,
      typeof value === 'string'
        ? ({ type: 'string', value: 'old' } as const)
        : ({ type: 'integer', value: 1 } as const),
    ]),
  );
  const context = buildRuleContext({ policy, live, parameters: live, mode: 'manual_only' });
  const decisions = filterCandidatesForLive(buildPromotionCandidatesFromPatches(patches, policy), context);
  const digest = 'ab'.repeat(32);
  const inputs = {
    policy: digest,
    baseConfig: [],
    autoToml: null,
    learningOverride: null,
    evidenceFiles: 1,
    evidenceRoot: null,
  };
  const facts = {
    baseCommit: null,
    clock: NOW,
    requestedMode: null,
    effectiveMode: 'manual_only',
    published: false,
    inputs,
    declined: [],
  } as const;
  const [proposal] = buildPromotionProposals(decisions, patches, facts);
  if (proposal === undefined) throw new Error('no proposal');
  return proposal;
}

/** Code spans as `C`, escaped characters and entities as `e`, task comments as `T`: what is left is structure or plain. */
function withoutText(line: string): string {
  return line
    .replaceAll(/(?<!`)(`+)(?!`)(.*?[^`])\1(?!`)/g, 'C')
    .replaceAll(/\\[!-/:-@[-`{-~]|&(?:amp|lt|gt);/g, 'e')
    .replace(/<!-- task:[!-;=?-~]+ -->$/, 'T')
    .replaceAll(/\[C\]\([A-Za-z0-9_.~!*'%/-]*\)/g, 'L');
}

/** A page as GitHub takes it apart, line by line; texts do not count. */
function structureOf(page: string): readonly string[] {
  return page.split('\n').map((line) => {
    const bare = withoutText(line);
    const block = /^(#+ |- \[ \] |- |\| )/.exec(bare)?.[1] ?? (bare === '' ? '' : 'text');
    const cells = block === '| ' ? `${bare.split('|').length} cells` : '';
    return `${block}${cells}${bare.endsWith('T') ? ' task' : ''}${/L/.test(bare) && bare.includes('sha256') ? ' link' : ''}`;
  });
}

describe('formatChecklist: hostile text', () => {
  const build = (text: string): { page: string; tasks: number } => {
    const patch = buildPatch({
      target: 'portfolio.text',
      type: 'string',
      value: `new ${text}`,
      claimedOld: [`claimed ${text}`],
      tags: [`tag ${text}`],
      evidenceKinds: [`kind ${text}`],
      sources: [buildPatchSource({ file: `reports/learning_snippets/${text}.json`, line: 7, value: text })],
      newest: at('2026-11-21'),
    });
    const rejected = buildPatch({
      target: 'portfolio.rejected',
      type: 'string',
      value: text,
      claimedOld: [text],
      confidence: 0.1,
    });
    const proposal = propose([patch, rejected], ['portfolio.text']);
    const accepted = proposal.decisions.map((decision, i) => ({
      ...decision,
      findings: [
        ...decision.findings,
        { code: 'RULE_FAILED', effect: 'manual_only', observed: `${i} ${text}` } as const,
      ],
    }));
    const hostile = {
      ...proposal,
      decisions: accepted,
      meta: { ...proposal.meta, baseCommit: `commit ${text}` },
    };
    const policy = { ...POLICY, approvals: { ...POLICY.approvals, operators: [`operator ${text}`] } };
    const page = formatChecklist(hostile, policy);
    return { page, tasks: parseTasks(page).length };
  };
  // Only what the shape rule lets through reaches a page as a value; control characters reach it in names and findings.
  const usable = HOSTILE_TEXTS.filter(({ text }) => !/\p{Cs}/u.test(text) && text.length < 30_000);
  const plain = build('plain');

  test.each(usable)('is text and nothing else: $name', ({ text }) => {
    const { page, tasks } = build(text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '.'));
    expect(structureOf(page)).toEqual(structureOf(plain.page));
    expect(tasks).toBe(plain.tasks);
  });

  test.each(usable)('holds nothing active: $name', ({ text }) => {
    const { page } = build(text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '.'));
    for (const line of page.split('\n')) {
      const bare = withoutText(line);
      expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
      expect(bare).not.toMatch(/<|&#?\w+;|@[A-Za-z0-9]|[a-z]:\/\/|www\.|!\[/i);
      expect(bare.replace(/^#+ /, '')).not.toMatch(/#\d|GH-\d/i);
      expect(bare.includes('](') && !bare.includes('L')).toBe(false);
    }
  });

  test('in a name or a finding is shown, not obeyed', () => {
    const patch = buildPatch({
      target: 'portfolio.text',
      type: 'string',
      value: 'new',
      claimedOld: ['a\n# Approved\n\u001b[31m'],
      sources: [buildPatchSource({ file: 'a\n- [x] b.json', sha256: '' })],
    });
    const page = formatChecklist(propose([patch], ['portfolio.text']), POLICY);
    expect(page).not.toMatch(/\u001b|\n# Approved|\n- \[x\]/);
  });
});
