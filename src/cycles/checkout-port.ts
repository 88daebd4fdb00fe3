import type { PathAttribute } from '../setup/index.ts';

/** What Git would do to files of a work tree. Paths are relative to the governed root; they need not exist. */
export interface Checkout {
  /** The value of each attribute of each path, as `gitattributes(5)` in the work tree, `.git/info` and settings say. */
  attributes(paths: readonly string[], attributes: readonly string[]): Promise<readonly PathAttribute[]>;
  /** Those of the paths that Git ignores, whether tracked or not. */
  ignored(paths: readonly string[]): Promise<ReadonlySet<string>>;
}
