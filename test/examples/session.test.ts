import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type GovernedFolder, governedFolder } from '../support/cli/governed-folder.ts';
import { peakCommand } from '../support/cli/run-peak.ts';
import { RunningSession, replaceFile } from './running-session.ts';

const ROOT = join(import.meta.dirname, '../..');
const AUTO_TOML = 'config/live_overrides/auto.toml';
const LEVERAGE = (value: string): string => `[auto_applied]\n"portfolio.leverage" = ${value}\n`;
const HAS_PYTHON = spawnSync('python3', ['--version']).status === 0;

/** How each example is started, and how it writes the float 1. */
const EXAMPLES = [
  {
    name: 'session.ts',
    one: '1',
    available: true,
    command: () => {
      peakCommand();
      return [process.execPath, '--import', 'tsx', join(ROOT, 'examples/session/session.ts')];
    },
  },
  {
    name: 'session.py',
    one: '1\\.0',
    available: HAS_PYTHON,
    command: () => {
      const peak = peakCommand()
        .map((word) => `'${word}'`)
        .join(' ');
      return ['python3', join(ROOT, 'examples/session/session.py'), '--peak', peak];
    },
  },
];

describe.each(EXAMPLES.filter(({ available }) => available))('$name', ({ command, one }) => {
  const start = (folder: GovernedFolder, args: readonly string[], env?: Record<string, string>) =>
    new RunningSession([...command(), '--root', folder.root, ...args], ROOT, env);

  it('takes over a replaced auto.toml and says what moved', async () => {
    const folder = governedFolder();
    const session = start(folder, ['--env', 'live', '--interval', '0.2']);
    await session.hears(new RegExp(`tick 1: portfolio.leverage = ${one},`));
    replaceFile(folder.root, AUTO_TOML, LEVERAGE('1.25'));
    await session.hears(/\[peak_config\] {3}portfolio\.leverage = 1\.25\n/);
    await session.hears(new RegExp(`reload: portfolio\\.leverage ${one} → 1\\.25;`));
    await session.hears(/tick \d+: portfolio\.leverage = 1\.25,/);
    replaceFile(folder.root, AUTO_TOML, LEVERAGE('1.5'));
    await session.hears(/reload: portfolio\.leverage 1\.25 → 1\.5;/);
    session.interrupt();
    await session.hears(/session: ended after \d+ ticks\n/);
    expect(await session.ended).toBe(0);
  });

  it('warns of an auto.toml that is not TOML and runs on base values', async () => {
    const folder = governedFolder();
    folder.write(AUTO_TOML, LEVERAGE('1.25'));
    const session = start(folder, ['--env', 'live', '--interval', '0.2']);
    await session.hears(/tick 1: portfolio\.leverage = 1\.25,/);
    replaceFile(folder.root, AUTO_TOML, '[auto_applied\n');
    await session.hears(/warning: config\/live_overrides\/auto\.toml:1:/i);
    await session.hears(new RegExp(`reload: portfolio\\.leverage 1\\.25 → ${one};`));
    session.interrupt();
    expect(await session.ended).toBe(0);
  });

  it('keeps the last good configuration while the base configuration is bad', async () => {
    const folder = governedFolder();
    folder.write(AUTO_TOML, LEVERAGE('1.25'));
    const good = folder.read('config/config.toml');
    const session = start(folder, ['--env', 'live', '--interval', '0.2']);
    await session.hears(/tick 1: portfolio\.leverage = 1\.25,/);
    replaceFile(folder.root, 'config/config.toml', '[portfolio\n');
    await session.hears(/error: config\/config\.toml:1:/);
    await session.hears(/reload: failed; the last good configuration stays;/);
    await session.hears(/tick \d+: portfolio\.leverage = 1\.25,/);
    await session.hears(/tick \d+: portfolio\.leverage = 1\.25,/);
    expect(session.said).not.toContain('reload: failed');
    replaceFile(folder.root, 'config/config.toml', good);
    await session.hears(/reload: the base configuration is good again\n/);
    session.interrupt();
    expect(await session.ended).toBe(0);
  });

  it('starts on base values with --no-overrides, and with PEAK_NO_OVERRIDES=1', async () => {
    const folder = governedFolder();
    folder.write(AUTO_TOML, LEVERAGE('1.25'));
    const runs = [
      start(folder, ['--env', 'live', '--ticks', '1', '--no-overrides']),
      start(folder, ['--env', 'live', '--ticks', '1'], { PEAK_NO_OVERRIDES: '1' }),
    ];
    for (const session of runs) {
      expect(await session.ended).toBe(0);
      expect(session.said).toMatch(/\[peak_config\] WARNING: .*BASE VALUES\n/);
      expect(session.said).toMatch(new RegExp(`tick 1: portfolio\\.leverage = ${one},`));
    }
  });

  it('applies nothing in paper mode', async () => {
    const folder = governedFolder();
    folder.write(AUTO_TOML, LEVERAGE('1.25'));
    const session = start(folder, ['--ticks', '2', '--interval', '0.05']);
    expect(await session.ended).toBe(0);
    expect(session.said).not.toContain('[peak_config]');
    expect(session.said).toMatch(new RegExp(`tick 2: portfolio\\.leverage = ${one},`));
  });

  it('ignores an override beyond the hard limit and says so', async () => {
    const folder = governedFolder();
    folder.write(AUTO_TOML, LEVERAGE('3.5'));
    const session = start(folder, ['--env', 'live', '--ticks', '1']);
    expect(await session.ended).toBe(0);
    expect(session.said).toMatch(/error: config\/live_overrides\/auto\.toml: portfolio\.leverage/i);
    expect(session.said).toMatch(new RegExp(`tick 1: portfolio\\.leverage = ${one},`));
  });

  it('does not start on a bad base configuration', async () => {
    const folder = governedFolder();
    folder.write('config/config.toml', '[portfolio\n');
    const session = start(folder, ['--ticks', '1']);
    expect(await session.ended).toBe(2);
    expect(session.said).toMatch(/error: config\/config\.toml:1:/);
  });
});

describe('session.ts', () => {
  it('sees a change between two ticks, and a folder that has no live_overrides', async () => {
    const folder = governedFolder();
    folder.remove('config/live_overrides');
    mkdirSync(join(folder.root, 'config/live_overrides'));
    const [example] = EXAMPLES;
    const command = [
      ...(example?.command() ?? []),
      '--root',
      folder.root,
      '--env',
      'live',
      '--interval',
      '60',
    ];
    const session = new RunningSession(command, ROOT);
    await session.hears(/tick 1: portfolio\.leverage = 1,/);
    writeFileSync(join(folder.root, AUTO_TOML), LEVERAGE('1.25'));
    await session.hears(/reload: portfolio\.leverage 1 → 1\.25;/);
    replaceFile(folder.root, AUTO_TOML, LEVERAGE('1.5'));
    await session.hears(/reload: portfolio\.leverage 1\.25 → 1\.5;/);
    session.interrupt();
    expect(await session.ended).toBe(0);
  });
});
