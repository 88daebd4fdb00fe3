import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { runCycle } from '../../test/support/builders/cycle.ts';
import { buildEvidencePatch, buildHealthSignal } from '../../test/support/builders/evidence.ts';
import { buildPolicy } from '../../test/support/builders/policy.ts';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import type { PatchesArtifact, PatchRecord, ProposalMeta } from './artifact-schema.ts';
import {
  formatPatchesArtifact,
  formatProposalMeta,
  parsePatchesArtifact,
  parseProposalMeta,
  toPatchRecords,
  toProposalMeta,
} from './artifacts.ts';
import { formatProposalFolder } from './folder.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(...HOSTILE_TEXTS.map((hostile) => hostile.text.slice(0, 200))),
);
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0));
const value = fc.oneof(number, text, fc.boolean());
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
const type = fc.constantFrom('integer', 'float', 'string', 'boolean') as fc.Arbitrary<'float'>;
const mode = fc.constantFrom('disabled', 'manual_only', 'bounded_auto') as fc.Arbitrary<'disabled'>;
const lane = fc.constantFrom('auto', 'manual') as fc.Arbitrary<'auto'>;
const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 });

const meta: fc.Arbitrary<ProposalMeta> = fc.record({
  schema_version: fc.constant(1 as const),
  proposal_id: fc.stringMatching(/^live_promotion_\d{8}T\d{6}Z_[0-9a-f]{8}$/),
  title: text,
  description: text,
  lane,
  derivation_version: fc.integer({ min: 1, max: 99 }),
  base_commit: fc.option(text),
  generated_at: text,
  requested_mode: fc.option(mode),
  effective_mode: mode,
  published: fc.boolean(),
  change_set_digest: digest,
  changes: list(fc.record({ target: text, type, old: value, new: value })),
  inputs: fc.record({
    policy: digest,
    base_config: list(fc.record({ file: text, sha256: digest })),
    auto_toml: fc.option(digest),
    learning_override: fc.option(digest),
    evidence: fc.record({ files: fc.nat(), root: fc.option(digest) }),
  }),
  counts: fc.dictionary(fc.constantFrom('PENDING', 'ACCEPTED_FOR_PROPOSAL'), fc.nat(), {
    noNullPrototype: true,
  }),
});

const finding = fc.record(
  { code: text, effect: fc.constant('note' as const), observed: text, required: text, until: text },
  { requiredKeys: ['code', 'effect'], noNullPrototype: true },
) as fc.Arbitrary<NonNullable<PatchRecord['decision']>['findings'][number]>;
const record: fc.Arbitrary<PatchRecord> = fc.record({
  id: text,
  target: text,
  old_value: fc.option(value),
  new_value: value,
  type: fc.option(type),
  status: fc.constantFrom('PROPOSED', 'APPLIED_OFFLINE', 'PROMOTED', 'RETIRED') as fc.Arbitrary<'PROPOSED'>,
  confidence_score: fc.option(number),
  sample_size: fc.option(number),
  claimed_old_values: list(value),
  conflict: fc.option(
    fc.constantFrom('direction', 'disagreement', 'experiment') as fc.Arbitrary<'direction'>,
  ),
  tags: list(text),
  eligible_for_live: fc.boolean(),
  evidence: fc.record({
    count: fc.nat(),
    kinds: list(text),
    newest: fc.option(text),
    undated: fc.nat(),
    root: fc.option(digest),
    sources: list(
      fc.record({
        file: text,
        line: fc.integer({ min: 1, max: 1e6 }),
        sha256: text,
        value,
        confidence: fc.option(number),
      }),
    ),
  }),
  decision: fc.option(
    fc.record({
      status: fc.constant('PENDING' as const),
      lane: fc.option(lane),
      planned_value: value,
      until: fc.option(text),
      findings: list(finding),
      reasons: list(text),
    }),
  ),
});
const patches: fc.Arbitrary<PatchesArtifact> = fc.record({
  schema_version: fc.constant(1 as const),
  id: text,
  generated_at: text,
  patches: list(record),
});

const plain = (found: unknown): unknown => structuredClone(found);

describe('proposal_meta.json', () => {
  test('is read back as what it was', () => {
    fc.assert(
      fc.property(meta, (found) => {
        const parsed = parseProposalMeta(formatProposalMeta(found), 'm.json');
        expect(parsed).toEqual({ ok: true, value: plain(found), problems: [] });
      }),
    );
  });
});

const formatPatches = ({ id, generated_at, patches: records }: PatchesArtifact) =>
  formatPatchesArtifact(id, generated_at, records);

describe('config_patches.json', () => {
  test('is read back as what it was', () => {
    fc.assert(
      fc.property(patches, (found) => {
        const parsed = parsePatchesArtifact(formatPatches(found), 'p.json');
        expect(parsed).toEqual({ ok: true, value: plain(found), problems: [] });
      }),
    );
  });

  test('has one patch a line, whatever its texts', () => {
    fc.assert(
      fc.property(patches, (found) => {
        const lines = formatPatches(found).split(/[\n\r]/);
        expect(lines).toHaveLength(found.patches.length === 0 ? 7 : 8 + found.patches.length);
        expect(lines.slice(5, 5 + found.patches.length).every((line) => line.startsWith('{"id":'))).toBe(
          true,
        );
      }),
    );
  });

  test('without patches is JSON, too', () => {
    const empty: PatchesArtifact = { schema_version: 1, id: 'x', generated_at: 'y', patches: [] };
    expect(JSON.parse(formatPatches(empty))).toEqual(empty);
  });
});

describe('parse', () => {
  const good = () => JSON.parse(formatPatchesArtifact('x', 'y', []));

  test.each<readonly [string, string]>([
    ['nothing', ''],
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['NaN', '{"schema_version": NaN}'],
    ['another version', JSON.stringify({ ...good(), schema_version: 2 })],
    ['an unknown key', JSON.stringify({ ...good(), extra: 1 })],
    ['a patch that is none', JSON.stringify({ ...good(), patches: [{}] })],
    ['a depth bomb', '['.repeat(100_000) + ']'.repeat(100_000)],
  ])('refuses %s with a problem', (_, found) => {
    for (const result of [parsePatchesArtifact(found, 'a.json'), parseProposalMeta(found, 'a.json')]) {
      expect(result.ok).toBe(false);
      expect(result.problems[0]).toMatchObject({ code: 'ARTIFACT_INVALID', file: 'a.json' });
    }
  });
});

describe('the artifacts of a cycle', () => {
  const secret = ['gh', 'p_', 'a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6e7F8'].join('');
  const derivation = runCycle({
    'a.json': [
      buildHealthSignal(),
      buildEvidencePatch(),
      buildEvidencePatch({
        id: '2',
        target: 'live.api_keys.binance',
        new_value: 'hunter2-value',
        old_value: 'hunter1-value',
      }),
      buildEvidencePatch({ id: '3', target: 'portfolio.rebalance', new_value: secret, old_value: secret }),
      buildEvidencePatch({ id: '4', target: 'a.unknown', new_value: 5 }),
    ],
  });
  const [proposal] = derivation.proposals;
  if (proposal === undefined) throw new Error('no proposal');
  const folder = formatProposalFolder(proposal, buildPolicy());

  test('are three files in one folder', () => {
    const path = `reports/live_promotion/${proposal.proposalId}`;
    expect([...folder.keys()].sort()).toEqual(
      ['OPERATOR_CHECKLIST.md', 'config_patches.json', 'proposal_meta.json'].map((name) => `${path}/${name}`),
    );
  });

  test('are valid, and read back as what they were', () => {
    const now = '2026-11-22T03:00:00Z';
    const records = [...toPatchRecords(proposal.patches, proposal.decisions)];
    const text = formatPatchesArtifact(proposal.proposalId, now, records);
    expect(parsePatchesArtifact(text, 'p')).toMatchObject({
      ok: true,
      value: { id: proposal.proposalId, generated_at: now, patches: records },
    });
    const found = toProposalMeta(proposal);
    expect(parseProposalMeta(formatProposalMeta(found), 'm')).toMatchObject({ ok: true, value: found });
    expect(found.counts).toEqual({
      ACCEPTED_FOR_PROPOSAL: 1,
      PENDING: 0,
      REJECTED_BY_SANITY_CHECK: 1,
      REJECTED_BY_POLICY: 2,
    });
  });

  test('hold no hidden value', () => {
    const all = [...folder.values()].join('');
    for (const hidden of ['hunter1', 'hunter2', secret]) expect(all).not.toContain(hidden);
    expect(all).toContain('[redacted]');
  });

  test('are the same bytes for the same inputs', () => {
    expect([...formatProposalFolder(proposal, buildPolicy())]).toEqual([...folder]);
  });
});
