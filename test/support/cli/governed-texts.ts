import { MemoryWorkTree } from './memory-work-tree.ts';

/** Texts of a small governed folder: a parameter with bounds, one without, one that nobody listed. */
export const GOVERNED_TEXTS: Readonly<Record<string, string>> = {
  'config/promotion.toml': `[promotion]
mode = "bounded_auto"

[eligibility]
targets = ["portfolio.leverage", "portfolio.rebalance_frequency"]

[bounds.leverage]
min = 1.0
max = 2.0
max_step = 0.25
`,
  'config/config.toml': `[environment]
mode = "paper"

[portfolio]
leverage = 1.0
rebalance_frequency = "daily"

[risk]
max_position = 0.1
`,
  'config/live_overrides/auto.toml': '# Ours\n\n[auto_applied]\n',
  'config/auto/learning.override.toml': '[overrides]\n',
  'reports/learning_snippets/health.json': evidence({
    source: 'test_health',
    metrics: { health_score: 95 },
    recommended_changes: [],
  }),
  'reports/learning_snippets/leverage.json': evidence({
    recommended_changes: [{ target: 'portfolio.leverage', old_value: 1.0, new_value: 1.25 }],
  }),
  'reports/learning_snippets/frequency.json': evidence({
    recommended_changes: [
      { target: 'portfolio.rebalance_frequency', old_value: 'daily', new_value: 'weekly' },
    ],
  }),
};

/** A signal of the day before `NOW` (test/support/builders/at.ts), as a text. */
export function evidence(fields: Readonly<Record<string, unknown>>): string {
  const usual = {
    schema_version: 1,
    source: 'backtest',
    created_at: '2026-11-21T22:00:00Z',
    confidence: 0.9,
  };
  return JSON.stringify({ ...usual, ...fields });
}

/** That folder in memory; a text of null takes its file away. */
export function governedTree(changes: Readonly<Record<string, string | null>> = {}): MemoryWorkTree {
  const tree = new MemoryWorkTree(GOVERNED_TEXTS);
  for (const [path, text] of Object.entries(changes)) {
    if (text === null) tree.files.delete(path);
    else tree.files.set(path, text);
  }
  return tree;
}
