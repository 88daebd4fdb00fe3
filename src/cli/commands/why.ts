import type { CommonOptions, Streams } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
export function why(_: string[], _o: CommonOptions, _s: Streams): ExitCode {
  return 0;
}
