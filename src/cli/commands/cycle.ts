import type { Streams } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { withWorld } from '../with-world.ts';
import { type PromoteOptions, promoteLocally } from './promote.ts';

/** `peak cycle`. */
export function cycle(
  _: string[],
  options: PromoteOptions & { readonly publish: 'none' | 'branch' },
  streams: Streams,
): Promise<ExitCode> {
  return withWorld(options, streams, (world) => promoteLocally(world, options, streams, true));
}
