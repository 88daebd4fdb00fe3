import fc from 'fast-check';
import '../../../test/support/fixed-seed.ts';
import { expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../../test/support/hostile-text.ts';
import { commentJson } from './comment-json.ts';

test('commentJson is the same data, and never the end of a comment', () => {
  const texts = fc.constantFrom(...HOSTILE_TEXTS.map(({ text }) => text), '-->', '--1', '<!--', '-');
  const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), texts, fc.string());
  fc.assert(
    fc.property(fc.array(value), (values) => {
      const text = commentJson(JSON.stringify(values));
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(values)));
      expect(text).toMatch(/^[\x20-\x7e]*$/);
      expect(text).not.toMatch(/--|[<>&]/);
    }),
  );
});
