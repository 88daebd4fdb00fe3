import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A patch with the twelve fields that the original system writes, and an experiment of its own. */
function patch(i: number, targets: number): string {
  return JSON.stringify({
    id: `patch-${i}`,
    target: `strategy.p${i % targets}`,
    old_value: 1,
    new_value: 1 + ((i * 7) % 9) / 100 + 0.01,
    status: 'APPLIED_OFFLINE',
    generated_at: `2026-11-20T03:${String(i % 60).padStart(2, '0')}:00Z`,
    applied_at: '2026-11-20T04:00:00Z',
    promoted_at: null,
    reason: 'walk-forward backtest improved the Sharpe ratio',
    source_experiment_id: `experiment-${i}`,
    confidence_score: 0.8 + (i % 10) / 100,
    meta: { is_live_ready: true, sharpe: 1.42, max_drawdown: -0.14, symbol: 'BTC/EUR', timeframe: '1h' },
  });
}

/** A governed folder whose base configuration has `targets` parameters, all of them eligible. */
export function writeGovernedFolder(root: string, targets: number): void {
  mkdirSync(join(root, 'config'), { recursive: true });
  mkdirSync(join(root, 'reports/learning_snippets'), { recursive: true });
  const parameters = Array.from({ length: targets }, (_, i) => `p${i} = 1.0\n`).join('');
  writeFileSync(
    join(root, 'config/config.toml'),
    `[environment]\nmode = "paper"\n\n[portfolio]\nleverage = 1.0\n\n[strategy]\n${parameters}`,
  );
  writeFileSync(
    join(root, 'config/promotion.toml'),
    '[promotion]\nmode = "manual_only"\n\n[eligibility]\ntargets = ["strategy.*"]\n',
  );
}

/** One patch a file. */
export function writePatchFiles(root: string, count: number, targets: number): void {
  const folder = join(root, 'reports/learning_snippets');
  for (let i = 0; i < count; i += 1) writeFileSync(join(folder, `patch-${i}.json`), patch(i, targets));
}

/** All patches in one file of JSON Lines. */
export function writePatchLines(root: string, count: number, targets: number): string {
  const path = join(root, 'reports/learning_snippets/patches.jsonl');
  const chunks: string[] = [];
  for (let start = 0; start < count; start += 10_000) {
    const size = Math.min(10_000, count - start);
    chunks.push(`${Array.from({ length: size }, (_, i) => patch(start + i, targets)).join('\n')}\n`);
  }
  writeFileSync(path, chunks.join(''));
  return path;
}

/** 200 parameters in the base configuration, each with a live override, and a policy beside them. */
export function writeOverrides(root: string, count: number): void {
  writeGovernedFolder(root, count);
  mkdirSync(join(root, 'config/live_overrides'), { recursive: true });
  const lines = Array.from({ length: count }, (_, i) => `"strategy.p${i}" = 1.5`).join('\n\n');
  writeFileSync(join(root, 'config/live_overrides/auto.toml'), `[auto_applied]\n${lines}\n`);
}
