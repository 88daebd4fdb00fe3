import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfigWithLiveOverrides } from '../../src/index.ts';
import { temporaryFolder } from '../support/cli/governed-folder.ts';

const BASE = `
[environment]
mode = "live"
[portfolio]
leverage = 1.0
symbols = ["BTC/EUR"]
[portfolio.limits]
daily = 3
`;

function session() {
  const root = temporaryFolder();
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const promote = (leverage: string) =>
    write('config/live_overrides/auto.toml', `[auto_applied]\n"portfolio.leverage" = ${leverage}\n`);
  write('config/config.toml', BASE);
  promote('1.25');
  const load = () => loadConfigWithLiveOverrides({ root, variables: {}, log: () => undefined });
  return { write, promote, load };
}

/** Sets and deletes whatever can be reached from an object; what refuses, refuses. */
function vandalize(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    vandalize(child);
    Reflect.set(value, key, 99);
    Reflect.deleteProperty(value, key);
  }
  Reflect.set(value, 'leverage', 99);
}

describe('loading again and again', () => {
  test('sees a changed file at once, and the former one when it comes back', () => {
    const { write, promote, load } = session();
    const leverages = ['1.25', '1.5', '1.5', '1.25'].map((leverage) => {
      promote(leverage);
      return load().get('portfolio.leverage');
    });
    expect(leverages).toEqual([1.25, 1.5, 1.5, 1.25]);
    write('config/config.toml', BASE.replace('daily = 3', 'daily = 4'));
    expect(load().get('portfolio.limits.daily')).toBe(4);
    write('config/live_overrides/auto.toml', 'not toml');
    expect(load().get('portfolio.leverage')).toBe(1);
  });

  test('gives each caller what stands in the files, whatever another did to its own', () => {
    const { load } = session();
    const untouched = load();
    const expected = { object: untouched.toObject(), digest: untouched.digest, applied: untouched.applied };
    for (let i = 0; i < 3; i += 1) {
      const found = load();
      expect({ object: found.toObject(), digest: found.digest, applied: found.applied }).toEqual(expected);
      vandalize(found.toObject());
      vandalize(found.get('portfolio.symbols'));
      vandalize(found.get('portfolio.limits'));
      vandalize(found.applied);
      vandalize(found.tree);
    }
  });
});
