/**
 * Makes every console call in a test fail that test (vitest.config.ts loads this before each test file).
 *
 * Code returns its result or writes to a stream that it was given; what it prints by the way is seen by nobody.
 * The call itself does not throw, because the code under test might catch that; the test fails after it ran.
 */
import { afterAll, afterEach } from 'vitest';

const calls: string[] = [];

for (const [method, value] of Object.entries(globalThis.console)) {
  if (typeof value !== 'function') continue;
  Reflect.set(globalThis.console, method, (...args: unknown[]): void => {
    calls.push(`console.${method}(${args.map(String).join(', ')})`);
  });
}

function assertNoCalls(): void {
  const seen = calls.splice(0);
  if (seen.length > 0) throw new Error(`a test must not write to the console:\n${seen.join('\n')}`);
}

afterEach(assertNoCalls);
// Calls while the file was loaded, or in beforeAll or afterAll, when no test follows.
afterAll(assertNoCalls);
