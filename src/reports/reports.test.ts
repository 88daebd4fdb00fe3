import { describe, expect, test } from 'vitest';
import { NOW } from '../../test/support/builders/at.ts';
import { runCycle } from '../../test/support/builders/cycle.ts';
import { buildEvidencePatch, buildHealthSignal, evidenceOf } from '../../test/support/builders/evidence.ts';
import { PARAMETERS } from '../../test/support/builders/learning.ts';
import { buildPolicy } from '../../test/support/builders/policy.ts';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import { type PatchRecord, type ProposalMeta, toPatchRecords, toProposalMeta } from '../governance/index.ts';
import type { Parameter } from '../kernel/scalar.ts';
import {
  type AppliedOverride,
  emptyOverrideFile,
  type OverrideFile,
  PeakConfig,
} from '../liveconfig/index.ts';
import { auditText } from './audit-report.ts';
import { configDiffJson, configDiffText } from './config-diff.ts';
import { type ExplainedTarget, explanationJson, explanationText } from './explanation.ts';
import { historyText, historyWhyText } from './history-report.ts';
import { learnJson, learnText } from './learn-report.ts';
import { lineDiff } from './line-diff.ts';
import { proposalTable, signalTable } from './listings.ts';
import { placedText } from './placed-change.ts';
import { policyChangeText } from './policy-change.ts';
import { promoteJson, promoteText } from './promote-report.ts';
import { publishText } from './publish-report.ts';
import { rollbackText } from './rollback-report.ts';
import { ackText, statusJson, statusText } from './status-report.ts';
import { PLAIN } from './style.ts';

const ACTIVE = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const SECRET = ['gh', 'p_', 'a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6e7F8'].join('');
const MODE = { mode: 'bounded_auto', degradedByLock: false } as const;
const HEALTH = buildHealthSignal();

const overrideFile = (values: Readonly<Record<string, Parameter>>): OverrideFile => ({
  ...emptyOverrideFile('auto_applied', []),
  overrides: new Map(Object.entries(values)),
});
const text = (value: string): Parameter => ({ type: 'string', value });

/** A cycle whose evidence recommends a text, with documents of a name. */
function cycleWith(value: string, file = 'a.json') {
  const documents = {
    'health.json': HEALTH,
    [file]: buildEvidencePatch({ target: 'portfolio.rebalance', new_value: value, old_value: value }),
  };
  return { evidence: evidenceOf(documents), derivation: runCycle(documents) };
}

function promoteView(value: string) {
  const proposal = {
    id: `live_promotion_${value}`,
    lane: 'manual',
    path: `reports/${value}`,
    state: 'kept',
    changeSetDigest: 'ab',
    changes: 1,
  };
  const autoToml = {
    path: 'auto.toml',
    before: `"a" = "${value}"`,
    after: `"a" = "${value}."`,
    state: 'written',
  };
  const offline = { path: 'o.toml', overrides: 2, state: 'written' };
  return { ...cycleWith(value), mode: MODE, proposals: [proposal], offline, autoToml };
}

function statusView(value: string) {
  const { evidence, derivation } = cycleWith(value);
  const [proposal] = runCycle({ 'health.json': HEALTH, 'a.json': buildEvidencePatch() }).proposals;
  if (proposal === undefined) throw new Error('no proposal');
  const meta: ProposalMeta = {
    ...toProposalMeta(proposal),
    generated_at: value,
    changes: [{ target: value, type: 'string', old: value, new: value }],
  };
  return {
    policy: buildPolicy(),
    mode: MODE,
    evidence,
    refusedOverrides: new Set<string>(),
    autoToml: overrideFile({ 'portfolio.rebalance': text(value) }),
    learningOverride: null,
    parameters: new Map([...PARAMETERS, ['portfolio.rebalance', text(value)] as const]),
    proposals: [{ id: `live_promotion_${value}`, meta }],
    sessions: [sessionView(value)],
    waiting: [{ branch: 'peak/promotion/manual', id: `live_promotion_${value}` }],
    derivation,
  };
}

function sessionView(value: string) {
  const ack = {
    session: value,
    loaded_at: value,
    seen_at: value,
    mode: value,
    digest: 'ab'.repeat(32),
    applied: 1,
    ignored: 0,
  };
  return { ack, state: 'incident', merged: 'cd'.repeat(32), since: NOW } as const;
}

function historyView(value: string) {
  const entry = {
    time: NOW,
    kind: 'rollback',
    from: text(value),
    to: text('x'),
    commit: 'ab'.repeat(20),
    proposals: [value],
    lane: 'manual',
    takenBack: { commit: 'cd'.repeat(20), time: NOW },
    settledBy: null,
  };
  const source = { file: value, line: 1, sha256: value, value, confidence: null };
  const patch = {
    ...anyRecord(),
    new_value: value,
    evidence: { count: 1, kinds: [value], newest: value, undated: 0, root: null, sources: [source] },
  };
  return {
    now: NOW,
    timelines: new Map([['a.b', [entry, { ...entry, kind: 'promotion', takenBack: null }]]]),
    records: {
      pullHints: new Map([[entry.commit, 7]]),
      verdicts: new Map([
        [
          entry.commit,
          {
            pull_request: 7,
            conclusion: 'success',
            merged_at: value,
            approvals: [{ id: 1, login: value }],
          },
        ],
      ]),
      patchOf: () => patch,
      reasonOf: () => value,
    },
    liveOf: () => ({ base: text(value), live: text(value) }),
    isHidden: () => false,
  };
}

function anyRecord(): PatchRecord {
  const { patches, decisions } = cycleWith('x').derivation;
  const [record] = toPatchRecords(patches, decisions);
  if (record === undefined) throw new Error('no patch');
  return record;
}

function placedView(value: string) {
  return {
    state: 'committed',
    paths: [value],
    branch: 'peak/x',
    commit: null,
    pull: { number: 7, url: value, isNew: true },
  } as const;
}

function sessionOf(target: string, value: string): PeakConfig {
  const applied: AppliedOverride = { target, type: 'string', base: value, value };
  return new PeakConfig({}, { mode: value, applied: [applied], ignored: [] });
}

function explained(overrides: Partial<ExplainedTarget>, value: string) {
  const target: ExplainedTarget = {
    target: 'portfolio.rebalance',
    base: text(value),
    live: text(value),
    patch: null,
    decision: null,
    findings: [
      { finding: { code: 'RULE_FAILED', effect: 'pending', observed: value }, key: null, place: null },
    ],
    override: 'applied',
    ...overrides,
  };
  return { ...cycleWith('weekly'), targets: [target], session: sessionOf(target.target, value) };
}

/** Every report of a text that came from outside. */
const RENDERERS: Readonly<Record<string, (value: string) => string>> = {
  configDiffText: (value) => configDiffText(sessionOf('portfolio.rebalance', value), [], PLAIN),
  explanationText: (value) => explanationText(explained({}, value), PLAIN),
  learnText: (value) => {
    const { evidence, derivation } = cycleWith(value);
    return learnText(
      {
        evidence,
        patches: derivation.patches,
        live: new Map([['portfolio.rebalance', text(value)]]),
        overrides: 1,
        overridePath: 'x',
        overrideState: 'written',
      },
      PLAIN,
    );
  },
  lineDiff: (value) => lineDiff(`a\n${value}`, `b\n${value}!`, PLAIN),
  promoteText: (value) => promoteText(promoteView(value), PLAIN),
  publishText: (value) =>
    publishText(
      {
        ...promoteView(value),
        newEvidence: [value],
        publisher: { kind: 'app', login: value },
        calls: [{ name: 'createTree', kind: 'write', count: 1 }],
        branches: [
          {
            branch: 'peak/promotion/auto',
            state: 'created',
            commit: 'ab'.repeat(20),
            pull: { number: 7, url: value, state: 'opened' },
            proposalId: `live_promotion_${value}`,
          },
        ],
      },
      PLAIN,
    ),
  proposalTable: (value) =>
    proposalTable(statusView(value).proposals, [{ branch: 'b', id: `live_promotion_${value}` }], PLAIN),
  signalTable: (value) =>
    signalTable(
      [
        {
          file: value,
          line: 2,
          source: 'backtest',
          time: NOW,
          expired: true,
          changes: [{ target: 'a.b', value, confidence: 0.5 }],
          changeCount: 1,
          healthScore: null,
        },
      ],
      false,
      PLAIN,
    ),
  statusText: (value) => statusText(statusView(value), PLAIN),
  auditText: (value) =>
    auditText(
      {
        base: 'ab'.repeat(20),
        genesis: 'cd'.repeat(20),
        since: null,
        counts: { commits: 3, events: { promotion: 1 }, rebuilt: 1, authentic: 0, verdicts: 0 },
        verdictsSince: null,
        deviations: [null, value].map((acknowledged) => ({
          code: 'UNJUDGED_LOOSENING',
          isNoted: false,
          commit: 'ab'.repeat(20),
          time: NOW,
          files: [value],
          observed: value,
          required: value,
          findings: [{ code: 'FILE_DIFFERS', outcome: 'failed', file: value, target: value }],
          author: value,
          acknowledged,
        })),
      },
      PLAIN,
    ),
  ackText: (value) => ackText(sessionView(value).ack),
  historyText: (value) => historyText(historyView(value), PLAIN),
  historyWhyText: (value) => {
    const view = historyView(value);
    const entry = view.timelines.get('a.b')?.[1] ?? null;
    const sources = new Map([[value, 'changed' as const]]);
    return historyWhyText(view, { target: 'a.b', entry, sources }, PLAIN);
  },
  policyChangeText: (value) =>
    policyChangeText(
      {
        action: { kind: 'hold', target: value },
        edit: { before: 'a\n', after: `a\n${value}\n`, direction: 'tightening' },
        placed: { ...placedView(value), state: 'written', pull: null },
      },
      PLAIN,
    ),
  rollbackText: (value) =>
    rollbackText(
      {
        record: {
          rollback_id: 'rollback_20261122T030000Z_00000000',
          proposals: [value, `${value} covered`],
          rebuilt: false,
          targets: [{ target: 'a.b', undone: [value] }],
        },
        done: null,
        effect: [
          { target: 'a.b', base: text(value), before: text(value), after: text(value), riskier: null },
        ],
        staying: 1,
        nothing: null,
        placed: placedView(value),
      },
      PLAIN,
    ),
};

describe.each(Object.entries(RENDERERS))('%s', (_, render) => {
  const plain = render('plain').split('\n').length;

  test.each(HOSTILE_TEXTS.filter((hostile) => hostile.text.length < 10_000))(
    'shows text, and obeys nothing: $name',
    (hostile) => {
      const shown = render(hostile.text);
      expect(shown).not.toMatch(ACTIVE);
      if (!/\n/.test(hostile.text)) expect(shown.split('\n').length).toBeLessThanOrEqual(plain);
    },
  );
});

test('statusText calls nothing live that a session refuses', () => {
  const file = overrideFile({
    'a.b': { type: 'float', value: 1.5 },
    'portfolio.leverage': { type: 'float', value: 4 },
  });
  const view = { ...statusView('x'), autoToml: file, refusedOverrides: new Set(['portfolio.leverage']) };
  expect(statusText(view, PLAIN)).toContain('1 override, 1 refused');
  expect(statusText(view, PLAIN)).not.toMatch(/^portfolio\.leverage/m);
  expect(statusJson(view)).toMatchObject({
    live_overrides: [{ target: 'a.b', value: 1.5 }],
    refused_overrides: ['portfolio.leverage'],
  });
});

describe('secrets', () => {
  const target = 'live.api_keys.binance';
  const session = sessionOf(target, 'plain-words');
  const file = overrideFile({ [target]: text('plain-words'), 'portfolio.rebalance': text(SECRET) });
  const status = { ...statusView('x'), autoToml: file, parameters: new Map([[target, text('plain-words')]]) };

  test.each<readonly [string, unknown]>([
    ['configDiffText', configDiffText(session, [], PLAIN)],
    ['configDiffJson', configDiffJson(session, [])],
    ['configDiffText, by form', configDiffText(sessionOf('portfolio.rebalance', SECRET), [], PLAIN)],
    ['configDiffJson, by form', configDiffJson(sessionOf('portfolio.rebalance', SECRET), [])],
    ['statusText', statusText(status, PLAIN)],
    ['statusJson', statusJson(status)],
    [
      'explanationText, without evidence',
      explanationText(explained({ target, override: 'none', findings: [] }, 'plain-words'), PLAIN),
    ],
    [
      'explanationText, with an override',
      explanationText(
        { ...explained({ target, findings: [] }, 'plain-words'), session: sessionOf(target, 'x') },
        PLAIN,
      ),
    ],
    [
      'explanationText, by form',
      explanationText(
        { ...explained({ override: 'none', findings: [] }, SECRET), session: sessionOf('a.b', 'x') },
        PLAIN,
      ),
    ],
    ['explanationJson', explanationJson(explained({ target, findings: [] }, 'plain-words'))],
  ])('stand nowhere in %s', (_, shown) => {
    const found =
      typeof shown === 'string'
        ? shown.replaceAll('mode "plain-words"', '')
        : JSON.stringify({ ...(shown as object), mode: '', session: '' });
    expect(found).not.toContain('plain-words');
    expect(found).not.toContain(SECRET);
  });

  test('stand nowhere in what a cycle tells', () => {
    const documents = {
      'a.json': [
        buildEvidencePatch({ target, new_value: 'plain-words', old_value: 'plain-words' }),
        buildEvidencePatch({ id: '2', target: 'portfolio.rebalance', new_value: SECRET, old_value: SECRET }),
        buildEvidencePatch({ id: '3', target: 'risk.stop_loss', new_value: 0.777, old_value: 0.777 }),
      ],
    };
    const parameters = new Map([...PARAMETERS, [target, text('plain-words')] as const]);
    const derivation = runCycle(documents, { parameters });
    const evidence = evidenceOf(documents);
    const view = { evidence, derivation, mode: MODE, proposals: [], offline: null, autoToml: null };
    const learned = {
      evidence,
      patches: derivation.patches,
      live: parameters,
      overrides: 0,
      overridePath: 'x',
      overrideState: 'written',
    };
    const told = [
      promoteText(view, PLAIN),
      JSON.stringify(promoteJson(view)),
      learnText(learned, PLAIN),
      JSON.stringify(learnJson(learned)),
    ].join('\n');
    for (const hidden of ['plain-words', SECRET, '0.777']) expect(told).not.toContain(hidden);
  });
});

describe('promoteText', () => {
  test('says why nothing is written in mode disabled, and that a lock holds', () => {
    const view = { ...promoteView('x'), proposals: [] };
    expect(promoteText({ ...view, mode: { mode: 'disabled', degradedByLock: false } }, PLAIN)).toMatch(
      /killswitch/,
    );
    expect(promoteText({ ...view, mode: { mode: 'manual_only', degradedByLock: true } }, PLAIN)).toMatch(
      /LOCKED/,
    );
  });

  test('shows what changes in auto.toml, and nothing else of it', () => {
    const autoToml = {
      path: 'auto.toml',
      before: '[auto_applied]\n"a" = 1\n\n"b" = 2\n',
      after: '[auto_applied]\n"a" = 1\n\n"b" = 3\n',
      state: 'written',
    };
    const shown = promoteText({ ...promoteView('x'), autoToml }, PLAIN);
    expect(shown).toContain('- "b" = 2\n+ "b" = 3');
    expect(shown).not.toContain('"a" = 1');
  });
});

test('lineDiff shows what only one side has', () => {
  expect(lineDiff('a\nb\nc\n', 'a\nx\nc\n', PLAIN)).toBe('- b\n+ x');
  expect(lineDiff('a\n', 'a\n', PLAIN)).toBe('');
});

test.each([
  ['created', ' published along.'],
  ['dry_run', ' would be published along.'],
  ['unchanged', ': on a branch already, or kept here for the next commit.'],
  ['moot', ': on a branch already, or kept here for the next commit.'],
])('publishText does not call evidence published when a branch is %s', (state, words) => {
  const publisher = { kind: 'local', login: 'peak' } as const;
  const view = { ...promoteView('a'), newEvidence: ['e.json'], publisher, calls: [] };
  const branch = { branch: 'b', state, commit: 'ab'.repeat(20), proposalId: null, pull: null };
  const shown = publishText({ ...view, branches: [branch] }, PLAIN);
  expect(shown).toContain(`1 new evidence file${words}\n`);
});

test('signalTable cuts rows short, and says what is not there', () => {
  const changes = Array.from({ length: 20 }, (_, i) => ({ target: `a.x${i}`, value: i, confidence: null }));
  const row = { file: 'f', line: 1, source: 's', time: NOW, expired: false, changes, healthScore: 50 };
  const rows = Array.from({ length: 41 }, () => ({ ...row, changeCount: 30 }));
  const text = signalTable(rows, false, PLAIN);
  expect(text).toContain('    test health 50\n    a.x0 → 0 (no confidence)\n');
  expect(text).toContain('    a.x7 → 7 (no confidence)\n    … and 22 more\n');
  expect(text).toContain('… and 1 more');
  expect(signalTable(rows, true, PLAIN)).toContain('the newest 41');
});

test('listings have words for nothing', () => {
  expect(signalTable([], false, PLAIN)).toContain('No signal');
  expect(proposalTable([], [], PLAIN)).toContain('No proposals');
});

test('placedText says which pull request was open already', () => {
  const pull = { ...placedView('https://github.example/pull/7').pull };
  const opened = placedText({ ...placedView('x'), pull }, PLAIN);
  const found = placedText({ ...placedView('x'), state: 'kept', pull: { ...pull, isNew: false } }, PLAIN);
  for (const text of [opened, found]) expect(text).toContain('#7  https://github.example/pull/7');
  expect(found).not.toBe(opened);
});
