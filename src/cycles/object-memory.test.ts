import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ObjectMemory } from './object-memory.ts';

/** What is counted beside the value and its one letter of a key. */
const ENTRY = 130;

describe('ObjectMemory', () => {
  test('gives what it was given, also null, and nothing for another key', () => {
    const memory = new ObjectMemory();
    memory.set('a', 'text', 4);
    memory.set('b', null, 0);
    expect([memory.get('a'), memory.get('b'), memory.get('c')]).toEqual(['text', null, undefined]);
  });

  test('forgets what was not asked for the longest', () => {
    const memory = new ObjectMemory(8 * (ENTRY + 100));
    for (const key of 'abcdefgh') {
      memory.set(key, key, 100);
      memory.get('a');
    }
    memory.set('i', 'i', 100);
    expect(memory.get('a')).toBe('a');
    expect(memory.get('i')).toBe('i');
    expect(memory.get('b')).toBeUndefined();
  });

  test('does not keep what alone takes more than half of the room, nor loses anything for it', () => {
    const memory = new ObjectMemory(2 * (ENTRY + 100));
    memory.set('a', 'a', 100);
    memory.set('b', 'b', 101);
    expect([memory.get('a'), memory.get('b')]).toEqual(['a', undefined]);
  });

  test('takes a new value for a key, and never holds more than its bound', () => {
    const entry = fc.record({ key: fc.constantFrom(...'abcdefghijkl'), bytes: fc.nat(300) });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 60 }), fc.integer({ min: 300, max: 3000 }), (sets, bound) => {
        const memory = new ObjectMemory(bound);
        const last = new Map<string, number>();
        for (const { key, bytes } of sets) {
          if (2 * (bytes + ENTRY) > bound) continue;
          memory.set(key, bytes, bytes);
          last.set(key, bytes);
          expect(memory.get(key)).toBe(bytes);
        }
        const kept = [...last].filter(([key, bytes]) => memory.get(key) === bytes);
        expect(kept.reduce((sum, [, bytes]) => sum + bytes + ENTRY, 0)).toBeLessThanOrEqual(bound);
      }),
    );
  });
});
