/** The judge's own process: what it refuses to start with, what it says, and how it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { JUDGE_APP } from '../../src/setup/index.ts';
import { temporaryFolder } from '../support/cli/governed-folder.ts';
import { cleanEnvironment, runCommand } from '../support/cli/run-peak.ts';
import { type Forge, startForge } from '../support/forge/index.ts';

const { privateKey: KEY } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const SECRET = 'a secret of the webhooks';

type Variables = Readonly<Record<string, string | undefined>>;

function judgeBin(): string {
  const peak = inject('peak');
  if ('fault' in peak) throw new Error(peak.fault);
  return join(dirname(peak.bin), 'judge.js');
}

const environment = (variables: Variables): Variables => ({
  ...cleanEnvironment(),
  SOURCE_DATE_EPOCH: undefined,
  PRIVATE_KEY: KEY,
  APP_ID: '7',
  WEBHOOK_SECRET: SECRET,
  PEAK_PUBLISHER_APP: 'peak-publisher',
  PEAK_DATA_DIR: temporaryFolder(),
  LOG_FORMAT: 'json',
  ...variables,
});

/** The settings that `--check` finds at fault. */
async function faultsOf(variables: Variables): Promise<readonly string[]> {
  const command = [process.execPath, judgeBin(), '--check'];
  const run = await runCommand(command, { cwd: temporaryFolder(), env: environment(variables) });
  expect(run.exitCode).toBe(run.stderr === '' ? 0 : 2);
  expect(run.stdout).toBe('');
  if (run.stderr === '') return [];
  const line = JSON.parse(run.stderr) as { problems: { code: string; message: string; hint: string }[] };
  for (const { code, hint } of line.problems)
    expect([code, hint]).toEqual(['SETTING_INVALID', expect.any(String)]);
  return line.problems.map(({ message }) => message.split(' ')[0] ?? '');
}

const cut = (pem: string): string => pem.slice(0, 1200);
const elliptic = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

describe('the settings', () => {
  test.each<[string, Variables]>([
    ['a key on one line', { PRIVATE_KEY: KEY.replaceAll('\n', '\\n') }],
    ['a key with blanks for line breaks', { PRIVATE_KEY: KEY.trim().replaceAll('\n', ' ') }],
    ['a key in base64', { PRIVATE_KEY: Buffer.from(KEY).toString('base64') }],
    ['no publisher', { PEAK_PUBLISHER_APP: undefined }],
    [
      'all there is',
      {
        PORT: '8080',
        WEBHOOK_PATH: '/hooks',
        GHE_HOST: 'github.acme.example',
        REDIS_URL: 'redis://localhost',
      },
    ],
  ])('may have %s', async (_, variables) => {
    expect(await faultsOf(variables)).toEqual([]);
  });

  test.each<[string, Variables, string?]>([
    ['no id', { APP_ID: '' }],
    ['an id that is none', { APP_ID: 'abc' }],
    ['the id 0', { APP_ID: '0' }],
    ['no key', { PRIVATE_KEY: undefined }, 'PRIVATE_KEY_PATH'],
    ['a key that is none', { PRIVATE_KEY: 'garbage' }],
    ['a key that is cut off', { PRIVATE_KEY: cut(KEY) }],
    ['a damaged key', { PRIVATE_KEY: KEY.replace(/[A-Z]{2}/, '') }],
    ['a public key', { PRIVATE_KEY: elliptic.publicKey }],
    ['a key of another kind', { PRIVATE_KEY: elliptic.privateKey }],
    ['a path that leads nowhere', { PRIVATE_KEY_PATH: '/nope.pem', PRIVATE_KEY: undefined }],
    ['two keys', { PRIVATE_KEY: KEY, PRIVATE_KEY_PATH: '/nope.pem' }, 'PRIVATE_KEY'],
    ['a short secret', { WEBHOOK_SECRET: 'x' }],
    ['a fixed clock', { SOURCE_DATE_EPOCH: '1795300000' }],
    ['a port that is none', { PORT: 'abc' }],
    ['a path without its slash', { WEBHOOK_PATH: 'hooks' }],
    ['the path of the metrics', { WEBHOOK_PATH: '/metrics' }],
    ['a host with its scheme', { GHE_HOST: 'https://github.acme.example/' }],
    ['tokens in the clear', { GHE_PROTOCOL: 'http', GHE_HOST: 'github.acme.example' }],
    ['a level that is none', { LOG_LEVEL: 'loud' }],
    ['a Redis that is none', { REDIS_URL: '127.0.0.1:6379' }],
    ['a proxy for webhooks', { WEBHOOK_PROXY_URL: 'https://smee.io/x' }],
    ['a folder that cannot be made', { PEAK_DATA_DIR: '/proc/nope' }],
    ['no git', { PATH: '/nonexistent' }],
  ])('must not have %s', async (_, variables, setting = Object.keys(variables)[0]) => {
    expect(await faultsOf(variables)).toEqual([setting]);
  });

  test('must not name a folder that others can write', async () => {
    const folder = join(temporaryFolder(), 'shared');
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    expect(await faultsOf({ PEAK_DATA_DIR: folder })).toEqual(['PEAK_DATA_DIR']);
    chmodSync(folder, 0o700);
    expect(await faultsOf({ PEAK_DATA_DIR: join(folder, 'a/b') })).toEqual([]);
    expect(existsSync(join(folder, 'a/b'))).toBe(true);
  });

  test('must not have an old git', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'git'), '#!/bin/sh\necho git version 2.30.2\n', { mode: 0o755 });
    expect(await faultsOf({ PATH: folder })).toEqual(['PATH']);
  });

  test('are all named at once, and nothing else is done', async () => {
    const wrong = { APP_ID: '', PRIVATE_KEY: undefined, WEBHOOK_SECRET: undefined, PORT: '0' };
    expect([...(await faultsOf(wrong))].sort()).toEqual([
      'APP_ID',
      'PORT',
      'PRIVATE_KEY_PATH',
      'WEBHOOK_SECRET',
    ]);
    const cwd = temporaryFolder();
    // What Probot's setup mode would have left behind, and what the next start would have loaded.
    writeFileSync(join(cwd, '.env'), 'APP_ID=666\nWEBHOOK_SECRET=sixteen-characters\n');
    const run = await runCommand([process.execPath, judgeBin()], {
      cwd,
      env: environment({ ...wrong, LOG_FORMAT: 'pretty' }),
    });
    expect([run.exitCode, run.stdout]).toEqual([2, '']);
    expect(run.stderr).not.toMatch(/^\s+at /m);
    expect(run.stderr.match(/^error: \w+/gm)).toHaveLength(4);
  });
});

/** A line of the log. */
interface Line {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

class Started {
  readonly lines: Line[] = [];
  readonly ended: Promise<number | null>;
  readonly address: string;
  readonly #child: ChildProcess;

  constructor(command: readonly string[], port: number, variables: Variables) {
    const [file = '', ...args] = command;
    this.address = `http://127.0.0.1:${port}`;
    const env = environment({ PORT: String(port), HOST: '127.0.0.1', ...variables }) as NodeJS.ProcessEnv;
    this.#child = spawn(file, args, { cwd: temporaryFolder(), env, stdio: ['ignore', 'pipe', 'pipe'] });
    let rest = '';
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString('utf8')).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) if (part.startsWith('{')) this.lines.push(JSON.parse(part) as Line);
    });
    this.#child.stderr?.resume();
    this.ended = new Promise((resolve) => this.#child.on('close', resolve));
    onTestFinished(async () => {
      this.#child.kill('SIGKILL');
      await this.ended;
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The first line of the log that has a field. */
  async line(isMeant: (line: Line) => boolean): Promise<Line> {
    for (;;) {
      const found = this.lines.find(isMeant);
      if (found !== undefined) return found;
      await pause();
    }
  }

  async statusOf(path: string): Promise<number> {
    return (await fetch(`${this.address}${path}`)).status;
  }
}

const pause = (ms = 50) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function place() {
  const forge: Forge = await startForge({ clock: Date.now });
  onTestFinished(() => forge.close());
  const { permissions } = JUDGE_APP;
  const app = await forge.createApp({ slug: 'peak-judge', permissions });
  const origin = new URL(forge.apiUrl);
  const variables = {
    APP_ID: String(app.id),
    PRIVATE_KEY: app.privateKey,
    GHE_HOST: origin.host,
    GHE_PROTOCOL: 'http',
  };
  return { forge, app, variables };
}

const start = async (variables: Variables, command: readonly string[] = [process.execPath, judgeBin()]) =>
  new Started(command, await freePort(), variables);

describe('the process', { timeout: 90_000 }, () => {
  test('says who it is, answers its own paths and no others, and ends with 0 when it is told to', async () => {
    const { app, variables } = await place();
    const judge = await start(variables);
    expect(await judge.line((line) => line['app'] !== undefined)).toMatchObject({
      app: 'peak-judge',
      appId: app.id,
      publisher: 'peak-publisher',
      version: expect.stringMatching(/^\d+\.\d+/),
      folder: expect.any(String),
      github: expect.stringContaining(variables.GHE_HOST),
    });
    // Installed nowhere: a warning, and a line that says so.
    expect(await judge.line((line) => line['repositories'] !== undefined)).toMatchObject({
      result: 'success',
      repositories: 0,
      pulls: 0,
    });
    expect(judge.lines.some(({ level }) => level === 40)).toBe(true);
    const paths = [
      '/ready',
      '/metrics',
      '/ping',
      '/',
      '/probot',
      '/probot/static/robot.svg',
      '/api/github/webhooks',
    ];
    expect(await Promise.all(paths.map((path) => judge.statusOf(path)))).toEqual([
      200, 200, 200, 404, 404, 404, 404,
    ]);
    const setup = await fetch(`${judge.address}/probot/import`, { method: 'POST', body: '{}' });
    expect(setup.status).toBe(404);
    const metrics = await (await fetch(`${judge.address}/metrics`)).text();
    expect(metrics).toContain('peak_reconciliations_total{result="success"} 1');
    expect(metrics).toContain('peak_github_calls_total{operation="app"} 1');
    judge.kill('SIGTERM');
    expect(await judge.ended).toBe(0);
    expect(judge.lines.at(-1)?.msg).toBe('stopped');
  });

  test('ends with 3 when GitHub refuses the key, in one line that names the settings', async () => {
    const { variables } = await place();
    const judge = await start({ ...variables, PRIVATE_KEY: KEY });
    expect(await judge.ended).toBe(3);
    const fatal = judge.lines.filter(({ level }) => level === 60);
    expect(fatal).toMatchObject([
      { code: 'GITHUB_REFUSED', help: expect.stringMatching(/APP_ID.*PRIVATE_KEY/) },
    ]);
    expect(judge.lines.filter(({ level, err }) => level >= 50 && err !== undefined)).toEqual([]);
  });

  test('starts without GitHub, is not ready, and says that it could not be reached', async () => {
    const { variables } = await place();
    const judge = await start({ ...variables, GHE_HOST: `127.0.0.1:${await freePort()}` });
    expect(await judge.line(({ code }) => code === 'GITHUB_UNREACHABLE')).toMatchObject({
      level: 50,
      why: expect.stringContaining('ECONNREFUSED'),
    });
    const ready = await fetch(`${judge.address}/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { ready: false, reason: 'starting', reconciled_at: null },
    ]);
    const metrics = await (await fetch(`${judge.address}/metrics`)).text();
    expect(metrics).toContain('peak_reconciliations_total{result="failure"} 1');
    judge.kill('SIGINT');
    judge.kill('SIGINT');
    expect(await judge.ended).toBe(0);
  });

  test('does not become a second judge on a port that is taken', async () => {
    const { variables } = await place();
    const first = await start(variables);
    await first.line((line) => line['port'] !== undefined);
    const second = await start({ ...variables, PORT: new URL(first.address).port });
    expect(await second.ended).toBe(3);
    expect(second.lines.find(({ level }) => level === 60)).toMatchObject({ code: 'EADDRINUSE' });
    expect(second.lines.some((line) => line['app'] !== undefined)).toBe(false);
  });

  test('is gone when npm start is told to stop', async () => {
    const { variables } = await place();
    const project = join(dirname(judgeBin()), '..');
    const judge = await start(variables, ['npm', '--prefix', project, 'start']);
    await judge.line((line) => line['repositories'] !== undefined);
    judge.kill('SIGTERM');
    await judge.ended;
    for (let tries = 0; tries < 100; tries += 1) {
      const isThere = await judge.statusOf('/ping').catch(() => null);
      if (isThere === null) return;
      await pause(100);
    }
    throw new Error('it still listens');
  });

  test('without Redis judges by itself, and names the setting once', async () => {
    const { variables } = await place();
    const port = await freePort();
    const judge = await start({ ...variables, REDIS_URL: `redis://:hush@127.0.0.1:${port}` });
    await judge.line((line) => line['repositories'] !== undefined);
    expect(judge.lines.filter((line) => line['redis'] !== undefined)).toMatchObject([
      { level: 40, redis: `127.0.0.1:${port}`, msg: expect.stringContaining('REDIS_URL') },
    ]);
    expect(JSON.stringify(judge.lines)).not.toContain('hush');
  });
});

describe('a request', { timeout: 90_000 }, () => {
  const HEADERS = {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-github-delivery': '1',
    'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
  };

  /** Posts so many MiB, with or without saying how many; null where the line is cut. */
  function post(address: string, mebibytes: number, isSaid: boolean): Promise<number | null> {
    const length = isSaid ? { 'content-length': String(mebibytes * 2 ** 20) } : {};
    return new Promise((resolve) => {
      const options = { method: 'POST', headers: { ...HEADERS, ...length } };
      const request = httpRequest(`${address}/api/github/webhooks`, options, (response) => {
        resolve(response.statusCode ?? null);
        response.resume();
      });
      request.on('error', () => resolve(null));
      const chunk = Buffer.alloc(2 ** 20, ' ');
      let left = mebibytes;
      const pump = (): void => {
        if (left === 0) return void request.end();
        left -= 1;
        if (request.write(chunk)) setImmediate(pump);
        else request.once('drain', pump);
      };
      pump();
    });
  }

  test('that nobody has signed takes no more memory than a webhook can have', async () => {
    const { variables } = await place();
    const judge = await start(variables);
    await judge.line((line) => line['repositories'] !== undefined);
    const residentMiB = async () => {
      const metrics = await (await fetch(`${judge.address}/metrics`)).text();
      return Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1]) / 2 ** 20;
    };
    const before = await residentMiB();
    // Of a usual size: read, and refused for its signature.
    expect(await post(judge.address, 20, true)).toBe(400);
    expect([413, null]).toContain(await post(judge.address, 400, true));
    expect([413, null]).toContain(await post(judge.address, 400, false));
    expect((await residentMiB()) - before).toBeLessThan(400);
    expect(await judge.statusOf('/ready')).toBe(200);
  });
});

describe('SIGTERM in the middle of a job', { timeout: 60_000 }, () => {
  /** A judge whose reconciliation waits for GitHub's list of pull requests until `open` is called. */
  async function inTheMiddle() {
    const { forge, app, variables } = await place();
    const owner = forge.createOrganization('acme');
    const repository = await forge.createRepository({ owner, name: 'trading', files: { 'a.txt': 'a\n' } });
    forge.install(app, owner, [repository]);
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    let isAsked = false;
    const first = () => {
      isAsked = true;
      return opened;
    };
    forge.faults.plan({ method: 'GET', path: /\/pulls$/, effect: { first } });
    const judge = await start(variables);
    while (!isAsked) await pause();
    judge.kill('SIGTERM');
    await judge.line(({ why }) => why === 'SIGTERM');
    return { forge, judge, open };
  }

  test('lets it end, and listens no longer', async () => {
    const { forge, judge, open } = await inTheMiddle();
    await expect(judge.statusOf('/ping')).rejects.toThrow();
    const before = forge.requests.length;
    open();
    expect(await judge.ended).toBe(0);
    // The rest of the job has asked for more.
    expect(forge.requests.length - before).toBeGreaterThan(1);
    expect(judge.lines.filter(({ level }) => level >= 50)).toEqual([]);
    expect(judge.lines.at(-1)).toMatchObject({ level: 30, msg: 'stopped' });
  });

  test('waits no longer than eight seconds', async () => {
    const { judge, open } = await inTheMiddle();
    const startedMs = Date.now();
    expect(await judge.ended).toBe(0);
    open();
    expect(Date.now() - startedMs).toBeGreaterThan(7_000);
    expect(judge.lines.at(-1)).toMatchObject({ level: 40, ms: 8_000 });
  });
});

test('a Redis that is lost ends the process with 3, in one line', { timeout: 60_000 }, async () => {
  const { variables } = await place();
  const sockets = new Set<Socket>();
  const redis = createServer((socket) => void sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => redis.listen(0, '127.0.0.1', resolve));
  const { port } = redis.address() as AddressInfo;
  const judge = await start({ ...variables, REDIS_URL: `redis://127.0.0.1:${port}` });
  while (sockets.size < 2) await pause();
  const closed = new Promise((resolve) => redis.close(resolve));
  for (const socket of sockets) socket.destroy();
  await closed;
  expect(await judge.ended).toBe(3);
  expect(judge.lines.filter(({ level }) => level >= 50)).toMatchObject([
    {
      level: 60,
      redis: `127.0.0.1:${port}`,
      code: 'ECONNREFUSED',
      msg: expect.stringContaining('REDIS_URL'),
    },
  ]);
});

test('a clone that is not built says so', async () => {
  const folder = temporaryFolder();
  const run = await runCommand(['cp', '-R', dirname(judgeBin()), join(folder, 'bin')], {
    cwd: folder,
    env: cleanEnvironment(),
  });
  expect(run.exitCode).toBe(0);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const judge = await runCommand([process.execPath, join(folder, 'bin/judge.js')], {
    cwd: folder,
    env: environment({}),
  });
  expect([judge.exitCode, judge.stdout]).toEqual([2, '']);
  expect(judge.stderr).toMatch(/^error: not built.*\n {2}help: /);
});
