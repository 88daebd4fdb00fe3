import { sha256Hex, sha256Latin1 } from '../../../src/kernel/digest.ts';
import type { Instant } from '../../../src/kernel/instant.ts';
import type { EvidenceRow } from '../../../src/learning/index.ts';
import { Evidence } from '../../../src/learning/index.ts';
import { at, NOW } from './at.ts';

/** JSON as some tool wrote it; fields that are wrong are the point of many tests. */
export type Json = Readonly<Record<string, unknown>>;

/** A signal that recommends one change, dated a few hours before NOW. */
export function buildSignal(overrides: Json = {}): Json {
  return {
    schema_version: 1,
    signal_id: 'backtest-1',
    source: 'backtest',
    created_at: '2026-11-21T22:00:00Z',
    confidence: 0.9,
    sample_size: 100,
    recommended_changes: [{ target: 'portfolio.leverage', old_value: 1.0, new_value: 1.25 }],
    ...overrides,
  };
}

/** One patch, as seed.md's tools write it. */
export function buildEvidencePatch(overrides: Json = {}): Json {
  return {
    id: 'patch-1',
    target: 'portfolio.leverage',
    old_value: 1.0,
    new_value: 1.25,
    confidence_score: 0.9,
    generated_at: '2026-11-21T22:00:00Z',
    ...overrides,
  };
}

/** A test-health signal with a score and no change. */
export function buildHealthSignal(score: unknown = 92.5, overrides: Json = {}): Json {
  return buildSignal({
    signal_id: 'test_health-1',
    source: 'test_health',
    created_at: '2026-11-22T02:00:00Z',
    metrics: { health_score: score },
    recommended_changes: [],
    ...overrides,
  });
}

/** Evidence read from documents: file name → JSON value, or a text as it stands in the file. */
export function evidenceOf(documents: Readonly<Record<string, unknown>>, now: Instant = NOW): Evidence {
  const evidence = new Evidence(now);
  for (const [path, content] of Object.entries(documents)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    evidence.addDocument(evidence.addFile(path, sha256Hex(text)), text);
  }
  return evidence;
}

/** A row of evidence. Without an `identity` of its own it is another piece of evidence for each file and line. */
export function buildRow(overrides: Partial<EvidenceRow> = {}): EvidenceRow {
  const { file = 0, line = 1 } = overrides;
  return {
    value: 1.25,
    claimedOld: null,
    confidence: 0.9,
    sampleSize: null,
    time: at('2026-11-21T22:00:00Z'),
    expiresAt: null,
    traits: { source: 'backtest', tags: [], liveReady: true, quality: 1 },
    identity: sha256Latin1(`${file}:${line}`),
    file,
    path: `reports/learning_snippets/${String(file).padStart(3, '0')}.json`,
    line,
    ...overrides,
  };
}
