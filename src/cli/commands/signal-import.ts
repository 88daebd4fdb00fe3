import { openForeignFolderOnDisk } from '../../compose.ts';
import { type ImportReport, importEvidence } from '../../cycles/import-evidence.ts';
import { problem } from '../../kernel/problem.ts';
import { fail } from '../../kernel/result.ts';
import { counted } from '../../kernel/text/counted.ts';
import { escapeTerminal } from '../../kernel/text/escape-terminal.ts';
import { answer, type CommonOptions, type Streams } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { withWorld } from '../with-world.ts';

/** `peak signal import DIR`. */
export function signalImport(
  [folder = '']: string[],
  options: CommonOptions,
  streams: Streams,
): Promise<ExitCode> {
  return withWorld(options, streams, async ({ workTree }) => {
    const foreign = await openForeignFolderOnDisk(folder);
    if (foreign === null)
      return fail(problem('ARGUMENT_INVALID', { argument: 'DIR', reason: 'is no folder' }, { file: folder }));
    const dryRun = options.dryRun === true;
    return answer(importEvidence(workTree, foreign, dryRun), (report) => ({
      json: () => ({ ...report, dry_run: dryRun }),
      text: () => importText(report, dryRun),
      warnings: [],
    }));
  });
}

function importText({ imported, already }: ImportReport, dryRun: boolean): string {
  const said = dryRun ? 'would be imported' : 'imported';
  const count = `${counted(imported.length, 'new evidence file')} ${said}`;
  const rest = already.length === 0 ? '' : `; ${already.length} there already`;
  return [`${count}${rest}.`, ...imported.map((path) => `  ${escapeTerminal(path)}`)].join('\n');
}
