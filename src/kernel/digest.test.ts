import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { merkleRoot, sha256Hex, sha256Latin1 } from './digest.ts';

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

test('sha256Hex gives the known digests (FIPS 180-4)', () => {
  expect(sha256Hex('')).toBe(EMPTY);
  expect(sha256Hex('abc')).toBe(ABC);
  expect(sha256Hex(Buffer.from('abc'))).toBe(ABC);
  expect(sha256Hex('ä')).toBe(sha256Hex(Buffer.from('ä', 'utf8')));
});

test('sha256Latin1 is the same digest in 32 characters', () => {
  expect(Buffer.from(sha256Latin1('abc'), 'latin1').toString('hex')).toBe(ABC);
});

describe('merkleRoot', () => {
  const leaf = (digest: string): string =>
    sha256Hex(Buffer.concat([Buffer.of(0), Buffer.from(digest, 'hex')]));
  const node = (left: string, right: string): string =>
    sha256Hex(Buffer.concat([Buffer.of(1), Buffer.from(left, 'hex'), Buffer.from(right, 'hex')]));
  const digests = fc.array(
    fc.integer({ min: 0, max: 40 }).map((n) => sha256Hex(String(n))),
    { maxLength: 12 },
  );

  test('is null for nothing', () => {
    expect(merkleRoot([])).toBeNull();
  });

  test('is built as RFC 9162 builds it', () => {
    const [a, b, c] = [ABC, EMPTY, sha256Hex('x')].sort() as [string, string, string];
    expect(merkleRoot([a])).toBe(leaf(a));
    expect(merkleRoot([a, b])).toBe(node(leaf(a), leaf(b)));
    expect(merkleRoot([a, b, c])).toBe(node(node(leaf(a), leaf(b)), leaf(c)));
  });

  test('does not depend on order or repetition', () => {
    fc.assert(
      fc.property(digests, fc.infiniteStream(fc.nat()), (found, stream) => {
        const shuffled = [...found, ...found].map(
          (digest) => [stream.next().value as number, digest] as const,
        );
        const other = shuffled.sort(([x], [y]) => x - y).map(([, digest]) => digest);
        expect(merkleRoot(other)).toBe(merkleRoot(found));
      }),
    );
  });

  test('changes with every digest that is added', () => {
    fc.assert(
      fc.property(digests, (found) => {
        const other = sha256Hex('one that is not among them');
        expect(merkleRoot([...found, other])).not.toBe(merkleRoot(found));
      }),
    );
  });

  test('takes no node for a leaf', () => {
    const [a, b] = [ABC, EMPTY].sort() as [string, string];
    expect(merkleRoot([node(leaf(a), leaf(b))])).not.toBe(merkleRoot([a, b]));
  });
});
