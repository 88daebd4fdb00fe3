import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Files to plant into a copy of the project: path → text, appended where the file exists. */
export type Plants = Readonly<Record<string, string>>;

/** Tests in src import from test/, so it has to be there. */
const COPIED = ['src', 'test', 'package.json', 'tsconfig.json', '.dependency-cruiser.cjs'];

/** An installed package that no package.json names. */
export const UNDECLARED_PACKAGE = 'planted-undeclared-package';

/**
 * Writes a temporary copy of the project at `root`: sources, import rules and links to the declared packages.
 *
 * @returns the copy's folder; the caller removes it
 */
export function writeProjectCopy(root: string): string {
  // macOS: the temporary folder is itself a link, and dependency-cruiser compares real paths.
  const copy = mkdtempSync(join(realpathSync(tmpdir()), 'peak-architecture-'));
  for (const name of COPIED) cpSync(join(root, name), join(copy, name), { recursive: true });
  for (const name of listDeclaredPackages(root)) {
    const link = join(copy, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), link, 'junction');
  }
  const undeclared = join(copy, 'node_modules', UNDECLARED_PACKAGE);
  mkdirSync(undeclared, { recursive: true });
  writeFileSync(
    join(undeclared, 'package.json'),
    JSON.stringify({ name: UNDECLARED_PACKAGE, main: 'index.js' }),
  );
  writeFileSync(join(undeclared, 'index.js'), '');
  return copy;
}

/** Appends each text to its file in the copy; creates files and folders that are missing. */
export function writePlants(copy: string, plants: Plants): void {
  for (const [path, text] of Object.entries(plants)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    appendFileSync(join(copy, path), `\n${text}\n`);
  }
}

function listDeclaredPackages(root: string): readonly string[] {
  const manifest: Partial<Record<'dependencies' | 'devDependencies', Record<string, string>>> = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
}
