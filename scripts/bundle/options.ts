import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

/** The project's root. Paths in comments and names follow from it, so that a build is the same on every machine. */
export const ROOT = join(import.meta.dirname, '../..');

/** commander is CommonJS and asks for Node.js modules by `require`, which an ES module does not have. */
export const REQUIRE = `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);`;

/** What every bundle of the command has in common. */
export const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  format: 'esm',
  platform: 'node',
  // The oldest Node.js of "engines".
  target: 'node20.18',
  mainFields: ['module', 'main'],
  // debug asks for it and does without: it would come from a tool's tree.
  external: ['supports-color'],
  metafile: true,
} as const satisfies BuildOptions;
