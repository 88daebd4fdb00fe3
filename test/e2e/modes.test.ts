import { describe, expect, test } from 'vitest';
import { answerOf, type CycleAnswer, placesOf, saidIn } from '../support/cli/answer.ts';
import { type GovernedFolder, governedFolder } from '../support/cli/governed-folder.ts';
import { runHere } from '../support/cli/run-here.ts';
import { runPeak } from '../support/cli/run-peak.ts';

const AUTO = 'config/live_overrides/auto.toml';
const POLICY = 'config/promotion.toml';

async function cycle(folder: GovernedFolder, ...args: string[]): Promise<CycleAnswer> {
  return answerOf<CycleAnswer>(await runHere(folder, ['cycle', '--json', ...args]));
}

/** Lines of `auto.toml` that set something. */
function overridesIn(folder: GovernedFolder): readonly string[] {
  return folder
    .read(AUTO)
    .split('\n')
    .filter((line) => line.startsWith('"'));
}

describe('bounded_auto', () => {
  test("writes exactly the auto lane's changes into auto.toml, and keeps the former text as backup", async () => {
    const folder = governedFolder();
    folder.setMode('bounded_auto');
    const before = folder.read(AUTO);
    const answer = await cycle(folder);
    expect(answer.proposals.map(({ lane }) => lane)).toEqual(['auto', 'manual']);
    expect(overridesIn(folder)).toEqual(['"portfolio.leverage" = 1.25', '"strategy.trigger_delay" = 8.0']);
    expect(folder.read(`${AUTO}.backup`)).toBe(before);
    expect(folder.read(AUTO).startsWith(before.slice(0, before.indexOf('[auto_applied]')))).toBe(true);
  });

  test('a second run changes nothing, the backup neither', async () => {
    const folder = governedFolder();
    folder.setMode('bounded_auto');
    await cycle(folder);
    const before = folder.snapshot();
    const again = await cycle(folder);
    expect(again.auto_toml.state).toBe('unchanged');
    expect(folder.snapshot()).toEqual(before);
  });

  test('keeps overrides that are there, whatever the order they were written in', async () => {
    const folder = governedFolder();
    folder.setMode('bounded_auto');
    folder.write(
      AUTO,
      '# mine\n\n[auto_applied]\n"strategy.ma_slow_period" = 31\n"macro.regime_weight" = 0.1\n',
    );
    await cycle(folder);
    expect(overridesIn(folder)).toEqual([
      '"macro.regime_weight" = 0.1',
      '"portfolio.leverage" = 1.25',
      '"strategy.ma_slow_period" = 31',
      '"strategy.trigger_delay" = 8.0',
    ]);
    expect(folder.read(AUTO).startsWith('# mine\n')).toBe(true);
  });

  test('creates auto.toml where there is none', async () => {
    const folder = governedFolder();
    folder.setMode('bounded_auto');
    folder.remove(AUTO);
    await cycle(folder);
    expect(overridesIn(folder)).toHaveLength(2);
    expect(folder.names('config/live_overrides')).toEqual(['auto.toml']);
  });
});

describe('manual_only', () => {
  test('writes proposals and leaves auto.toml byte for byte', async () => {
    const folder = governedFolder();
    folder.edit(AUTO, '[auto_applied]', '[auto_applied]   # oddly formatted, on purpose');
    const before = folder.read(AUTO);
    const answer = await cycle(folder);
    expect(answer.proposals.map(({ lane, state }) => `${lane} ${state}`)).toEqual(['manual written']);
    expect(answer.auto_toml.state).toBe('unchanged');
    expect(folder.read(AUTO)).toBe(before);
    expect(folder.names('config/live_overrides')).toEqual(['auto.toml']);
  });

  test('can be asked for under a looser policy', async () => {
    const folder = governedFolder();
    folder.setMode('bounded_auto');
    const before = folder.read(AUTO);
    const answer = await cycle(folder, '--auto-apply-mode', 'manual_only');
    expect(answer).toMatchObject({ mode: 'manual_only', degraded_by_lock: false });
    expect(folder.read(AUTO)).toBe(before);
  });
});

describe('disabled', () => {
  test('writes nothing and says why', async () => {
    const folder = governedFolder();
    folder.setMode('disabled');
    folder.write('config/auto/learning.override.toml', '[overrides]\n');
    const before = folder.snapshot();
    for (const command of ['promote', 'cycle']) {
      const run = await runHere(folder, [command]);
      expect(run.exitCode).toBe(0);
      expect(`${run.stdout}${run.stderr}`).toMatch(/disabled.*killswitch/i);
      expect(folder.snapshot()).toEqual(before);
    }
    expect((await cycle(folder)).proposals).toEqual([]);
  });

  test('can be asked for', async () => {
    const folder = governedFolder();
    const before = folder.snapshot();
    expect(await cycle(folder, '--auto-apply-mode', 'disabled')).toMatchObject({ mode: 'disabled' });
    expect(folder.snapshot()).toEqual(before);
  });
});

describe('--auto-apply-mode', () => {
  test.each([
    ['manual_only', 'bounded_auto'],
    ['disabled', 'manual_only'],
    ['disabled', 'bounded_auto'],
  ] as const)('policy %s, asked for %s: exit 2 names the line to edit', async (mode, asked) => {
    const folder = governedFolder();
    if (mode !== 'manual_only') folder.setMode(mode);
    const before = folder.snapshot();
    const line =
      folder
        .read(POLICY)
        .split('\n')
        .findIndex((text) => text.startsWith('mode =')) + 1;
    for (const command of ['promote', 'cycle']) {
      const run = await runHere(folder, [command, '--auto-apply-mode', asked]);
      expect(run).toMatchObject({ exitCode: 2, stdout: '' });
      expect(saidIn(run)).toHaveLength(1);
      expect(saidIn(run)[0]).toContain(`error: ${POLICY}:${line}:1: `);
      expect(run.stderr).toContain(`set mode = "${asked}"`);
    }
    expect(folder.snapshot()).toEqual(before);
  });

  test('an unknown mode lists the known ones', async () => {
    const folder = governedFolder();
    const run = await runHere(folder, ['cycle', '--auto-apply-mode', 'yolo']);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toMatch(/disabled, manual_only, bounded_auto/);
  });
});

describe('lock', () => {
  test.each([[[]], [['--auto-apply-mode', 'bounded_auto']]])(
    'degrades bounded_auto loudly %j',
    async (args) => {
      const folder = governedFolder();
      folder.setMode('bounded_auto');
      folder.edit(POLICY, 'lock = false', 'lock = true');
      const before = folder.read(AUTO);
      const run = await runHere(folder, ['cycle', ...args]);
      expect(run.exitCode).toBe(0);
      expect(run.stdout).toContain('LOCKED');
      expect(folder.read(AUTO)).toBe(before);
      const answer = await cycle(folder, ...args);
      expect(answer).toMatchObject({ mode: 'manual_only', degraded_by_lock: true });
      expect(answer.proposals.map(({ lane }) => lane)).toEqual(['manual']);
    },
  );
});

describe('--policy', () => {
  test('answers "what if" and writes nothing', async () => {
    const folder = governedFolder();
    folder.write('what-if.toml', folder.read(POLICY).replace('"manual_only"', '"bounded_auto"'));
    const before = folder.snapshot();
    for (const command of ['promote', 'cycle']) {
      const answer = answerOf<CycleAnswer>(
        await runPeak(folder, [command, '--json', '--policy', 'what-if.toml']),
      );
      expect(answer.mode).toBe('bounded_auto');
      expect(answer.proposals.map(({ lane, state }) => `${lane} ${state}`)).toEqual([
        'auto dry_run',
        'manual dry_run',
      ]);
    }
    expect(folder.snapshot()).toEqual(before);
  });

  test('works where the governed policy is broken, and names the file of its own faults', async () => {
    const folder = governedFolder();
    folder.write('what-if.toml', folder.read(POLICY).replace('min_confidence = 0.75', 'min_confidence = 75'));
    folder.write(POLICY, 'broken');
    const run = await runPeak(folder, ['promote', '--json', '--policy', 'what-if.toml']);
    expect(run.exitCode).toBe(2);
    expect(placesOf(answerOf(run))).toEqual([expect.stringMatching(/^KEY_INVALID what-if\.toml:\d+:1$/)]);
  });

  test('a missing or unreadable file is told by its name', async () => {
    const folder = governedFolder();
    const missing = await runPeak(folder, ['promote', '--json', '--policy', 'nowhere.toml']);
    expect(missing.exitCode).toBe(2);
    expect(placesOf(answerOf(missing))).toEqual(['ARGUMENT_INVALID nowhere.toml']);
    const directory = await runPeak(folder, ['promote', '--policy', 'config']);
    expect(directory.exitCode).toBe(3);
    expect(saidIn(directory)[0]).toContain('config');
  });
});
