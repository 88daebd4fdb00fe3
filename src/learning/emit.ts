import { EVIDENCE_PATH } from '../kernel/governed-paths.ts';
import { type Problem, problem } from '../kernel/problem.ts';
import { LearningSignal } from './schema.ts';

/** A signal as a file: where it goes below the evidence folder, and its bytes. */
export interface SignalFile {
  readonly path: string;
  readonly text: string;
}

/** The file of a signal. Throws a ZodError when the signal is not valid: only valid ones are ever written. */
export function formatSignalFile(signal: LearningSignal): SignalFile {
  const valid = LearningSignal.parse(signal);
  return { path: `${EVIDENCE_PATH}/${valid.signal_id}.json`, text: `${JSON.stringify(valid, null, 2)}\n` };
}

/** Everything that keeps a value from being a signal of this project's own format. */
export function findSignalFaults(value: unknown): readonly Problem[] {
  const parsed = LearningSignal.safeParse(value);
  if (parsed.success) return [];
  return parsed.error.issues.map(({ path, message }) =>
    problem('FIELD_INVALID', { field: path.map(String).join('.') || 'signal', reason: `– ${message}` }),
  );
}
