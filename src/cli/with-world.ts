import { openWorld, type World } from '../compose.ts';
import type { Result } from '../kernel/result.ts';
import { type Answer, type CommonOptions, respond, type Streams } from './context.ts';
import type { ExitCode } from './exit-code.ts';

/** Runs a command on the governed folder that its options name, and prints what it answers. */
export async function withWorld(
  options: CommonOptions,
  streams: Streams,
  run: (world: World) => Result<Answer> | Promise<Result<Answer>>,
): Promise<ExitCode> {
  const world = await openWorld(options.root, streams.variables);
  return respond(streams, options, world.ok ? await run(world.value) : world);
}
