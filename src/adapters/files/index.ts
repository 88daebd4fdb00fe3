/**
 * What stands in a governed folder on disk, and how is it changed?
 *
 * Invariants: every write is atomic and synced; links are not followed; a broken evidence file is reported and never stops
 * the rest; one run at a time. Does not belong here: what the files mean.
 */
export { openForeignFolder } from './foreign-folder.ts';
export { openWorkTree } from './work-tree.ts';
