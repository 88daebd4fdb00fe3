import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { escapeTerminalLines } from '../kernel/text/escape-terminal.ts';
import type { Add, Run } from './add-command.ts';
import type { CommonOptions, Streams } from './context.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { addOperations } from './operations.ts';

const MODES = ['disabled', 'manual_only', 'bounded_auto'];
const modeOption = new Option(
  '--auto-apply-mode <mode>',
  'run in this mode, at most as loose as the policy',
).choices(MODES);
const policyOption = new Option('--policy <file>', 'what if this were the policy; writes nothing').argParser(
  given,
);

/** Parses arguments, runs the command, and turns what goes wrong into words and an exit code. */
export async function runProgram(
  args: readonly string[],
  streams: Streams,
  version: string,
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  const program = buildProgram(streams, version, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.badInput;
    const { reportFailure } = await import('./failure.ts');
    return reportFailure(error, streams, args.includes('--json'));
  }
}

function buildProgram(streams: Streams, version: string, finish: (code: ExitCode) => void): Command {
  const program = new Command('peak')
    .description('Evidence in, a governed proposal out: learned trading parameters, promoted by Git.')
    .version(version)
    .exitOverride()
    // Commander repeats what was typed.
    .configureOutput({ writeOut: streams.out, writeErr: (text) => streams.err(escapeTerminalLines(text)) })
    .showHelpAfterError('(peak --help lists all commands)');
  const add = (parent: Command, usage: string, description: string, load: () => Promise<Run>): Command =>
    parent
      .command(usage)
      .description(description)
      .option('--root <dir>', 'the governed folder', given, '.')
      .option('--json', 'answer in JSON')
      .action(async (...parameters: unknown[]) => {
        const command = parameters.at(-1) as Command;
        const run = await load();
        finish(await run(command.args, command.opts<CommonOptions>() as never, streams));
      });
  addLoops(program, add);
  addCheck(program, add);
  addReports(program, add);
  addConfig(program, add);
  addSignal(program, add);
  addSetup(program, add);
  addOperations(program, add);
  return program;
}

/** `--root "$FOLDER"` with a variable that is not set must neither mean the working directory nor a mode of its own. */
function given(text: string): string {
  if (text === '') throw new InvalidArgumentError('It is empty.');
  return text;
}

function addLoops(program: Command, add: Add): void {
  add(
    program,
    'learn',
    'System 1: evidence → patches → config/auto/learning.override.toml',
    async () => (await import('./commands/learn.ts')).learn,
  ).option('--dry-run', 'write nothing');
  add(
    program,
    'promote',
    'System 2: patches → decisions → proposals',
    async () => (await import('./commands/promote.ts')).promote,
  )
    .option('--dry-run', 'write nothing')
    .addOption(modeOption)
    .addOption(policyOption);
  add(
    program,
    'cycle',
    'both loops, and publishing the result',
    async () => (await import('./commands/cycle.ts')).cycle,
  )
    .option('--dry-run', 'write nothing')
    .addOption(modeOption)
    .addOption(policyOption)
    .addOption(
      new Option(
        '--publish <where>',
        'none: files in this folder. branch: a commit on a local branch. github: a pull request',
      )
        .choices(['none', 'branch', 'github'])
        .default('none'),
    )
    .option('--repository <name>', 'owner/repository on GitHub; default: GITHUB_REPOSITORY');
}

function addCheck(program: Command, add: Add): void {
  add(
    program,
    'check',
    'may a change be merged now? Approvals are not known here',
    async () => (await import('./commands/check.ts')).check,
  )
    .requiredOption('--base <ref>', 'the branch that it would be merged into')
    .requiredOption('--head <ref>', 'the change');
}

function addReports(program: Command, add: Add): void {
  add(
    program,
    'status',
    'mode, evidence, live values, sessions and proposals at a glance',
    async () => (await import('./commands/status.ts')).status,
  )
    .option(
      '--acks <dir>',
      'where sessions note what they loaded (default: .peak/acks in the governed folder)',
    )
    .option('--max-lag <minutes>', 'a session that differs for longer is an incident', '15');
  add(
    program,
    'signals [id]',
    'list the evidence, or show one signal',
    async () => (await import('./commands/signals.ts')).signals,
  ).option('--latest', 'show the newest');
  add(
    program,
    'proposals [id]',
    'list the proposals, or show one',
    async () => (await import('./commands/proposals.ts')).proposals,
  ).option('--latest', 'show the newest');
  add(
    program,
    'why [target]',
    'why nothing was learned, proposed or applied',
    async () => (await import('./commands/why.ts')).why,
  ).option('--env <mode>', 'as if environment.mode were this', given);
}

function addConfig(program: Command, add: Add): void {
  const config = program.command('config').description('the configuration that a session loads');
  const subcommand = (usage: string, description: string): Command =>
    add(config, usage, description, async () =>
      (await import('./commands/config.ts')).config(usage.split(' ')[0] ?? ''),
    )
      .option('--env <mode>', 'as if environment.mode were this', given)
      .option('--force', 'apply live overrides in any mode')
      .option('--no-overrides', 'base values only')
      .option('--offline', 'apply what System 1 recommends; not in live-like modes');
  subcommand('show', 'the whole effective configuration')
    .addOption(
      new Option('--format <format>', 'json, toml or env').choices(['json', 'toml', 'env']).default('toml'),
    )
    .option('--ack <session>', 'note what was loaded, under this name')
    .option('--acks <dir>', 'where such notes are (default: .peak/acks in the governed folder)');
  subcommand('get <target>', 'one effective value');
  subcommand('diff', 'what live overrides change, and what is ignored');
}

/** What a signal in a file says itself. */
const SAID_BY_OPTIONS = [
  'target',
  'value',
  'oldValue',
  'confidence',
  'source',
  'experiment',
  'sampleSize',
  'tag',
  'healthScore',
  'summary',
  'createdAt',
];

function addSignal(program: Command, add: Add): void {
  const signal = program.command('signal').description('evidence of your own');
  add(
    signal,
    'emit',
    'write a learning signal into the evidence folder',
    async () => (await import('./commands/signal-emit.ts')).signalEmit,
  )
    .addOption(
      new Option('--file <file>', 'a signal in JSON; - is stdin. Or say it by options:').conflicts(
        SAID_BY_OPTIONS,
      ),
    )
    .option('--target <target>', 'dotted parameter, e.g. portfolio.leverage')
    .option('--value <value>', 'the new value; JSON, else a text', given)
    .option('--old-value <value>', 'the value the evidence believes in', given)
    .option('--confidence <ratio>', '0 to 1')
    .option('--source <name>', 'which tool it comes from', 'manual')
    .option('--experiment <id>', 'the same experiment twice counts once')
    .option('--sample-size <count>', 'observations behind it')
    .option('--tag <tag...>', 'tags such as r_and_d')
    .addOption(
      new Option(
        '--health-score <score>',
        'a test-health score, 0 to 100; the source is then test_health',
      ).conflicts('source'),
    )
    .option('--summary <text>', 'one sentence for people')
    .option('--created-at <time>', 'ISO 8601; default now')
    .option('--dry-run', 'write nothing');
  add(
    signal,
    'import <dir>',
    'add the new evidence of a folder that nobody vouches for, or refuse all of it',
    async () => (await import('./commands/signal-import.ts')).signalImport,
  ).option('--dry-run', 'write nothing');
}

function addSetup(program: Command, add: Add): void {
  add(
    program,
    'init',
    'lay policy, workflow, App manifests and the like into a repository; nothing is overwritten',
    async () => (await import('./commands/init.ts')).init,
  )
    .option('--dry-run', 'write nothing')
    .addOption(
      new Option('--profile <stage>', 'the policy to start with')
        .choices(['development', 'staging', 'production'])
        .default('development'),
    )
    .option('--operator <name...>', 'who may approve: logins and @org/team')
    .option('--action <ref>', 'the copy of the action to run: owner/repository@commit')
    .option(
      '--owner <login>',
      'organization that the two Apps belong to; default: the one of @org/team operators',
    )
    .option('--judge-url <url>', 'where GitHub will reach the judge, e.g. https://judge.example.org');
  add(
    program,
    'doctor',
    'is this repository, and its settings on GitHub, as the judge demands?',
    async () => (await import('./commands/doctor.ts')).doctor,
  )
    .option('--repository <name>', 'owner/repository on GitHub; default: GITHUB_REPOSITORY')
    .option('--judge-app <id>', "the judge App's id, which the required check must come from");
}
