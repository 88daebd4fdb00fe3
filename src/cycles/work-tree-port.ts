import type { Evidence } from '../learning/index.ts';

/** Tells how far a long reading has come, in files or lines. */
export type Progress = (done: number, total: number) => void;

/** Where governed files are read from: a work tree, or a commit with new evidence on top. Paths are relative to the root. */
export interface GovernedSource {
  /** The text of a file, or null when there is none. Throws AppError FILE_SYSTEM when it cannot be read. */
  readText(path: string): string | null;
  /** Reads every evidence file in order of its path. Broken ones become problems of `evidence`; nothing stops the rest. */
  readEvidence(evidence: Evidence, onProgress?: Progress): void;
}

/** The bytes of another file, for a text that is none. */
export interface BytesOf {
  readonly bytesOf: string;
}

/** A governed folder on disk. Every write is atomic: a reader sees the old bytes or the new ones. */
export interface WorkTree extends GovernedSource {
  /** Names in a folder, sorted; none when it does not exist. */
  listNames(path: string): readonly string[];
  /**
   * Replaces or creates a file, with a text or with the very bytes of another file, as far as there is one that can be read. Throws AppError DISK_FULL, READ_ONLY or FILE_SYSTEM and leaves the old one
   * as it was.
   */
  write(path: string, content: string | BytesOf): void;
  /** Makes a folder with all its files appear at once. False, and nothing written, when it exists. */
  writeFolder(path: string, files: ReadonlyMap<string, string>): boolean;
  /** Runs alone: a second run on the same folder waits, and gives up after a while (AppError ALREADY_RUNNING). */
  exclusively<T>(run: () => T): T;
}
