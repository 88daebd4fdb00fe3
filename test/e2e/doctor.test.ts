/** `peak doctor` without GitHub: a repository made by init is in order, and every flaw of it is named. */
import { once } from 'node:events';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Answer, answerOf } from '../support/cli/answer.ts';
import { GitFolder } from '../support/cli/git-folder.ts';
import { GovernedFolder, temporaryFolder } from '../support/cli/governed-folder.ts';
import { runHere } from '../support/cli/run-here.ts';

const WORKFLOW = '.github/workflows/promotion-cycle.yml';
const ACTION = `acme/peak-trade-gitops@${'a'.repeat(40)}`;

interface DoctorAnswer extends Answer {
  readonly checks: readonly {
    readonly code: string;
    readonly level: string;
    readonly unread?: string;
    readonly message: string;
  }[];
}

async function made(): Promise<GitFolder> {
  const folder = new GitFolder(temporaryFolder());
  await runHere(folder, ['init', '--operator', 'alice', '--action', ACTION]);
  folder.git('init', '--quiet', '--initial-branch=trunk');
  folder.commitAll();
  return folder;
}

/** Runs the doctor; answers its exit code and what is not OK, as `level CODE`. */
async function examine(folder: GovernedFolder) {
  const run = await runHere(folder, ['doctor', '--json']);
  const { checks } = answerOf<DoctorAnswer>(run);
  const found = checks.filter(({ level }) => level !== 'ok').map(({ level, code }) => `${level} ${code}`);
  return { exitCode: run.exitCode, found: [...new Set(found)].sort(), checks };
}

/** Without a token, this is always said. */
const NO_GITHUB = 'warning GITHUB';

test('finds a repository made by init in order, and says that it did not look at GitHub', async () => {
  expect(await examine(await made())).toMatchObject({ exitCode: 0, found: [NO_GITHUB] });
});

test('writes nothing', async () => {
  const folder = await made();
  const before = folder.standing();
  await examine(folder);
  expect(folder.standing()).toEqual(before);
});

test('finds this repository in order but for the people that it cannot name', async () => {
  const { found } = await examine(new GovernedFolder(dirname(dirname(import.meta.dirname))));
  expect(found).toEqual(['error OPERATORS', 'warning CODE_OWNERS', NO_GITHUB]);
});

type Flaw = (folder: GitFolder) => void;

const FLAWS: readonly (readonly [flaw: string, expected: string, make: Flaw])[] = [
  ['no operators', 'error OPERATORS', (one) => one.edit('config/promotion.toml', '["alice"]', '[]')],
  ['a broken policy', 'error POLICY', (one) => one.edit('config/promotion.toml', 'lock =', 'lok =')],
  ['no policy', 'error FILE', (one) => one.remove('config/promotion.toml')],
  ['a policy that is a link', 'error FILE', (one) => replaceByLink(one, 'config/promotion.toml')],
  ['the killswitch', 'warning MODE', (one) => one.setMode('disabled')],
  [
    'a lock',
    'warning MODE',
    (one) => {
      one.setMode('bounded_auto');
      one.edit('config/promotion.toml', 'lock = false', 'lock = true ');
    },
  ],
  ['a broken base configuration', 'error CONFIGURATION', (one) => one.write('config/config.toml', 'x')],
  [
    'a leverage beyond the hard limit',
    'error CONFIGURATION',
    (one) => one.edit('config/config.toml', 'leverage = 1.0', 'leverage = 10.0'),
  ],
  ['a broken auto.toml', 'error CONFIGURATION', (one) => one.write('config/live_overrides/auto.toml', 'x')],
  ['no attributes', 'error ATTRIBUTES', (one) => one.write('.gitattributes', '')],
  [
    'attributes that a later line takes back',
    'error ATTRIBUTES',
    (one) => one.write('config/.gitattributes', '*.toml text eol=crlf\n'),
  ],
  [
    'a filter on evidence',
    'error ATTRIBUTES',
    (one) => one.write('reports/.gitattributes', '*.json filter=lfs\n'),
  ],
  [
    'attributes of this clone alone',
    'error ATTRIBUTES',
    (one) => one.write('.git/info/attributes', '*.jsonl text\n'),
  ],
  ['evidence that is ignored', 'error IGNORED', (one) => one.write('.gitignore', 'reports/\n.peak/\n')],
  ['local state that is not', 'warning LOCAL_STATE', (one) => one.write('.gitignore', '')],
  ['no code owners', 'warning FILE', (one) => one.remove('.github/CODEOWNERS')],
  [
    'a line that takes owners away',
    'warning CODE_OWNERS',
    (one) => one.edit('.github/CODEOWNERS', /$/, '/config/promotion.toml\n'),
  ],
  [
    'an owner of everything',
    'warning AUTO_TOML_OWNER',
    (one) => one.edit('.github/CODEOWNERS', /^/, '* @alice\n'),
  ],
  [
    'an action at a tag beside the key',
    'error WORKFLOW_PINS',
    (one) => one.edit(WORKFLOW, /download-artifact@\w+/, 'download-artifact@v7'),
  ],
  [
    'an action at a branch elsewhere',
    'warning WORKFLOW_PINS',
    (one) => one.write('.github/workflows/x.yaml', 'jobs: {a: {steps: [{"uses": "a/b@main"}]}}\n'),
  ],
  ['a workflow that is a link', 'error WORKFLOW_PINS', (one) => replaceByLink(one, WORKFLOW)],
  [
    'no copy of the action',
    'error ACTION_UNSET',
    (one) => one.edit(WORKFLOW, new RegExp(ACTION, 'g'), `OWNER/peak-trade-gitops@${'0'.repeat(40)}`),
  ],
  [
    "a pull request's code with this repository's rights",
    'error HEAD_IN_TARGET',
    (one) =>
      one.write(
        '.github/workflows/x.yml',
        `on: pull_request_target\njobs:\n  a:\n    steps:\n      - run: git fetch origin "\${{ github.event.pull_request.head.sha }}"\n`,
      ),
  ],
];

function replaceByLink(folder: GitFolder, path: string): void {
  folder.write('elsewhere', folder.read(path));
  folder.remove(path);
  symlinkSync(folder.path('elsewhere'), folder.path(path));
}

describe('a flaw', () => {
  test.each(FLAWS)('%s', async (_, expected, make) => {
    const folder = await made();
    make(folder);
    const { exitCode, found } = await examine(folder);
    expect(found).toContain(expected);
    expect(exitCode).toBe(found.some((one) => one.startsWith('error')) ? 1 : 0);
  });

  test('no repository: what only Git knows is not OK', async () => {
    const folder = await made();
    rmSync(folder.path('.git'), { recursive: true });
    const { exitCode, found, checks } = await examine(folder);
    expect(exitCode).toBe(1);
    expect(found).toEqual(
      ['error ATTRIBUTES', 'error IGNORED', 'error REPOSITORY', NO_GITHUB, 'warning LOCAL_STATE'].sort(),
    );
    expect(checks.filter(({ unread }) => unread !== undefined)).toHaveLength(3);
  });

  test('an empty folder: everything is told, nothing thrown', async () => {
    const folder = new GovernedFolder(temporaryFolder());
    mkdirSync(folder.path('x'));
    const { exitCode, checks } = await examine(folder);
    expect(exitCode).toBe(1);
    // Nothing of what is not there is in order.
    expect(checks.filter(({ level }) => level === 'ok')).toEqual([]);
    expect(checks.filter(({ unread }) => unread !== undefined).map(({ code }) => code)).toEqual(
      expect.arrayContaining(['WORKFLOW_PINS', 'ACTION_UNSET', 'HEAD_IN_TARGET']),
    );
  });
});

/** A port of this machine at which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('without GitHub', () => {
  test('what is here is told all the same, and what could not be asked', async () => {
    const env = { GITHUB_TOKEN: 'x', GITHUB_API_URL: `http://127.0.0.1:${await closedPort()}` };
    const words = ['doctor', '--repository', 'acme/x', '--judge-app', '1', '--json'];
    const run = await runHere(await made(), words, { env });
    const { checks } = answerOf<DoctorAnswer>(run);
    expect(run.exitCode).toBe(3);
    expect(checks.filter(({ level }) => level === 'ok').length).toBeGreaterThan(10);
    const [github] = checks.filter(({ level }) => level !== 'ok');
    expect(github).toMatchObject({
      code: 'GITHUB',
      level: 'warning',
      unread: expect.stringContaining('ECONNREFUSED'),
    });
    expect(github?.unread).toContain('/repos/acme/x');
  }, 90_000);

  test.each(['nonsense', 'a/b/c', '/x', ''])(
    'the repository %j is refused, also without a token',
    async (name) => {
      const run = await runHere(await made(), ['doctor', `--repository=${name}`, '--json']);
      expect([run.exitCode, answerOf(run).problems.map(({ code }) => code)]).toEqual([
        2,
        ['ARGUMENT_INVALID'],
      ]);
    },
  );
});

test('says it to people in one line each', async () => {
  const run = await runHere(await made(), ['doctor']);
  expect(run.exitCode).toBe(0);
  expect(run.stdout).toMatch(/^\[OK\] {3}the policy is valid/m);
  expect(run.stdout).toMatch(/^\[WARN\] settings on GitHub were not looked at/m);
  expect(run.stdout).toMatch(/^\d+ OK, 1 to look at, 0 to put right$/m);
});

test('what a file says cannot reach the terminal', async () => {
  const folder = await made();
  folder.write('.github/workflows/x.yml', 'uses: "a/b@\u001b[31m\u202e"\n');
  const run = await runHere(folder, ['doctor']);
  expect(run.stdout).not.toMatch(/[\u001b\u202e]/);
});

test.each(['x', '0', '-1', '1.5', '99999999999999999999'])('refuses %j as an App id', async (id) => {
  expect((await runHere(await made(), ['doctor', `--judge-app=${id}`])).exitCode).toBe(2);
});
