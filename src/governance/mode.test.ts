import { describe, expect, test } from 'vitest';
import { buildPolicy } from '../../test/support/builders/policy.ts';
import { resolveMode } from './mode.ts';
import { MODES, type Mode } from './policy-schema.ts';

const TEXT = '# policy\n[promotion]\nlock = false\nmode = "manual_only"\n';
const resolve = (mode: Mode, requested: Mode | null, lock = false) =>
  resolveMode(buildPolicy({ promotion: { mode, lock } }), requested, TEXT);

describe('resolveMode', () => {
  test('is the policy where nothing is asked for', () => {
    expect(MODES.map((mode) => resolve(mode, null))).toMatchObject(
      MODES.map((mode) => ({ ok: true, value: { mode, degradedByLock: false } })),
    );
  });

  test('is the stricter of policy and request, and never the looser', () => {
    for (const [i, policy] of MODES.entries()) {
      for (const [j, requested] of MODES.entries()) {
        const result = resolve(policy, requested);
        if (j <= i) expect(result).toMatchObject({ ok: true, value: { mode: requested } });
        else expect(result).toMatchObject({ ok: false, problems: [{ code: 'MODE_LOOSER_THAN_POLICY' }] });
      }
    }
  });

  test('names the line to edit', () => {
    expect(resolve('manual_only', 'bounded_auto').problems).toEqual([
      {
        code: 'MODE_LOOSER_THAN_POLICY',
        severity: 'error',
        args: { requested: 'bounded_auto', policy: 'manual_only' },
        file: 'config/promotion.toml',
        line: 4,
        column: 1,
      },
    ]);
  });

  test.each<readonly [Mode, Mode | null, Mode, boolean]>([
    ['bounded_auto', null, 'manual_only', true],
    ['bounded_auto', 'bounded_auto', 'manual_only', true],
    ['bounded_auto', 'manual_only', 'manual_only', false],
    ['bounded_auto', 'disabled', 'disabled', false],
    ['manual_only', null, 'manual_only', false],
    ['disabled', null, 'disabled', false],
  ])('locked: %s, asked for %s, is %s', (policy, requested, mode, degradedByLock) => {
    expect(resolve(policy, requested, true)).toMatchObject({ ok: true, value: { mode, degradedByLock } });
  });

  test('does not let a lock hide that more was asked for', () => {
    expect(resolve('manual_only', 'bounded_auto', true).ok).toBe(false);
  });
});
