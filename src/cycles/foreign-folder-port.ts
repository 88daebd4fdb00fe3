/** Something in a folder that somebody else filled. `path` is relative to that folder, separated by `/`. */
export interface ForeignEntry {
  readonly path: string;
  readonly kind: 'file' | 'link' | 'other';
  /** Size in bytes when it was listed; 0 unless it is a file. */
  readonly sizeBytes: number;
}

/** A folder whose content nobody vouches for, such as an unpacked artifact. Nothing in it is followed, run or changed. */
export interface ForeignFolder {
  /**
   * Everything below the folder that is no folder itself, sorted by path; null when there are more than `maxEntries`
   * entries, folders included: it stops there. Throws AppError when it cannot be read.
   */
  list(maxEntries: number): readonly ForeignEntry[] | null;
  /**
   * The text of a file; null when it is not valid UTF-8, undefined when it holds more than `maxBytes` by now. Throws
   * AppError when it cannot be read, or has become a link.
   */
  readText(path: string, maxBytes: number): string | null | undefined;
}
