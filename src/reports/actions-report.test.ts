import { describe, expect, test } from 'vitest';
import { runCycle } from '../../test/support/builders/cycle.ts';
import { buildEvidencePatch, evidenceOf } from '../../test/support/builders/evidence.ts';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import { problem, warning } from '../kernel/problem.ts';
import { escapeMarkdown } from '../kernel/text/escape-markdown.ts';
import { jobSummary, problemAnnotations, stepOutputs } from './actions-report.ts';
import { type BranchView, describeCalls, identityLines, type PublishView } from './publish-report.ts';

const BRANCH: BranchView = {
  branch: 'peak/promotion/manual',
  state: 'created',
  commit: 'ab'.repeat(20),
  proposalId: 'live_promotion_20261122T030000Z_0badc0de',
  pull: { number: 7, url: 'https://github.com/acme/trading/pull/7', state: 'opened' },
};

function view(overrides: Partial<PublishView> = {}): PublishView {
  const documents = { 'a.json': buildEvidencePatch() };
  return {
    evidence: evidenceOf(documents),
    mode: { mode: 'manual_only', degradedByLock: false },
    derivation: runCycle(documents),
    proposals: [],
    offline: null,
    autoToml: null,
    newEvidence: ['a.json'],
    branches: [BRANCH],
    publisher: { kind: 'app', login: 'peak[bot]' },
    calls: [
      { name: 'listPulls', kind: 'read', count: 2 },
      { name: 'accessToken', kind: 'token', count: 1 },
      { name: 'createTree', kind: 'write', count: 1 },
      { name: 'git fetch', kind: 'git', count: 1 },
    ],
    ...overrides,
  };
}

describe('stepOutputs', () => {
  const outputsOf = (branches: readonly BranchView[]) =>
    Object.fromEntries(
      [...stepOutputs({ branches }).matchAll(/^(\w+)<<(\S+)\n(.*)\n\2$/gm)].map(([, name, , value]) => [
        name,
        value,
      ]),
    );

  test('name the proposal, its pull request and whether anything changed', () => {
    expect(outputsOf([BRANCH])).toEqual({
      proposal_id: BRANCH.proposalId,
      pull_request: '7',
      changed: 'true',
    });
  });

  test('are empty for what is not there, and tell that nothing changed', () => {
    expect(outputsOf([])).toEqual({ proposal_id: '', pull_request: '', changed: 'false' });
    const same = { ...BRANCH, state: 'unchanged', pull: { number: 7, url: '', state: 'unchanged' } };
    expect(outputsOf([same]).changed).toBe('false');
    expect(outputsOf([{ ...same, pull: { ...same.pull, state: 'updated' } }]).changed).toBe('true');
  });
});

describe('problemAnnotations', () => {
  test('put errors first, in their places, ten of a kind', () => {
    const many = Array.from({ length: 12 }, () => warning('JSON_TRUNCATED', {}, { file: 'a.json', line: 3 }));
    const lines = problemAnnotations([...many, problem('POLICY_MISSING', {}, { file: 'p.toml' })])
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(11);
    expect(lines[0]).toMatch(/^::error file=p\.toml::/);
    expect(lines[1]).toMatch(/^::warning file=a\.json,line=3::/);
  });
});

describe('jobSummary', () => {
  test('reads like the golden file', async () => {
    const problems = [warning('JSON_TRUNCATED', {}, { file: 'reports/a.json' })];
    await expect(jobSummary(view(), problems)).toMatchFileSnapshot('../../test/golden/job-summary.md');
  });

  test('says what it means who published', () => {
    const kinds = ['app', 'token'] as const;
    const said = kinds.map((kind) => jobSummary(view({ publisher: { kind, login: 'bot' } }), []));
    for (const [i, kind] of kinds.entries())
      for (const line of identityLines({ publisher: { kind, login: 'bot' } })) {
        expect(said[i]).toContain(escapeMarkdown(line));
        expect(said[1 - i]).not.toContain(escapeMarkdown(line));
      }
  });

  test.each(HOSTILE_TEXTS.filter(({ text }) => text.length < 10_000))(
    'lets no text out: $name',
    ({ text }) => {
      const hostile = view({
        branches: [{ ...BRANCH, branch: text, proposalId: text }],
        publisher: { kind: 'token', login: text },
      });
      const summary = jobSummary(hostile, [warning('FILE_UNREADABLE', { reason: text }, { file: text })]);
      const bare = summary
        .replaceAll(/(?<!`)(`+)(?!`)([^\n]*?[^`])\1(?!`)/g, 'C')
        .replaceAll(/\\[!-/:-@[-`{-~]|&(?:amp|lt|gt);/g, 'e');
      expect(bare).not.toMatch(/<|@[A-Za-z0-9]|!\[/);
      expect(summary).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e\u2066-\u2069]/);
      expect(summary.split('\n').filter((line) => /^#{1,6} /.test(line))).toEqual(['## Promotion cycle']);
    },
  );
});

test('describeCalls counts by kind, and names the token exchange', () => {
  expect(describeCalls(view().calls)).toBe('2 reads, 1 token exchange, 1 write, 1 git fetch');
});
