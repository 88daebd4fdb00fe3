/**
 * `npm run demo`: the main job on the sample evidence, in a temporary copy of the governed files. Nothing outside that copy is
 * touched, and no account, key or network is needed. The clock stands at the night of the sample evidence, so that every
 * run prints the same.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import colors from 'picocolors';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const PEAK = join(PROJECT, 'bin', 'peak.js');
/** 2026-11-21T22:26:40Z, the evening after the newest sample signal. */
const SAMPLE_NIGHT = '1795300000';
const BRANCH = 'peak/promotion/manual';
const AUTO_TOML = 'config/live_overrides/auto.toml';

const folder = mkdtempSync(join(tmpdir(), 'peak-demo-'));
const environment = {
  ...process.env,
  SOURCE_DATE_EPOCH: SAMPLE_NIGHT,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_DATE: `${SAMPLE_NIGHT} +0000`,
  GIT_COMMITTER_DATE: `${SAMPLE_NIGHT} +0000`,
  ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}),
};

function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

function git(...args: readonly string[]): string {
  return run('git', ['-c', 'user.name=Demo Operator', '-c', 'user.email=operator@demo.invalid', ...args]);
}

function peak(...args: readonly string[]): string {
  return run(process.execPath, [PEAK, ...args]);
}

function heading(title: string): void {
  console.log(`\n${colors.bold(colors.cyan(`── ${title}`))}\n`);
}

/** Prints a command and what it says. */
function show(command: string, output: string): void {
  console.log(`${colors.dim(`$ ${command}`)}\n${output.trimEnd()}\n`);
}

function showPeak(...args: readonly string[]): void {
  show(`peak ${args.join(' ')}`, peak(...args));
}

for (const path of ['config', 'reports', '.gitattributes', '.gitignore']) {
  cpSync(join(PROJECT, path), join(folder, path), { recursive: true });
}
git('init', '--quiet', '--initial-branch', 'main');
git('add', '--all');
git('commit', '--quiet', '--message', 'A governed repository with sample evidence');

heading('1. Last night left evidence');
showPeak('signals');

heading('2. Both loops: evidence → patches → decisions → a proposal on a branch');
showPeak('cycle', '--publish', 'branch');

heading('3. What merging it would make live');
show(
  `git diff main...${BRANCH} -- ${AUTO_TOML}`,
  git(
    'diff',
    '--unified=0',
    process.stdout.isTTY ? '--color=always' : '--color=never',
    `main...${BRANCH}`,
    '--',
    AUTO_TOML,
  ),
);
const checklist = git('diff', '--name-only', `main...${BRANCH}`)
  .split('\n')
  .find((path) => path.endsWith('OPERATOR_CHECKLIST.md'));
const text = git('show', `${BRANCH}:${checklist}`);
show(
  `git show ${BRANCH}:${checklist}   # the boxes an operator ticks`,
  text.slice(text.indexOf('## Checklist'), text.indexOf('## Go or')).replaceAll(/ <!--.*?-->/g, ''),
);

heading('4. An operator merges: merging is the promotion');
git('merge', '--quiet', '--no-ff', '--message', 'Promote: checked and agreed', BRANCH);
for (const mode of ['paper', 'live']) showPeak('config', 'get', 'portfolio.leverage', '--env', mode);
showPeak('config', 'diff', '--env', 'live');

heading('5. Reverting is the rollback: of one parameter, and the others stay');
const TARGET = 'portfolio.leverage';
showPeak('rollback', '--target', TARGET, '--reason', 'drawdown', '--publish', 'branch');
const [back = ''] = git('branch', '--list', 'peak/rollback/*', '--format=%(refname:short)').split('\n');
git('merge', '--quiet', '--no-ff', '--message', 'Roll back: agreed', back);
showPeak('config', 'get', TARGET, '--env', 'live');

heading('6. Git history is the audit');
showPeak('history', TARGET);

heading('Where to look');
console.log(`The repository of this demo   ${folder}
Evidence                      reports/learning_snippets/
The proposal                  ${checklist?.replace('/OPERATOR_CHECKLIST.md', '/')} (on branch ${BRANCH})
What goes live                ${AUTO_TOML}
The policy                    config/promotion.toml

Try your own: peak signal emit --help, then peak cycle; docs/quickstart.md is the tour.`);
