import type { Streams } from '../../../src/cli/context.ts';
import { PACKAGE_FOLDER } from '../../../src/cli/process-streams.ts';
import { PLAIN } from '../../../src/reports/style.ts';

/** Streams that remember what was said. */
export interface RecordedStreams extends Streams {
  readonly said: { out: string; err: string };
}

/** Streams into memory: no terminal, no colours, no environment, no input. */
export function recordStreams(changes: Partial<Streams> = {}): RecordedStreams {
  const said = { out: '', err: '' };
  return {
    said,
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    readInput: () => '',
    variables: {},
    packageFolder: PACKAGE_FOLDER,
    outStyle: PLAIN,
    errStyle: PLAIN,
    terminal: false,
    interactive: false,
    ...changes,
  };
}
