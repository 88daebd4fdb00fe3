import { appendFileSync } from 'node:fs';
import { fileFault } from './file-fault.ts';

/** The files through which a step of GitHub Actions speaks; undefined where there are none. */
export interface StepFiles {
  readonly output: string | undefined;
  readonly summary: string | undefined;
}

/** Appends outputs and summary. Throws AppError FILE_SYSTEM, DISK_FULL or READ_ONLY. */
export function appendStepFiles(
  files: StepFiles,
  texts: { readonly output: string; readonly summary: string },
): void {
  append(files.output, texts.output);
  append(files.summary, texts.summary);
}

function append(path: string | undefined, text: string): void {
  if (path === undefined || path === '') return;
  try {
    appendFileSync(path, text);
  } catch (error) {
    throw fileFault(error, `cannot write ${path}`);
  }
}
