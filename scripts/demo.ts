/**
 * `npm run demo`: the main job on the sample evidence, against a local GitHub on loopback: a night's job opens a pull request, an
 * operator reads and merges it, sessions load it, and one parameter is rolled back. Nothing outside a temporary folder is touched,
 * and no account, key or network is needed. The clock stands on the evening of the sample evidence.
 */
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import colors from 'picocolors';
import { toReadableBody } from './demo/readable-body.ts';
import { buildStage, EVIDENCE, leaveEvidence, removeClone, type Stage } from './demo/stage.ts';

const PEAK = fileURLToPath(new URL('../bin/peak.js', import.meta.url));
const SAMPLE_CLOCK = pathToFileURL(join(import.meta.dirname, 'demo/sample-clock.js')).href;
const AUTO_TOML = 'config/live_overrides/auto.toml';
const TARGET = 'portfolio.leverage';

interface Finished {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs a program in the clone. Not synchronously: the local GitHub lives in this process. */
function run(stage: Stage, program: string, args: readonly string[], cwd = stage.folder): Promise<Finished> {
  const env = {
    ...process.env,
    ...stage.variables,
    NODE_OPTIONS: `--import=${SAMPLE_CLOCK}`,
    PEAK_DEMO_CLOCK_MS: String(stage.now()),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}),
  };
  return new Promise((done, failed) => {
    const child = execFile(program, args, { cwd, env, maxBuffer: 2 ** 24 }, (_, stdout, stderr) =>
      done({ stdout, stderr, exitCode: child.exitCode ?? 70 }),
    );
    child.on('error', failed);
  });
}

async function git(stage: Stage, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await run(stage, 'git', args);
  if (exitCode !== 0) throw new Error(`git ${args.join(' ')} ended with ${exitCode}:\n${stdout}${stderr}`);
  return stdout;
}

/** Runs `peak` and prints the command and its answer. `expected` is how it must end (default 0). */
async function showPeak(stage: Stage, args: readonly string[], expected = 0): Promise<void> {
  const { stdout, stderr, exitCode } = await run(stage, process.execPath, [PEAK, ...args]);
  if (exitCode !== expected)
    throw new Error(`peak ${args.join(' ')} ended with ${exitCode}:\n${stdout}${stderr}`);
  const shown = args.map((arg) => (arg.includes(' ') ? `"${arg}"` : arg)).join(' ');
  const talk = stderr.trim() === '' ? '' : `${colors.dim(stderr.trim())}\n\n`;
  console.log(`${colors.dim(`$ peak ${shown}`)}\n${talk}${stdout.trimEnd()}\n`);
}

function heading(title: string): void {
  console.log(`\n${colors.bold(colors.cyan(`── ${title}`))}\n`);
}

/** Prints a pull request as a person reads it. */
async function showPull({ forge, repository, operator }: Stage, number: number): Promise<void> {
  const { body: pull } = await forge.as(operator).in(repository).get(`/pulls/${number}`);
  const labels = (pull.labels as { name: string }[]).map(({ name }) => name).join(', ');
  const asked = (pull.requested_reviewers as { login: string }[]).map(({ login }) => login).join(', ');
  console.log(`${colors.bold(`#${number} ${pull.title}`)}
${colors.dim(`${pull.user.login} wants to merge ${pull.head.ref} into ${pull.base.ref} · labels: ${labels} · asked: ${asked}`)}

${toReadableBody(pull.body)}
`);
}

/** The operator approves and merges on GitHub, and the clone follows. */
async function merge(stage: Stage, number: number): Promise<void> {
  const olivia = stage.forge.as(stage.operator).in(stage.repository);
  await olivia.post(`/pulls/${number}/reviews`, { event: 'APPROVE', body: 'Checked and agreed.' });
  const merged = await olivia.put(`/pulls/${number}/merge`, { merge_method: 'merge' });
  if (merged.status !== 200) throw new Error(`merging #${number}: ${JSON.stringify(merged.body)}`);
  await git(stage, 'pull', '--quiet', '--ff-only');
  console.log(colors.dim(`olivia approved and merged #${number}; the clone pulled.\n`));
}

async function play(stage: Stage): Promise<void> {
  const url = stage.forge.as(stage.operator).gitUrl(stage.repository);
  await run(stage, 'git', ['clone', '--quiet', url, stage.folder], '/');
  await git(stage, 'config', 'user.name', 'Olivia Operator');
  await git(stage, 'config', 'user.email', 'olivia@demo.invalid');

  heading('1. The night left evidence');
  leaveEvidence(stage.folder);
  await showPeak(stage, ['signals']);

  heading('2. The scheduled job: both loops, and one pull request on a local GitHub');
  await showPeak(stage, ['cycle', '--publish', 'github']);

  heading('3. What operators see');
  await showPull(stage, 1);

  heading('4. May it be merged? Everything is derived again and compared, byte for byte');
  await git(stage, 'clean', '--quiet', '--force', EVIDENCE);
  await git(stage, 'fetch', '--quiet', 'origin');
  await showPeak(stage, ['check', '--base', 'origin/main', '--head', 'origin/peak/promotion/manual'], 1);

  heading('5. The next morning an operator merges: merging is the promotion');
  stage.wait(10);
  await merge(stage, 1);
  for (const mode of ['paper', 'live']) await showPeak(stage, ['config', 'get', TARGET, '--env', mode]);
  await showPeak(stage, ['config', 'diff', '--env', 'live']);

  heading('6. A day later: reverting is the rollback, of one parameter, and the others stay');
  stage.wait(26);
  const reason = 'drawdown since the promotion';
  await showPeak(stage, ['rollback', '--target', TARGET, '--reason', reason, '--publish', 'github']);
  await merge(stage, 2);
  await showPeak(stage, ['config', 'get', TARGET, '--env', 'live']);

  heading('7. Git history is the audit');
  await showPeak(stage, ['history', TARGET]);

  heading('Where to look');
  console.log(`The clone of this demo        ${stage.folder}
Evidence                      ${EVIDENCE}/
The proposal                  reports/live_promotion/
What goes live                ${AUTO_TOML}
The policy                    config/promotion.toml
Nothing else was written; away with it   rm -r ${dirname(stage.folder)}

Try your own: peak signal emit --help, then peak cycle; docs/quickstart.md is the tour.`);
}

const stage = await buildStage();
try {
  await play(stage);
} catch (error) {
  removeClone(stage);
  throw error;
} finally {
  await stage.forge.close();
}
