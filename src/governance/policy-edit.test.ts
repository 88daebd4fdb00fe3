import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { at } from '../../test/support/builders/at.ts';
import { parsePolicy } from './policy.ts';
import { editPolicy, modeOf, type PolicyAction } from './policy-edit.ts';

const SHIPPED = readFileSync(join(import.meta.dirname, '../../config/promotion.toml'), 'utf8');
const NOW = at('2026-11-22T03:00:00Z');
const DISABLE: PolicyAction = { kind: 'mode', mode: 'disabled' };
const HOLD: PolicyAction = { kind: 'hold', target: 'portfolio.leverage', reason: 'wild swings', until: null };

function edit(text: string | null, action: PolicyAction) {
  const result = editPolicy(text, action, NOW);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return { ...result.value, codes: result.problems.map(({ code, severity }) => `${severity} ${code}`) };
}

describe('editPolicy', () => {
  test('switches promotion off, which tightens', () => {
    const edited = edit(SHIPPED, DISABLE);
    expect(modeOf(edited.after)).toBe('disabled');
    expect(edited).toMatchObject({ direction: 'tightening', modeBefore: 'manual_only', codes: [] });
  });

  test('changes nothing where the mode is that already, however it is written', () => {
    const text = "[promotion]\nmode = 'disabled'\n";
    expect(edit(text, DISABLE).after).toBe(text);
  });

  test.each([
    ['disabled', 'manual_only', 'loosening'],
    ['manual_only', 'bounded_auto', 'loosening'],
    ['bounded_auto', 'manual_only', 'tightening'],
    ['nonsense', 'manual_only', 'loosening'],
  ] as const)('from %s to %s: %s', (from, to, direction) => {
    const text = `[promotion]\nmode = "${from}"\n`;
    expect(edit(text, { kind: 'mode', mode: to }).direction).toBe(direction);
  });

  test('switches off a policy that has other errors, and tells them as warnings', () => {
    const edited = edit('[promotion]\nmode = "bounded_auto"\ncolour = 1\n', DISABLE);
    expect(modeOf(edited.after)).toBe('disabled');
    expect(edited.codes).toEqual(['warning KEY_UNKNOWN']);
  });

  test.each<readonly [string, string | null, PolicyAction, string]>([
    ['without a policy', null, DISABLE, 'POLICY_MISSING'],
    ['that is no TOML', '[promotion', DISABLE, 'TOML_INVALID'],
    [
      'with other errors',
      '[promotion]\nmode = "disabled"\ncolour = 1\n',
      { kind: 'mode', mode: 'manual_only' },
      'KEY_UNKNOWN',
    ],
    ['with other errors', '[promotion]\nmode = "disabled"\ncolour = 1\n', HOLD, 'KEY_UNKNOWN'],
    [
      'with holds of another form',
      'promotion.mode = "disabled"\nholds."portfolio.leverage".reason = "a"\n',
      HOLD,
      'TOML_EDIT_REFUSED',
    ],
  ])('refuses a policy %s', (_, text, action, code) => {
    const result = editPolicy(text, action, NOW);
    expect(result.ok).toBe(false);
    expect(result.problems.map((found) => found.code)).toEqual([code]);
  });

  test('holds a target, until somebody releases it or until a time', () => {
    const held = edit(SHIPPED, HOLD);
    const policy = parsePolicy(held.after);
    expect(policy.ok && policy.value.holds).toEqual({
      'portfolio.leverage': { reason: 'wild swings', since: '2026-11-22T03:00:00Z' },
    });
    expect(held.after.startsWith(SHIPPED)).toBe(true);
    expect(held.direction).toBe('tightening');
    const timed = edit(held.after, { ...HOLD, until: at('2026-12-01T00:00:00Z') });
    expect(timed.after).toContain('until = "2026-12-01T00:00:00Z"');
  });

  test('a reason is data: it cannot end its line or its text', () => {
    const reason = 'a"}\n[promotion]\nmode = "bounded_auto"\u0007';
    const policy = parsePolicy(edit(SHIPPED, { ...HOLD, reason }).after);
    expect(policy.ok && policy.value.holds['portfolio.leverage']?.reason).toBe(reason);
    expect(policy.ok && policy.value.promotion.mode).toBe('manual_only');
  });

  test('releases: the hold goes, the time stays, and that loosens', () => {
    const released = edit(edit(SHIPPED, HOLD).after, {
      kind: 'release',
      target: 'portfolio.leverage',
      reason: 'calm again',
    });
    const policy = parsePolicy(released.after);
    expect(policy.ok && policy.value.holds).toEqual({});
    expect(policy.ok && policy.value.releases).toEqual({
      'portfolio.leverage': { at: '2026-11-22T03:00:00Z', reason: 'calm again' },
    });
    expect(released.direction).toBe('loosening');
  });
});
