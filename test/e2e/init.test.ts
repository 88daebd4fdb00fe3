/** `peak init`: a governed repository out of nothing, or beside what stands there; never over it. */
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../../src/governance/index.ts';
import { PROFILES } from '../../src/setup/index.ts';
import { type Answer, answerOf, type CycleAnswer, placesOf } from '../support/cli/answer.ts';
import { GitFolder } from '../support/cli/git-folder.ts';
import { GovernedFolder, temporaryFolder } from '../support/cli/governed-folder.ts';
import { obeyingPermissions } from '../support/cli/privileges.ts';
import { runHere } from '../support/cli/run-here.ts';
import { cleanEnvironment, runCommand, runPeak } from '../support/cli/run-peak.ts';

const WORKFLOW = '.github/workflows/promotion-cycle.yml';
const ACTION = `acme/peak-trade-gitops@${'1234567890abcdef'.repeat(3).slice(0, 40)}`;
const wrapper = obeyingPermissions();

interface InitAnswer extends Answer {
  readonly files: readonly { readonly path: string; readonly state: string; readonly at: string }[];
  readonly remaining: readonly {
    readonly title: string;
    readonly commands: readonly string[];
    readonly done: boolean;
  }[];
}

const emptyFolder = (): GovernedFolder => new GovernedFolder(temporaryFolder());

async function init(folder: GovernedFolder, ...args: readonly string[]) {
  const run = await runHere(folder, ['init', '--json', ...args]);
  return { exitCode: run.exitCode, answer: answerOf<InitAnswer>(run) };
}

/** Paths in a state. */
function pathsOf({ files }: InitAnswer, wanted: string): readonly string[] {
  return files.filter(({ state }) => state === wanted).map(({ path }) => path);
}

/** Everything but local state. */
function committable(folder: GovernedFolder): ReadonlyMap<string, string> {
  return new Map([...folder.snapshot()].filter(([path]) => !path.startsWith('.peak/')));
}

/** A repository made by init, with its files committed and fresh evidence of a change within every profile's bounds. */
async function madeByInit(profile: string): Promise<GitFolder> {
  const folder = new GitFolder(temporaryFolder());
  expect((await init(folder, '--profile', profile, '--operator', 'alice', '@acme/risk')).exitCode).toBe(0);
  folder.git('init', '--quiet', '--initial-branch=trunk');
  folder.commitAll('laid by init');
  const change = ['--target', 'portfolio.leverage', '--value', '1.1', '--old-value', '1.0'];
  await runHere(folder, ['signal', 'emit', ...change, '--confidence', '0.9', '--source', 'backtest']);
  await runHere(folder, ['signal', 'emit', '--health-score', '95']);
  return folder;
}

describe.each(PROFILES)('profile %s', (profile) => {
  test('lays a policy that is valid and knows its operators', async () => {
    const folder = emptyFolder();
    await init(folder, '--profile', profile, '--operator', 'alice', '@acme/risk');
    const policy = parsePolicy(folder.read('config/promotion.toml'));
    expect(policy).toMatchObject({
      ok: true,
      problems: [],
      value: { approvals: { operators: ['alice', '@acme/risk'] } },
    });
  });

  test('runs both loops in the folder', async () => {
    const folder = await madeByInit(profile);
    const run = await runPeak(folder, ['cycle', '--publish', 'none', '--json']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    const { mode, degraded_by_lock: locked, proposals } = answerOf<CycleAnswer>(run);
    const expected = {
      development: ['manual_only', false],
      staging: ['bounded_auto', false],
      production: ['manual_only', true],
    };
    expect([mode, locked]).toEqual(expected[profile]);
    expect(proposals).toHaveLength(1);
    expect(folder.read('config/live_overrides/auto.toml')).toMatch(
      profile === 'staging'
        ? /^"portfolio.leverage" = 1.1$/m
        : /^# "portfolio.leverage" has its base value$/m,
    );
  });

  test('publishes to a branch, with committed files as they were laid', async () => {
    const folder = await madeByInit(profile);
    const run = await runPeak(folder, ['cycle', '--publish', 'branch', '--json']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    const [branch = ''] = Object.keys(folder.branches()).filter((name) => name.startsWith('peak/'));
    expect(folder.show(branch, 'config/live_overrides/auto.toml')).toContain('"portfolio.leverage" = 1.1');
    const changed = folder.changesOf(branch).filter((change) => !/ reports\/| config\//.test(change));
    expect(changed).toEqual([]);
  });

  test('starts a session in a mode that sends no order', async () => {
    const folder = emptyFolder();
    await init(folder, '--profile', profile);
    const trading = await runHere(folder, ['config', 'get', 'environment.enable_live_trading']);
    const mode = await runHere(folder, ['config', 'get', 'environment.mode']);
    expect(trading.stdout.trim()).toBe('false');
    expect(mode.stdout.trim()).toBe(
      { development: 'paper', staging: 'shadow', production: 'live_dry_run' }[profile],
    );
  });
});

describe('profiles', () => {
  test('have every key that the shipped policy has, and no other bounds than within the compiled-in limits', async () => {
    const keysOf = (text: string) => text.match(/^\[[^\]]+\]|(?<=^(?:# )?)\w+(?= =)/gm);
    const shipped = new GovernedFolder(`${import.meta.dirname}/../..`).read('config/promotion.toml');
    for (const profile of PROFILES) {
      const folder = emptyFolder();
      await init(folder, '--profile', profile);
      expect(keysOf(folder.read('config/promotion.toml'))).toEqual(keysOf(shipped));
    }
  });
});

describe('what stands there', () => {
  test('is not touched the second time, and all of it is told', async () => {
    const folder = emptyFolder();
    const first = await init(folder, '--operator', 'alice');
    expect(pathsOf(first.answer, 'kept')).toEqual([]);
    const before = committable(folder);
    const second = await init(folder, '--profile', 'production', '--operator', 'mallory', '--action', ACTION);
    expect(pathsOf(second.answer, 'written')).toEqual([]);
    expect(pathsOf(second.answer, 'kept')).toEqual(pathsOf(first.answer, 'written'));
    expect(committable(folder)).toEqual(before);
  });

  test('is kept, and what is missing is laid beside it', async () => {
    const folder = emptyFolder();
    folder.write('.gitattributes', '* text\n');
    folder.write('app.yml', 'name: mine\n');
    folder.write(WORKFLOW, 'name: mine\n');
    const { answer } = await init(folder);
    expect(pathsOf(answer, 'kept')).toEqual(['.gitattributes', WORKFLOW, 'app.yml']);
    expect([folder.read('.gitattributes'), folder.read('app.yml'), folder.read(WORKFLOW)]).toEqual([
      '* text\n',
      'name: mine\n',
      'name: mine\n',
    ]);
  });

  test('counts at every place where GitHub looks for code owners: the first file hides the others', async () => {
    const folder = emptyFolder();
    folder.write('docs/codeowners', '* @someone\n');
    const { answer } = await init(folder);
    expect(answer.files.find(({ path }) => path === '.github/CODEOWNERS')).toMatchObject({
      state: 'kept',
      at: 'docs/codeowners',
    });
  });

  test('counts when it is a folder, a link, or a name in other letters', async () => {
    const folder = emptyFolder();
    mkdirSync(folder.path('app.yml'));
    symlinkSync('nowhere', folder.path('.gitattributes'));
    folder.write('.GitIgnore', '');
    const { answer } = await init(folder);
    expect(pathsOf(answer, 'kept')).toEqual(['.gitattributes', '.gitignore', 'app.yml']);
  });

  test('decides on the override files: slots follow the policy and configuration that stand', async () => {
    const folder = emptyFolder();
    folder.write('config/config.toml', '[environment]\nmode = "paper"\n\n[a]\nb = 1.0\n');
    folder.write(
      'config/promotion.toml',
      '[promotion]\nmode = "manual_only"\n\n[eligibility]\ntargets = ["a.b"]\n',
    );
    await init(folder);
    expect(folder.read('config/live_overrides/auto.toml')).toContain('# "a.b" has its base value');
  });

  test('that is no policy or no configuration is told with its place, and nothing is written', async () => {
    const folder = emptyFolder();
    folder.write('config/promotion.toml', '[promotion]\nmod = "manual_only"\n');
    const before = folder.snapshot();
    const { exitCode, answer } = await init(folder);
    expect(exitCode).toBe(2);
    expect(placesOf(answer)).toContain('KEY_UNKNOWN promotion.toml:2:1');
    expect(folder.snapshot()).toEqual(before);
  });
});

describe('what it is told', () => {
  test.each(['alice"]\nmode = "bounded_auto', 'a b', '@team', 'x'.repeat(50), '--help'])(
    'an operator %j is refused',
    async (operator) => {
      const folder = emptyFolder();
      const { exitCode } = await init(folder, `--operator=${operator}`);
      expect(exitCode).toBe(2);
      expect(folder.snapshot().size).toBe(0);
    },
  );

  test.each([
    'acme/peak@v1',
    'acme/peak@main',
    `acme/peak@${'A'.repeat(40)}`,
    `a/b@${'0'.repeat(40)}\n      - run: x`,
    '',
  ])('an action %j that could move is refused', async (action) => {
    const folder = emptyFolder();
    const { exitCode } = await init(folder, `--action=${action}`);
    expect(exitCode).toBe(2);
    expect(folder.snapshot().size).toBe(0);
  });

  test('is what the workflow runs', async () => {
    const folder = emptyFolder();
    await init(folder, '--action', ACTION);
    const uses = folder.read(WORKFLOW).match(/uses: acme\/.*/g);
    expect(new Set(uses)).toEqual(new Set([`uses: ${ACTION} # peak-trade-gitops`]));
  });

  test('to write nothing, it writes nothing', async () => {
    const folder = emptyFolder();
    const { answer } = await init(folder, '--dry-run');
    expect(pathsOf(answer, 'dry_run').length).toBeGreaterThan(10);
    expect(folder.snapshot().size).toBe(0);
  });
});

describe('what remains to do', () => {
  test('names what only people can do, with commands', async () => {
    const { answer } = await init(emptyFolder());
    const commands = answer.remaining.flatMap((step) => step.commands).join('\n');
    for (const part of [
      'git init',
      'apps/new?name=peak-publisher',
      'apps/new?name=peak-judge',
      '--env peak-publish',
      'rulesets',
      'allow_rebase_merge=false',
      'gh repo create',
      ' doctor ',
    ])
      expect(commands).toContain(part);
  });

  test('starts this copy of peak from the new folder, by its path', async () => {
    const folder = emptyFolder();
    const { answer } = await init(folder);
    const command = answer.remaining.at(-1)?.commands[0] ?? '';
    const script = command.replace('GITHUB_TOKEN="$(gh auth token)" ', '').replace('JUDGE_APP_ID', '7');
    expect(script).not.toBe(command);
    const run = await runCommand(['/bin/sh', '-c', script], { cwd: folder.root, env: cleanEnvironment() });
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain('config/promotion.toml is there');
  });

  test('is less in a repository, with operators and an action', async () => {
    const folder = new GitFolder(temporaryFolder());
    folder.git('init', '--quiet');
    const all = (await init(emptyFolder())).answer.remaining.length;
    const { answer } = await init(folder, '--operator', 'alice', '--action', ACTION);
    expect(answer.remaining).toHaveLength(all - 3);
  });

  test('says which copy of the action to run with one command, for every workflow', async () => {
    const folder = emptyFolder();
    const { answer } = await init(folder);
    const command = answer.remaining
      .flatMap((step) => step.commands)
      .find((line) => line.startsWith('sed -i'));
    const script = (command ?? '').replace('OWNER/REPO@COMMIT', ACTION);
    const run = await runCommand(['/bin/sh', '-c', script], { cwd: folder.root, env: cleanEnvironment() });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    const workflows = folder.names('.github/workflows');
    expect(workflows).toHaveLength(3);
    for (const name of workflows) {
      const text = folder.read(`.github/workflows/${name}`);
      expect([text.includes(ACTION), text.includes('0'.repeat(40))]).toEqual([true, false]);
    }
  });

  test('is marked as done where the folder shows it', async () => {
    const folder = new GitFolder(temporaryFolder());
    folder.git('init', '--quiet');
    const doneIn = async (...args: readonly string[]) =>
      (await init(folder, ...args)).answer.remaining.map(({ done }) => done);
    expect(await doneIn()).not.toContain(true);
    folder.edit('config/promotion.toml', 'operators = []', 'operators = ["alice"]');
    folder.edit(WORKFLOW, /OWNER\/peak-trade-gitops@0+/, ACTION);
    expect((await doneIn()).filter(Boolean)).toHaveLength(1);
    for (const name of folder.names('.github/workflows'))
      folder.write(
        `.github/workflows/${name}`,
        folder.read(`.github/workflows/${name}`).replaceAll('0'.repeat(40), 'a'.repeat(40)),
      );
    folder.commitAll();
    expect((await doneIn()).filter(Boolean)).toHaveLength(3);
  });

  test.each([
    [['--owner', 'acme'], 'acme-'],
    [['--operator', 'alice', '@acme/risk'], 'acme-'],
    [['--owner', 'x'.repeat(39)], `${'x'.repeat(19)}-`],
  ])('creates Apps of the organization, under names of its own: %j', async (args, prefix) => {
    const folder = emptyFolder();
    const { answer } = await init(folder, ...args, '--judge-url', 'https://judge.example.org/');
    const pages = answer.remaining
      .flatMap((step) => step.commands)
      .filter((line) => line.startsWith('https://'));
    const found = pages.map((page) => new URL(page));
    expect(found.map(({ pathname }) => pathname)).toEqual(
      Array(2).fill(`/organizations/${args.includes('--owner') ? args[1] : 'acme'}/settings/apps/new`),
    );
    const names = found.map(({ searchParams }) => searchParams.get('name') ?? '');
    expect(names).toEqual([`${prefix}peak-publisher`, `${prefix}peak-judge`]);
    expect(Math.max(...names.map(({ length }) => length))).toBeLessThanOrEqual(34);
    expect(found.map(({ searchParams }) => searchParams.get('webhook_url'))).toEqual([
      null,
      'https://judge.example.org/api/github/webhooks',
    ]);
    expect(folder.read('app.yml')).toContain(`name: ${prefix}peak-judge`);
    expect(folder.read('.github/peak/publisher-app.yml')).toContain(`name: ${prefix}peak-publisher`);
  });

  test.each([
    ['--owner', 'a/b'],
    ['--owner', '../x'],
    ['--owner', ''],
    ['--judge-url', 'http://judge.example.org'],
    ['--judge-url', 'judge'],
  ])('%s %j is refused, and nothing is written', async (option, value) => {
    const folder = emptyFolder();
    const { exitCode, answer } = await init(folder, `${option}=${value}`);
    expect([exitCode, placesOf(answer)]).toEqual([2, ['ARGUMENT_INVALID']]);
    expect(folder.snapshot().size).toBe(0);
  });

  test('is said to people, too', async () => {
    const run = await runHere(emptyFolder(), ['init']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toContain('What remains to do');
  });
});

test.skipIf(wrapper === null)(
  'a folder that may not be written ends as a failure of the outside world',
  async () => {
    const folder = emptyFolder();
    chmodSync(folder.root, 0o555);
    const run = await runPeak(folder, ['init'], { wrapper: wrapper ?? [] });
    chmodSync(folder.root, 0o755);
    expect(run).toMatchObject({ exitCode: 3, stdout: '' });
    expect(folder.snapshot().size).toBe(0);
  },
);

test('a link out of the folder is not followed', async () => {
  const folder = emptyFolder();
  const outside = emptyFolder();
  symlinkSync(outside.root, folder.path('.github'));
  const run = await runHere(folder, ['init']);
  expect(run.exitCode).toBe(3);
  expect(outside.snapshot().size).toBe(0);
});
