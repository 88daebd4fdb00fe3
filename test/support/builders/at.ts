import { type Instant, parseInstant } from '../../../src/kernel/instant.ts';

/** The instant that a text names; throws where it names none, because a fixture is wrong then. */
export function at(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === null) throw new Error(`no instant: ${text}`);
  return instant;
}

/** The clock of most tests: the night after the sample evidence. */
export const NOW: Instant = at('2026-11-22T03:00:00Z');
