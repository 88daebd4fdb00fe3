/**
 * `npm run drill`: promotes in a temporary copy of the governed files, walks every way back there, and checks after each what a live
 * session would load. Exit code 1 when one of them does not lead back. Nothing outside that copy is touched.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const PEAK = join(PROJECT, 'bin', 'peak.js');
/** 2026-11-21T22:26:40Z, the evening after the newest sample signal. */
const SAMPLE_NIGHT = '1795300000';
const TARGET = 'portfolio.leverage';
const AUTO_TOML = 'config/live_overrides/auto.toml';

const folder = mkdtempSync(join(tmpdir(), 'peak-drill-'));

function run(
  program: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): string {
  const environment = {
    ...process.env,
    SOURCE_DATE_EPOCH: SAMPLE_NIGHT,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    ...variables,
  };
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout.trimEnd();
}

function git(...args: readonly string[]): string {
  return run('git', ['-c', 'user.name=Drill', '-c', 'user.email=drill@demo.invalid', ...args]);
}

function peak(...args: readonly string[]): string {
  return run(process.execPath, [PEAK, ...args]);
}

function liveValue(variables: Readonly<Record<string, string>> = {}): string {
  return run(process.execPath, [PEAK, 'config', 'get', TARGET, '--env', 'live'], variables);
}

function mergeRollback(...args: readonly string[]): void {
  const { branch } = JSON.parse(peak('rollback', ...args, '--publish', 'branch', '--json')) as {
    branch: string;
  };
  git('merge', '--quiet', '--no-ff', '--no-edit', branch);
}

/** A way back, and what a live session loads then. */
interface Way {
  readonly name: string;
  readonly walk: () => string;
}

/** Every way of docs/operations.md and docs/rollback.md; each starts where the promotion was just merged. */
function waysBack(proposal: string, before: string): readonly Way[] {
  const then = (walk: () => void) => () => {
    walk();
    return liveValue();
  };
  return [
    { name: 'PEAK_NO_OVERRIDES=1', walk: () => liveValue({ PEAK_NO_OVERRIDES: '1' }) },
    { name: 'peak rollback PROPOSAL, merged', walk: then(() => mergeRollback(proposal)) },
    { name: 'peak rollback --target, merged', walk: then(() => mergeRollback('--target', TARGET)) },
    {
      name: 'peak rollback --to COMMIT, merged',
      walk: then(() => mergeRollback('--to', git('rev-parse', 'HEAD^1'))),
    },
    { name: 'peak rollback --all, here', walk: then(() => peak('rollback', '--all')) },
    {
      name: 'peak rollback --all, auto.toml damaged',
      walk: then(() => {
        writeFileSync(join(folder, AUTO_TOML), '[auto_applied\n');
        peak('rollback', '--all');
      }),
    },
    { name: 'git revert', walk: then(() => git('revert', '--no-edit', '--mainline', '1', 'HEAD')) },
    {
      name: 'the backup of a local run',
      walk: then(() => {
        git('reset', '--quiet', '--hard', 'HEAD^1');
        peak('enable', '--mode', 'bounded_auto');
        peak('promote');
        if (liveValue() === before)
          throw new Error('the local run promoted nothing: there is no backup to restore');
        cpSync(join(folder, `${AUTO_TOML}.backup`), join(folder, AUTO_TOML));
      }),
    },
    {
      name: 'an empty table',
      walk: then(() => writeFileSync(join(folder, AUTO_TOML), '[auto_applied]\n')),
    },
  ];
}

function promote(): string {
  for (const name of ['config', 'reports', '.gitattributes', '.gitignore'])
    cpSync(join(PROJECT, name), join(folder, name), { recursive: true });
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'A governed repository');
  const told = JSON.parse(peak('cycle', '--publish', 'branch', '--json')) as {
    branches: { branch: string; proposal_id: string }[];
  };
  const [published] = told.branches;
  if (published === undefined)
    throw new Error('the sample evidence proposes nothing: there is nothing to rehearse with');
  git('merge', '--quiet', '--no-ff', '--no-edit', published.branch);
  return published.proposal_id;
}

function main(): number {
  const before = run(process.execPath, [PEAK, 'config', 'get', TARGET, '--env', 'live', '--root', PROJECT]);
  const proposal = promote();
  console.log(`${TARGET}: ${before} → ${liveValue()} by ${proposal}\n`);
  let failed = 0;
  for (const { name, walk } of waysBack(proposal, before)) {
    const promoted = git('rev-parse', 'HEAD');
    const started = performance.now();
    const value = walk();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const isBack = value === before;
    if (!isBack) failed += 1;
    console.log(`${isBack ? 'back ' : 'NOT BACK'}  ${name}  ${value}  (${seconds} s)`);
    git('reset', '--quiet', '--hard', promoted);
    git('clean', '-fdxq');
  }
  console.log(failed === 0 ? '\nEvery way leads back.' : `\n${failed} of them did not lead back.`);
  return failed === 0 ? 0 : 1;
}

try {
  process.exitCode = main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
