import { describe, expect, test } from 'vitest';
import { classifyPath, isCompanion, kindOf } from './classify.ts';

const SCOPE = { layers: ['config/extra.toml', 'layers/desk.toml'], machinery: ['src/**', 'package*.json'] };

describe('classifyPath', () => {
  test.each([
    ['config/promotion.toml', 'policy'],
    ['reports/audit/0123.json', 'policy'],
    ['config/config.toml', 'config'],
    ['config/extra.toml', 'config'],
    ['layers/desk.toml', 'config'],
    ['config/live_overrides/auto.toml', 'auto_toml'],
    ['config/auto/learning.override.toml', 'learning_override'],
    ['reports/learning_snippets/a/b.json', 'evidence'],
    ['reports/decisions/x.json', 'decisions'],
    ['reports/live_promotion/x/proposal_meta.json', 'proposal'],
    ['.github/workflows/x.yml', 'machinery'],
    ['.github', 'machinery'],
    ['docs/CODEOWNERS', 'machinery'],
    ['a/b/.gitattributes', 'machinery'],
    ['.gitmodules', 'machinery'],
    ['app.yml', 'machinery'],
    ['action.yml', 'machinery'],
    ['src/x.ts', 'machinery'],
    ['package-lock.json', 'machinery'],
    ['/.github/workflows/x.yml', 'machinery'],
    ['config', 'reserved'],
    ['reports/learning_snippets', 'reserved'],
    ['config/live_overrides/other.toml', 'reserved'],
    ['config/promotion.toml/x', 'reserved'],
    ['layers', 'reserved'],
    ['config/other.toml', 'unrelated'],
    ['docs/app.yml', 'unrelated'],
    ['/config/promotion.toml', 'unrelated'],
    ['README.md', 'unrelated'],
  ])('%s is %s', (path, expected) => {
    expect(classifyPath(path, SCOPE)).toEqual({ class: expected, twinOf: null });
  });

  test.each([
    ['Config/promotion.toml', 'policy', 'config/promotion.toml'],
    ['config/live_overrides/AUTO.toml', 'auto_toml', 'config/live_overrides/auto.toml'],
    ['Reports/learning_snippets/a.json', 'evidence', 'reports/learning_snippets/'],
  ])('%s is a twin', (path, expected, twinOf) => {
    expect(classifyPath(path, SCOPE)).toEqual({ class: expected, twinOf });
  });
});

describe('kindOf', () => {
  test.each([
    [['proposal', 'auto_toml', 'evidence'], true, 'promotion'],
    [['proposal', 'auto_toml', 'policy'], true, 'promotion'],
    [['auto_toml'], false, 'rollback'],
    [['auto_toml', 'proposal'], false, 'rollback'],
    [['auto_toml', 'config'], false, 'config'],
    [['learning_override'], false, 'promotion'],
    [['policy', 'evidence'], false, 'policy'],
    [['evidence', 'unrelated'], false, 'evidence'],
    [['machinery', 'unrelated'], false, 'machinery'],
    [['unrelated'], false, 'unrelated'],
    [[], false, 'unrelated'],
  ] as const)('%j: %s', (classes, addsProposal, expected) => {
    expect(kindOf(new Set(classes), addsProposal)).toBe(expected);
  });
});

test('isCompanion lets only code come with documents', () => {
  expect(isCompanion('unrelated', 'machinery')).toBe(true);
  for (const kind of ['promotion', 'rollback', 'evidence', 'policy', 'config'] as const)
    expect(isCompanion('unrelated', kind)).toBe(false);
});
