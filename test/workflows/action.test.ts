/** What action.yml runs: inputs become words that cannot become options, and the committed bundle is what the sources say. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planAction } from '../../src/cli/action.ts';
import { temporaryFolder } from '../support/cli/governed-folder.ts';
import { cleanEnvironment, runCommand } from '../support/cli/run-peak.ts';

const ROOT = join(import.meta.dirname, '../..');

function inputs(given: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
}

describe('planAction', () => {
  test('runs the cycle, and imports evidence before it', () => {
    expect(planAction(inputs({ command: 'cycle' }))?.runs).toEqual([
      ['cycle', '--root=.', '--publish=github'],
    ]);
    expect(
      planAction(
        inputs({ command: 'cycle', evidence: '/tmp/e', mode: 'disabled', root: 'a', publish: 'none' }),
      )?.runs,
    ).toEqual([
      ['signal', 'import', '--root=a', '--', '/tmp/e'],
      ['cycle', '--root=a', '--publish=none', '--auto-apply-mode=disabled'],
    ]);
  });

  test.each(['', 'policy'])("takes the mode %j for the policy's own", (mode) => {
    expect(
      planAction(inputs({ command: 'cycle', mode }))
        ?.runs.flat()
        .join(' '),
    ).not.toContain('mode');
  });

  test('passes the App or the token on, and takes away what is not given', () => {
    const given = { command: 'cycle', 'app-id': '7', 'private-key': 'pem\nlines', token: '' };
    expect(planAction(inputs(given))?.variables).toEqual({
      APP_ID: '7',
      PRIVATE_KEY: 'pem\nlines',
      GITHUB_TOKEN: undefined,
    });
  });

  test('puts itself on the PATH, and runs nothing', () => {
    expect(planAction(inputs({ command: 'setup' }))).toMatchObject({ runs: [], onPath: true });
  });

  test.each([{}, { command: '' }, { command: 'Cycle' }, { command: 'rm' }])(
    'knows no other command: %j',
    (given) => {
      expect(planAction(inputs(given))).toBeNull();
    },
  );

  test('keeps every input one word that is no option of its own', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('--publish=none', '-h', '--', '--root', 'a b', '$(x)'),
    );
    fc.assert(
      fc.property(fc.record({ evidence: text, mode: text, root: text, publish: text }), (given) => {
        const plan = planAction(inputs({ command: 'cycle', ...given }));
        for (const run of plan?.runs ?? []) {
          const end = run.indexOf('--');
          const options = (end === -1 ? run : run.slice(0, end)).filter((word) => word.startsWith('-'));
          expect(options.every((word) => /^--(?:root|publish|auto-apply-mode)=/.test(word))).toBe(true);
          expect(run.length).toBeLessThanOrEqual(5);
        }
      }),
    );
  });
});

function bundle(...args: readonly string[]) {
  const command = [process.execPath, '--import', 'tsx', 'scripts/bundle-action.ts', ...args];
  return runCommand(command, { cwd: ROOT, env: cleanEnvironment() });
}

describe('scripts/bundle-action.ts', () => {
  test('builds the same bytes twice, and notices every other byte', async () => {
    const out = join(temporaryFolder(), 'out');
    expect((await bundle('--check', '--out', out)).exitCode).toBe(1);
    expect((await bundle('--out', out)).exitCode).toBe(0);
    expect(await bundle('--check', '--out', out)).toMatchObject({ exitCode: 0, stderr: '' });
    writeFileSync(join(out, 'peak.js'), `${readFileSync(join(out, 'peak.js'), 'utf8')} `);
    const stale = await bundle('--check', '--out', out);
    expect(stale.exitCode).toBe(1);
    expect(stale.stderr).toMatch(/peak\.js is not up to date/);
  });

  test('names the licence of every runtime package in it, and no path of this machine', () => {
    const read = (name: string) => readFileSync(join(ROOT, 'action/bundle', name), 'utf8');
    const named = read('THIRD-PARTY-LICENCES.txt').match(/^\S+ \d+\.\d+\.\d+ \(.+\)$/gm) ?? [];
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    // The judge runs from an installation, never as an action.
    const ofTheApp = ['ioredis', 'probot', 'prom-client'];
    const bundled = Object.entries(dependencies).filter(([name]) => !ofTheApp.includes(name));
    for (const [name, version] of bundled)
      expect(named.filter((line) => line.startsWith(`${name} ${version} `))).toHaveLength(1);
    expect(read('peak.js')).not.toContain(ROOT);
    expect(Buffer.byteLength(read('peak.js'))).toBeLessThan(2_000_000);
  });

  test('runs without anything installed, from a folder with no node_modules above it', async () => {
    const folder = temporaryFolder();
    for (const name of ['action', 'templates', 'schemas', 'config', 'package.json'])
      await runCommand(['cp', '-R', join(ROOT, name), folder], { cwd: ROOT, env: cleanEnvironment() });
    const peak = join(folder, 'action/bin/peak');
    const run = (...args: readonly string[]) =>
      runCommand([peak, ...args], { cwd: folder, env: cleanEnvironment() });
    expect(await run('--version')).toMatchObject({ exitCode: 0, stdout: '0.1.0\n' });
    mkdirSync(join(folder, 'new'));
    expect(await run('init', '--root', 'new', '--json')).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await run('config', 'get', 'portfolio.leverage', '--root', 'new')).stdout).toBe('1.0\n');
  });

  test('says what it knows when it is asked for something else', async () => {
    const main = join(ROOT, 'action/main.js');
    const env = { ...cleanEnvironment(), INPUT_COMMAND: 'nonsense' };
    const run = await runCommand([process.execPath, main], { cwd: temporaryFolder(), env });
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
  });
});
