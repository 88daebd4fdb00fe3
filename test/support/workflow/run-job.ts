import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { temporaryFolder } from '../cli/governed-folder.ts';
import { cleanEnvironment, type Run, runCommand } from '../cli/run-peak.ts';
import { type Contexts, fillIn, holds } from './expression.ts';
import type { Job, Step } from './workflow.ts';

/** What a runner has around a job. */
export interface Runner {
  /** Where `actions/checkout` clones from. */
  readonly origin: string;
  /** `github`, `inputs`, `needs`, `secrets`. */
  readonly contexts: Contexts;
  /** Artifacts by name, as folders; `upload-artifact` adds to it. */
  readonly artifacts: Map<string, string>;
  /** Where `./` lies, where it stands for the action of another repository; else the workspace. */
  readonly action?: string;
  /** Variables that a real runner would set, e.g. GITHUB_API_URL. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a step did; null: it was skipped. */
export interface StepRun {
  readonly step: Step;
  readonly run: Run | null;
  readonly outputs: Readonly<Record<string, string>>;
  /** What it wrote to the job summary. */
  readonly summary: string;
}

export interface JobRun {
  readonly ok: boolean;
  readonly steps: readonly StepRun[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly workspace: string;
}

/** What a step is given: where it runs, and files that it may write to. */
interface Place {
  readonly workspace: string;
  readonly temp: string;
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

const DONE: Run = { exitCode: 0, signal: null, stdout: '', stderr: '' };

/** Runs the steps of a job as a runner on Linux does: scripts in bash, local actions in Node.js, the known actions by hand. */
export async function runJob(job: Job, runner: Runner): Promise<JobRun> {
  const folder = temporaryFolder();
  const [workspace, temp] = [join(folder, 'workspace'), join(folder, 'temp')];
  for (const path of [workspace, temp]) mkdirSync(path);
  const outputs: Record<string, { outputs: Record<string, string> }> = {};
  const steps: StepRun[] = [];
  let path = cleanEnvironment()['PATH'] ?? '';
  let failed = false;
  for (const [i, step] of job.steps.entries()) {
    const contexts = { ...runner.contexts, steps: outputs, runner: { temp } };
    if (!holds(step.if, contexts, failed)) {
      steps.push({ step, run: null, outputs: {}, summary: '' });
      continue;
    }
    const files = join(folder, `step-${i}`);
    mkdirSync(files);
    const env = { ...runner.env, ...fileVariables(files), RUNNER_TEMP: temp, GITHUB_WORKSPACE: workspace };
    const place: Place = { workspace, temp, path, env };
    const { run, more = {} } = await runStep(step, contexts, place, runner);
    failed ||= run.exitCode !== 0;
    const told = { ...readOutputs(env.GITHUB_OUTPUT), ...more };
    steps.push({ step, run, outputs: told, summary: readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8') });
    if (step.id !== undefined) outputs[step.id] = { outputs: told };
    path = [...readLines(env.GITHUB_PATH), path].join(':');
  }
  const contexts = { ...runner.contexts, steps: outputs, runner: { temp } };
  const told = Object.entries(job.outputs ?? {}).map(([name, text]) => [name, fillIn(text, contexts)]);
  return { ok: !failed, steps, outputs: Object.fromEntries(told), workspace };
}

interface Outcome {
  readonly run: Run;
  /** Outputs that an action sets by itself. */
  readonly more?: Readonly<Record<string, string>>;
}

function runStep(step: Step, contexts: Contexts, place: Place, runner: Runner): Promise<Outcome> {
  const given = fillAll(step.with ?? {}, contexts);
  const { uses = '' } = step;
  if (step.run !== undefined) return runScript(step.run, fillAll(step.env ?? {}, contexts), place);
  if (uses === './') return runLocalAction(given, { ...runner, contexts }, place);
  const known: Readonly<Record<string, () => Promise<Outcome>>> = {
    'actions/checkout': () => checkout(given, place, runner),
    'actions/upload-artifact': () => upload(given, place, runner),
    'actions/download-artifact': () => download(given, runner),
  };
  const action = known[uses.split('@')[0] ?? ''];
  if (action === undefined) throw new Error(`no runner for ${uses}`);
  return action();
}

function fillAll(values: Readonly<Record<string, unknown>>, contexts: Contexts): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, fillIn(String(value), contexts)]),
  );
}

/** `shell: bash` on a runner is `bash --noprofile --norc -eo pipefail {0}`. */
async function runScript(script: string, env: Record<string, string>, place: Place): Promise<Outcome> {
  const file = join(dirname(place.temp), 'script.sh');
  writeFileSync(file, script);
  const command = ['bash', '--noprofile', '--norc', '-eo', 'pipefail', file];
  return { run: await runCommand(command, { cwd: place.workspace, env: environmentOf(place, env) }) };
}

async function runLocalAction(
  given: Readonly<Record<string, string>>,
  { contexts, action: folder }: Runner,
  place: Place,
): Promise<Outcome> {
  const home = folder ?? place.workspace;
  const action = parse(readFileSync(join(home, 'action.yml'), 'utf8')) as {
    inputs: Record<string, { default: string }>;
    runs: { main: string };
  };
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(action.inputs, name));
  if (unknown.length > 0) throw new Error(`action.yml has no input ${unknown}`);
  const inputs = Object.entries(action.inputs).map(([name, input]) => [
    `INPUT_${name.toUpperCase()}`,
    given[name] ?? fillIn(input.default, contexts),
  ]);
  const main = join(home, action.runs.main);
  const env = environmentOf(place, Object.fromEntries(inputs) as Record<string, string>);
  return { run: await runCommand([process.execPath, main], { cwd: place.workspace, env }) };
}

async function checkout(
  given: Readonly<Record<string, string>>,
  { workspace }: Place,
  { origin, contexts }: Runner,
): Promise<Outcome> {
  const depth = given['fetch-depth'] ?? '1';
  const { ref_name: branch, token } = contexts['github'] as { ref_name: string; token: string };
  const authorization = origin.startsWith('http')
    ? ['-c', `http.extraHeader=Authorization: Basic ${basic(token)}`]
    : [];
  const shallow = depth === '0' ? [] : ['--depth', depth];
  const command = ['git', ...authorization, 'clone', '--quiet', ...shallow, '--branch', branch, origin, '.'];
  return { run: await runCommand(command, { cwd: workspace, env: cleanEnvironment() }) };
}

function basic(token: string): string {
  return Buffer.from(`x-access-token:${token}`).toString('base64');
}

/** Files arrive without their modes, links as what they lead to, and hidden files not at all. */
async function upload(
  given: Readonly<Record<string, string>>,
  { temp }: Place,
  { artifacts }: Runner,
): Promise<Outcome> {
  const from = given['path'] ?? '';
  if (!existsSync(from) || readdirSync(from).length === 0)
    return { run: { ...DONE, exitCode: given['if-no-files-found'] === 'error' ? 1 : 0 } };
  const to = join(temp, `artifact-${given['name']}`);
  cpSync(from, to, { recursive: true, dereference: true, filter: (path) => !/\/\.[^/]*$/.test(path) });
  artifacts.set(given['name'] ?? '', to);
  return { run: DONE };
}

async function download(given: Readonly<Record<string, string>>, { artifacts }: Runner): Promise<Outcome> {
  const from = artifacts.get(given['name'] ?? '');
  if (from === undefined) return { run: { ...DONE, exitCode: 1, stderr: 'no such artifact' } };
  cpSync(from, given['path'] ?? '', { recursive: true, verbatimSymlinks: true });
  return { run: DONE, more: { 'download-path': given['path'] ?? '' } };
}

function environmentOf(
  place: Place,
  env: Readonly<Record<string, string>>,
): Record<string, string | undefined> {
  return {
    ...cleanEnvironment(),
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    ...place.env,
    ...env,
    PATH: place.path,
  };
}

const FILES = ['GITHUB_OUTPUT', 'GITHUB_PATH', 'GITHUB_ENV', 'GITHUB_STEP_SUMMARY'] as const;

function fileVariables(folder: string): Record<(typeof FILES)[number], string> {
  return Object.fromEntries(
    FILES.map((name) => {
      writeFileSync(join(folder, name), '');
      return [name, join(folder, name)];
    }),
  ) as Record<(typeof FILES)[number], string>;
}

function readLines(file: string): readonly string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** `name=value` and `name<<DELIMITER`, as a runner reads them. */
function readOutputs(file: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = readLines(file);
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    const block = /^([^=<]+)<<(.+)$/.exec(line);
    if (block === null) {
      const [name = '', ...value] = line.split('=');
      outputs[name] = value.join('=');
      continue;
    }
    const end = lines.indexOf(block[2] ?? '', i + 1);
    if (end === -1) throw new Error(`the output ${block[1]} never ends`);
    outputs[block[1] ?? ''] = lines.slice(i + 1, end).join('\n');
    i = end;
  }
  return outputs;
}
