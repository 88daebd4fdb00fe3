import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Every TypeScript file under `<root>/src`, found by walking the file system and nothing else.
 *
 * @returns paths relative to root with `/`, sorted, e.g. `src/kernel/decimal.ts`
 */
export function listSourceFiles(root: string): readonly string[] {
  const entries = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}
