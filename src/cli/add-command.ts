import type { Command } from 'commander';
import type { Streams } from './context.ts';
import type { ExitCode } from './exit-code.ts';

/** Runs a command with its options; loaded only when it is called. */
export type Run = (args: string[], options: never, streams: Streams) => ExitCode | Promise<ExitCode>;

/** Adds a command with the options that all have. */
export type Add = (parent: Command, usage: string, description: string, load: () => Promise<Run>) => Command;
