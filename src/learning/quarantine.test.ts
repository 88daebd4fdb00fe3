import { describe, expect, test } from 'vitest';
import { buildEvidencePatch, buildSignal } from '../../test/support/builders/evidence.ts';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import { findQuarantineReason } from './quarantine.ts';

const SECRET = ['gh', 'p_', 'a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6e7F8'].join('');
const isHidden = (target: string) => target.startsWith('risk.');
const reasonOf = (content: unknown, path = 'a.json') =>
  findQuarantineReason(path, typeof content === 'string' ? content : JSON.stringify(content), isHidden);

describe('findQuarantineReason', () => {
  test.each([
    ['a signal', buildSignal()],
    ['a patch', buildEvidencePatch()],
    ['a text', buildSignal({ summary: 'Walk-forward backtest, see reports/backtest-1.json.' })],
    ['an empty field of a secret name', { password: '' }],
    ['NaN', '{"target":"a.b","new_value":1,"metrics":{"sharpe":NaN}}'],
  ])('finds nothing against %s', (_, content) => expect(reasonOf(content)).toBeNull());

  test.each<readonly [string, unknown]>([
    ['a value of a hidden target', buildEvidencePatch({ target: 'risk.stop_loss', new_value: 0.5 })],
    [
      'the same in a signal',
      buildSignal({ recommended_changes: [{ target: 'risk.stop_loss', new_value: 0.5 }] }),
    ],
    ['a new value that looks like a secret', buildEvidencePatch({ new_value: SECRET })],
    ['an old one', buildEvidencePatch({ old_value: SECRET })],
    ['one inside a sentence', buildSignal({ summary: `use ${SECRET} please` })],
    ['one in a field that nobody reads', buildSignal({ extra: { deep: [{ x: SECRET }] } })],
    ['one as a name', buildSignal({ extra: { [SECRET]: 1 } })],
    ['one that is escaped', `{"a":"gh\\u0070_${SECRET.slice(4)}"}`],
    ['a field of a secret name', { api_key: 'plain words' }],
    ['a number in such a field', { password: 12345678 }],
    ['a list in such a field', { api_keys: ['plain words'] }],
    ['an object in such a field', { credentials: { user: 'plain words' } }],
    ['one that a second key of the same name hides', `{"note":"${SECRET}","note":"x"}`],
    ['a hidden target that a second key hides', '{"target":"risk.stop_loss","target":"a.b","new_value":1}'],
    ['what is no JSON', `{"a": "${SECRET}`],
    ['nothing at all', ''],
    ['a depth bomb', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ])('holds back %s', (_, content) => expect(reasonOf(content)).not.toBeNull());

  test('looks at every line of JSON Lines', () => {
    const lines = [buildEvidencePatch(), buildEvidencePatch({ new_value: SECRET })].map((patch) =>
      JSON.stringify(patch),
    );
    expect(reasonOf(`${lines[0]}\n\n${lines[0]}\r\n`, 'a.jsonl')).toBeNull();
    expect(reasonOf(`${lines[0]}\n${lines[1]}\n`, 'a.jsonl')).not.toBeNull();
    expect(reasonOf(`${lines[0]}\n{"a": `, 'a.jsonl')).not.toBeNull();
  });

  test('never quotes what it found', () => {
    for (const content of [{ a: SECRET }, { [SECRET]: 'x' }, { [`api_key_${SECRET}`]: 'x' }, `{"${SECRET}`]) {
      expect(reasonOf(content)).not.toContain(SECRET);
    }
  });

  test.each(HOSTILE_TEXTS)('never throws: $name', ({ text }) => {
    expect(() => reasonOf(text)).not.toThrow();
    expect(() => reasonOf({ [text]: text, target: text })).not.toThrow();
  });
});
