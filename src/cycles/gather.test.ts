import { describe, expect, test } from 'vitest';
import { NOW } from '../../test/support/builders/at.ts';
import { governedTree } from '../../test/support/cli/governed-texts.ts';
import { MemoryWorkTree } from '../../test/support/cli/memory-work-tree.ts';
import { AUTO_TOML_PATH, BASE_CONFIG_PATH, POLICY_PATH } from '../kernel/governed-paths.ts';
import { type Gathered, gather, readBaseTexts } from './gather.ts';
import type { GovernedSource } from './work-tree-port.ts';

function gathered(source: GovernedSource): Gathered {
  const result = gather(source, { clock: NOW });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

describe('gather', () => {
  test('live values are the base and every override that a session would accept', () => {
    const { live, warnings } = gathered(
      governedTree({
        [AUTO_TOML_PATH]:
          '[auto_applied]\n"portfolio.leverage" = 1.5\n"gone.x" = 1\n"portfolio.rebalance_frequency" = 5\n',
      }),
    );
    expect(live.get('portfolio.leverage')).toEqual({ type: 'float', value: 1.5 });
    expect(live.get('portfolio.rebalance_frequency')).toEqual({ type: 'string', value: 'daily' });
    expect(live.has('gone.x')).toBe(false);
    expect(warnings.warnings.map(({ code }) => code)).toEqual([
      'OVERRIDE_UNKNOWN_TARGET',
      'OVERRIDE_WRONG_TYPE',
    ]);
  });

  test('derives nothing from a part of the evidence', () => {
    const source: GovernedSource = {
      ...governedTree(),
      readEvidence: (evidence) => {
        const file = evidence.addFile('reports/learning_snippets/a.jsonl', null);
        const line = JSON.stringify({ target: 'portfolio.leverage', new_value: 1.25 });
        for (let i = 0; i < 500_000; i += 1) evidence.addLine(file, i, line, false);
      },
    };
    const result = gather(source, { clock: NOW });
    expect(result.problems.map(({ code }) => code)).toEqual(['EVIDENCE_LIMIT']);
    expect(result.ok).toBe(false);
  });

  test('digests do not depend on the order in which files were written', () => {
    const tree = governedTree();
    const turned = new MemoryWorkTree(Object.fromEntries([...tree.files].reverse()));
    expect(gathered(turned).digests()).toEqual(gathered(tree).digests());
  });

  test.each([POLICY_PATH, BASE_CONFIG_PATH, AUTO_TOML_PATH, 'reports/learning_snippets/leverage.json'])(
    'digests tell a change of %s',
    (path) => {
      const tree = governedTree();
      const changed = governedTree({ [path]: `${tree.files.get(path)}\n` });
      expect(gathered(changed).digests()).not.toEqual(gathered(tree).digests());
    },
  );

  test('a base configuration beyond a hard limit fails', () => {
    const tree = governedTree({ [BASE_CONFIG_PATH]: '[portfolio]\nleverage = 3.1\n' });
    expect(gather(tree, { clock: NOW }).problems).toMatchObject([
      { code: 'BASE_HARD_LIMIT', file: BASE_CONFIG_PATH },
    ]);
  });

  test('reads the evidence only when everything else is sound', () => {
    const tree = governedTree({ [POLICY_PATH]: null });
    const source: GovernedSource = {
      readText: tree.readText,
      readEvidence: () => {
        throw new Error('read in vain');
      },
    };
    expect(gather(source, { clock: NOW }).problems).toMatchObject([{ code: 'POLICY_MISSING' }]);
  });
});

describe('readBaseTexts', () => {
  test('answers base and layers in order, or names all that are missing', () => {
    const tree = governedTree({ 'config/a.toml': 'a = 1\n', 'config/b.toml': 'b = 1\n' });
    const layers = ['config/b.toml', 'config/a.toml'];
    const found = readBaseTexts(tree, layers);
    expect(found.ok && found.value.map(({ file }) => file)).toEqual([BASE_CONFIG_PATH, ...layers]);
    const missing = readBaseTexts(tree, ['config/x.toml', 'config/a.toml', 'config/y.toml']);
    expect(missing.problems.map(({ file }) => file)).toEqual(['config/x.toml', 'config/y.toml']);
  });
});
