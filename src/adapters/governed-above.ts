import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { AUTO_TOML_PATH, GOVERNED_FILES, POLICY_PATH } from '../kernel/governed-paths.ts';

/** `config/config.toml` alone is a name that other products use, too. */
const MARKS = [POLICY_PATH, AUTO_TOML_PATH];

/**
 * The governed folder that a folder without governed files lies in, at most as far up as its repository's top: relative to the working
 * directory where that is shorter. Null for none, for a folder that is governed itself, and for one that does not exist.
 */
export function findGovernedAbove(root: string): string | null {
  const isMarked = (folder: string, marks: readonly string[]) =>
    marks.some((path) => existsSync(join(folder, path)));
  if (!existsSync(root) || isMarked(root, GOVERNED_FILES)) return null;
  for (let folder = realpathSync(root); !existsSync(join(folder, '.git')); ) {
    const above = dirname(folder);
    if (above === folder) return null;
    if (isMarked(above, MARKS)) return shorter(above, relative('.', above) || '.');
    folder = above;
  }
  return null;
}

function shorter(one: string, other: string): string {
  return one.length < other.length ? one : other;
}
