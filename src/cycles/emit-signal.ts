import type { Instant } from '../kernel/instant.ts';
import { problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { Evidence } from '../learning/index.ts';
import { findSignalFaults, formatSignalFile, type LearningSignal } from '../learning/signals.ts';
import { type WriteState, writeWhenChanged } from './learn.ts';
import type { WorkTree } from './work-tree-port.ts';

/** Where a signal was written. */
export interface EmitReport {
  readonly path: string;
  readonly text: string;
  readonly state: WriteState;
}

/**
 * Writes a signal into the evidence folder, atomically. The same signal twice is written once; another one under the same
 * id is refused, because evidence is only ever added. Fails with all problems when the signal is not valid.
 */
export function emitSignal(
  workTree: WorkTree,
  signal: unknown,
  now: Instant,
  dryRun: boolean,
): Result<EmitReport> {
  const faults = findSignalFaults(signal);
  if (faults.length > 0) return fail(...faults);
  const file = formatSignalFile(signal as LearningSignal);
  const evidence = new Evidence(now);
  evidence.addDocument(evidence.addFile(file.path, null), file.text);
  if (evidence.problems.length > 0) return fail(...evidence.problems);
  const run = (): Result<EmitReport> => {
    const before = workTree.readText(file.path);
    if (before !== null && before !== file.text)
      return fail(problem('SIGNAL_EXISTS', {}, { file: file.path }));
    return ok({ ...file, state: writeWhenChanged(workTree, file.path, before, file.text, dryRun) });
  };
  return dryRun ? run() : workTree.exclusively(run);
}
