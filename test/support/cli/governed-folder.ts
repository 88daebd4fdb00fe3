import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

const REPOSITORY = join(import.meta.dirname, '../../..');

/** A `SOURCE_DATE_EPOCH` at which the sample evidence is fresh: 2026-11-21T22:26:40Z. */
export const SAMPLE_CLOCK = '1795300000';

/** Names that only an unfinished or a killed run leaves behind. */
const LEFTOVER = /(^|\/)\.peak-tmp-|^\.peak\/.+/;

/** A temporary governed folder with the repository's own configuration and sample evidence. */
export class GovernedFolder {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  path(relative: string): string {
    return join(this.root, relative);
  }

  read(relative: string): string {
    return readFileSync(this.path(relative), 'utf8');
  }

  /** Writes a file and the folders above it. */
  write(relative: string, content: string | Uint8Array): void {
    mkdirSync(dirname(this.path(relative)), { recursive: true });
    writeFileSync(this.path(relative), content);
  }

  /** Replaces a text that must be there. */
  edit(relative: string, from: string | RegExp, to: string): void {
    const before = this.read(relative);
    const after = before.replace(from, () => to);
    if (after === before) throw new Error(`nothing to replace in ${relative}: ${from}`);
    this.write(relative, after);
  }

  remove(relative: string): void {
    rmSync(this.path(relative), { recursive: true });
  }

  names(relative: string): readonly string[] {
    return readdirSync(this.path(relative))
      .filter((name) => name !== '.gitkeep')
      .sort();
  }

  /** Sets `[promotion] mode` of the policy. */
  setMode(mode: 'disabled' | 'manual_only' | 'bounded_auto'): void {
    this.edit('config/promotion.toml', /^mode = "\w+"/m, `mode = "${mode}"`);
  }

  /** Every path with what it holds: bytes as latin1 text, `→ target` of a link, or what else it is. */
  snapshot(): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    const visit = (folder: string): void => {
      for (const name of readdirSync(this.path(folder)).sort()) {
        const path = folder === '' ? name : `${folder}/${name}`;
        if (path === '.git') continue;
        const state = lstatSync(this.path(path));
        if (state.isDirectory()) visit(path);
        else found.set(path, contentOf(this.path(path), state));
      }
    };
    visit('');
    return found;
  }

  /** Files that nobody asked for: unfinished ones, and locks. */
  leftovers(): readonly string[] {
    return this.allPaths('').filter((path) => LEFTOVER.test(path));
  }

  private allPaths(folder: string): readonly string[] {
    return readdirSync(this.path(folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (path === '.git') return [];
      return entry.isDirectory() ? [path, ...this.allPaths(path)] : [path];
    });
  }
}

function contentOf(path: string, state: ReturnType<typeof lstatSync>): string {
  if (state === undefined) return 'gone';
  if (state.isSymbolicLink()) return `→ ${readlinkSync(path)}`;
  if (!state.isFile()) return 'no regular file';
  if (state.size > 1024 * 1024) return `${state.size} bytes`;
  return readFileSync(path, 'latin1');
}

/** A temporary folder, removed when the test is over. */
export function temporaryFolder(): string {
  const folder = createFolder();
  // A run that a failed test no longer waits for may still write.
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }));
  return folder;
}

/** A governed folder with the repository's own configuration and sample evidence, removed when the test is over. */
export function governedFolder(): GovernedFolder {
  return fill(temporaryFolder());
}

/** The same for the tests of a whole file: whoever calls it removes it. */
export function createGovernedFolder(): GovernedFolder {
  return fill(createFolder());
}

function createFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'peak-e2e-')));
}

function fill(root: string): GovernedFolder {
  cpSync(join(REPOSITORY, 'config'), join(root, 'config'), { recursive: true });
  rmSync(join(root, 'config/live_overrides/auto.toml.backup'), { force: true });
  cpSync(join(REPOSITORY, 'reports/learning_snippets'), join(root, 'reports/learning_snippets'), {
    recursive: true,
  });
  return new GovernedFolder(root);
}
