import { describe, expect, test } from 'vitest';
import { NOW } from '../../test/support/builders/at.ts';
import { governedTree } from '../../test/support/cli/governed-texts.ts';
import { AUTO_TOML_PATH, BASE_CONFIG_PATH } from '../kernel/governed-paths.ts';
import { type Explanation, explain } from './explain.ts';
import { loadLiveConfig } from './load-config.ts';

const AUTO = '[auto_applied]\n"portfolio.leverage" = 1.25\n"gone.x" = 1\n';

function explained(
  env: string,
  overrides: boolean,
  more: Readonly<Record<string, string>> = {},
): Explanation {
  const tree = governedTree({ [AUTO_TOML_PATH]: AUTO, ...more });
  const session = loadLiveConfig(tree.readText, {
    env,
    overrides,
    configPath: BASE_CONFIG_PATH,
    log: () => undefined,
  });
  if (!session.ok) throw new Error('no session');
  const result = explain(tree, { clock: NOW, history: null }, session.value, null);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

const overridesOf = ({ targets }: Explanation) => targets.map(({ target, override }) => [target, override]);

describe('explain', () => {
  test.each<[string, boolean, string, string]>([
    ['live', true, 'applied', 'ignored'],
    ['live', false, 'switched_off', 'switched_off'],
    ['paper', true, 'not_live_like', 'not_live_like'],
  ])('in %s (overrides: %s) tells what becomes of each override', (env, overrides, leverage, gone) => {
    expect(overridesOf(explained(env, overrides))).toEqual([
      ['gone.x', gone],
      ['portfolio.leverage', leverage],
      ['portfolio.rebalance_frequency', 'none'],
    ]);
  });

  test('places the findings of very many targets', () => {
    const count = 20_000;
    const lines = Array.from({ length: count }, (_, i) => `{"target":"a.x${i}","new_value":1}`).join('\n');
    const { targets } = explained('live', true, { 'reports/learning_snippets/many.jsonl': lines });
    const one = targets.find(({ target }) => target === 'a.x7');
    expect(targets).toHaveLength(count + 3);
    expect(one?.findings.map(({ finding }) => finding.code)).toContain('TARGET_NOT_LISTED');
    expect(
      one?.findings.find(({ finding }) => finding.code === 'TARGET_NOT_LISTED')?.place?.line,
    ).toBeGreaterThan(1);
  });
});
