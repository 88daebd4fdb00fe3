import { type Command, Option } from 'commander';
import type { Add } from './add-command.ts';

const publishOption = () =>
  new Option(
    '--publish <where>',
    'none: files in this folder. branch: a commit on a local branch. github: a pull request',
  )
    .choices(['none', 'branch', 'github'])
    .default('none');

const repositoryOption = () =>
  new Option('--repository <name>', 'owner/repository on GitHub; default: GITHUB_REPOSITORY');

const askedByOption = () =>
  new Option('--asked-by <pull/comment>', 'whose comment asks for it, e.g. 12/345: with --publish github');

/** Commands with which operators step in. */
export function addOperations(program: Command, add: Add): void {
  addHistory(program, add);
  addAudit(program, add);
  addRollback(program, add);
  addMode(program, add);
  addHolds(program, add);
  addDecline(program, add);
  addAck(program, add);
}

function addHistory(program: Command, add: Add): void {
  add(
    program,
    'history [target]',
    'every value that targets ever had live, and by what',
    async () => (await import('./commands/history.ts')).history,
  )
    .option('--why', 'from the live value of one target down to its evidence')
    .option('--csv', 'all of it as CSV')
    .option('--since <time>', 'changes from then on, ISO 8601');
}

function addAudit(program: Command, add: Add): void {
  add(
    program,
    'audit',
    'is every state of the governed files on a branch explained?',
    async () => (await import('./commands/audit.ts')).audit,
  )
    .option('--base <ref>', 'the governed branch (default: the current one)')
    .option('--since <time>', 'what came onto it from then on, ISO 8601');
}

function addRollback(program: Command, add: Add): void {
  add(
    program,
    'rollback [proposal]',
    'take promotions back; others stay',
    async () => (await import('./commands/rollback.ts')).rollback,
  )
    .option('--target <target>', 'the latest standing promotion of one target')
    .option('--to <commit>', 'everything since a commit')
    .option('--all', 'everything: no live overrides')
    .option('--reason <text>', 'why; goes into the record and the commit')
    .option('--dry-run', 'show the effect, write nothing')
    .addOption(publishOption())
    .addOption(repositoryOption())
    .addOption(askedByOption());
}

function addMode(program: Command, add: Add): void {
  add(program, 'disable', 'the killswitch: [promotion] mode = "disabled"', async () =>
    (await import('./commands/policy.ts')).setMode('disable'),
  )
    .option('--reason <text>', 'why; goes into the commit')
    .option('--dry-run', 'write nothing')
    .addOption(publishOption())
    .addOption(repositoryOption())
    .addOption(askedByOption());
  add(program, 'enable', 'what the mode was before it was disabled', async () =>
    (await import('./commands/policy.ts')).setMode('enable'),
  )
    .addOption(new Option('--mode <mode>', 'this mode').choices(['manual_only', 'bounded_auto']))
    .option('--reason <text>', 'why; goes into the commit')
    .option('--dry-run', 'write nothing')
    .addOption(publishOption())
    .addOption(repositoryOption());
}

function addHolds(program: Command, add: Add): void {
  add(
    program,
    'hold <target>',
    'keep a target out of the auto lane; one pull request is held by the comment /peak hold on it',
    async () => (await import('./commands/policy.ts')).hold,
  )
    .requiredOption('--reason <text>', 'why; stands in the policy')
    .option('--until <time>', 'when it ends by itself, ISO 8601')
    .option('--dry-run', 'write nothing')
    .addOption(publishOption())
    .addOption(repositoryOption());
  add(
    program,
    'release <target>',
    'end the hold of a target, also the one after a rollback; that of a pull request ends with the comment /peak release',
    async () => (await import('./commands/policy.ts')).release,
  )
    .requiredOption('--reason <text>', 'why; stands in the policy')
    .option('--dry-run', 'write nothing')
    .addOption(publishOption())
    .addOption(repositoryOption());
}

function addDecline(program: Command, add: Add): void {
  add(
    program,
    'decline <target>',
    "say no to one value of the bot's open pull request",
    async () => (await import('./commands/decline.ts')).decline,
  )
    .requiredOption('--pull <number>', 'the pull request that proposes it')
    .requiredOption('--reason <text>', 'why; stands in the pull request')
    .option('--dry-run', 'write nothing')
    .addOption(repositoryOption())
    .addHelpText(
      'after',
      '\nActs as the publisher: needs PEAK_APP_ID and PEAK_PRIVATE_KEY, or the GITHUB_TOKEN of a workflow. For example:\n  peak decline portfolio.leverage --pull 12 --reason "not before the drill" && peak cycle --publish github',
    );
}

function addAck(program: Command, add: Add): void {
  add(
    program,
    'ack',
    'note what a session loaded, for peak status',
    async () => (await import('./commands/ack.ts')).ack,
  )
    .requiredOption('--session <name>', 'which session; a name for a file')
    .option('--digest <hex>', 'the digest that the session has; else that of these files now')
    .option('--env <mode>', 'as if environment.mode were this')
    .option('--force', 'live overrides in any mode')
    .option('--no-overrides', 'base values only')
    .option('--acks <dir>', 'where notes are (default: .peak/acks in the governed folder)')
    .option('--dry-run', 'write nothing');
}
