/**
 * Builds the command once before the tests, because whole runs start the real one (vitest.config.ts, `globalSetup`).
 *
 * It is built beside `dist/`, into a folder named by the content of its sources: a build in another terminal cannot change
 * it under a running test, and the next run finds it. A build that fails stops only the tests that start the command;
 * they show what the compiler said.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The command to start with Node.js, or why there is none. */
    readonly peak: { readonly bin: string } | { readonly fault: string };
  }
}

const ROOT = join(import.meta.dirname, '../..');
/** Below `node_modules/`, so that packages are found from there and Git does not see it. */
const CACHE = join(ROOT, 'node_modules/.cache/peak');
const COPIED = ['bin', 'package.json', 'schemas', 'templates'];
const BUNDLER = ['scripts/bundle', 'scripts/bundle-cli.ts'];
const INPUTS = [...COPIED, 'src', ...BUNDLER, 'tsconfig.json', 'tsconfig.build.json'];
const DAY_MS = 86_400_000;

/** Vitest calls this before the first test file. */
export function setup(project: TestProject): void {
  const folder = join(CACHE, digestOf(INPUTS));
  const fault = existsSync(folder) ? null : build(folder);
  project.provide('peak', fault === null ? { bin: join(folder, 'bin/peak.js') } : { fault });
}

function digestOf(inputs: readonly string[]): string {
  const digest = createHash('sha256');
  for (const path of inputs.flatMap((input) => listFiles(join(ROOT, input)))) {
    if (path.endsWith('.test.ts')) continue;
    digest
      .update(`${relative(ROOT, path)}\0`)
      .update(readFileSync(path))
      .update('\0');
  }
  return digest.digest('hex').slice(0, 16);
}

function listFiles(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => listFiles(join(path, name)));
}

/** Appears at once, so that two test runs never see half of each other's. */
function build(folder: string): string | null {
  removeOldBuilds();
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  const dist = join(draft, 'dist');
  const fault =
    run('typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', dist, '--declaration', 'false') ??
    run('tsx/dist/cli.mjs', 'scripts/bundle-cli.ts', dist);
  if (fault !== null) {
    rmSync(draft, { recursive: true });
    return fault;
  }
  for (const path of COPIED) cpSync(join(ROOT, path), join(draft, path), { recursive: true });
  try {
    renameSync(draft, folder);
  } catch {
    // another test run was faster
    rmSync(draft, { recursive: true });
  }
  return null;
}

/** Runs an installed tool; what it said when it failed, else null. */
function run(tool: string, ...args: readonly string[]): string | null {
  const command = [join(ROOT, 'node_modules', tool), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: ROOT, encoding: 'utf8' });
  return status === 0 ? null : `the command could not be built:\n${stdout}${stderr}`;
}

function removeOldBuilds(): void {
  if (!existsSync(CACHE)) return;
  for (const name of readdirSync(CACHE)) {
    const path = join(CACHE, name);
    if (Date.now() - statSync(path).mtimeMs > DAY_MS) rmSync(path, { recursive: true, force: true });
  }
}
