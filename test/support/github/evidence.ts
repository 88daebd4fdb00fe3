import type { GovernedFolder } from '../cli/governed-folder.ts';

export const MANUAL = 'peak/promotion/manual';
export const EVIDENCE_HEAD = 'peak/evidence';
export const EVIDENCE = 'reports/learning_snippets';
export const POLICY = 'config/promotion.toml';

/** A piece of evidence for a change of leverage, as a file. */
export function patch(fields: Readonly<Record<string, unknown>> = {}): string {
  const usual = { target: 'portfolio.leverage', new_value: 1.2, confidence_score: 0.9 };
  return `${JSON.stringify({ ...usual, generated_at: '2026-11-21T12:00:00Z', ...fields })}\n`;
}

/** Without the evidence whose tag keeps `strategy.ma_slow_period` from being promoted. */
export function withoutResearch(folder: GovernedFolder): void {
  folder.remove(`${EVIDENCE}/research-20261118T120000Z-fast_ma.json`);
}

/** With no evidence at all: nothing to propose. */
export function withoutEvidence(folder: GovernedFolder): void {
  folder.remove(EVIDENCE);
}
