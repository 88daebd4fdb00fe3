/** `peak why` answers the four problems that operators have, from the data. */
import { describe, expect, test } from 'vitest';
import { answerOf } from '../support/cli/answer.ts';
import { type GovernedFolder, governedFolder } from '../support/cli/governed-folder.ts';
import { runHere } from '../support/cli/run-here.ts';
import { type Run, runPeak } from '../support/cli/run-peak.ts';

const AUTO = 'config/live_overrides/auto.toml';
const POLICY = 'config/promotion.toml';

async function why(
  folder: GovernedFolder,
  args: readonly string[] = [],
  options: { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Run> {
  const before = folder.snapshot();
  const run = await runHere(folder, ['why', ...args], options);
  expect(folder.snapshot()).toEqual(before);
  return run;
}

/** `config/promotion.toml:line:column` of a key. */
function placeOf(folder: GovernedFolder, key: string): string {
  const lines = folder.read(POLICY).split('\n');
  return `${POLICY}:${lines.findIndex((line) => line.startsWith(key)) + 1}:1`;
}

test('peak why is a command like any other', async () => {
  const run = await runPeak(governedFolder(), ['why']);
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  expect(run.stdout).toContain('portfolio.leverage');
});

describe('there are no snippets', () => {
  test('says where they belong', async () => {
    const folder = governedFolder();
    folder.remove('reports');
    const run = await why(folder);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toContain('reports/learning_snippets');
    expect(run.stdout).toContain('peak signal emit');
  });

  test('says when all of them are broken', async () => {
    const folder = governedFolder();
    folder.remove('reports');
    folder.write('reports/learning_snippets/x.json', '{');
    const run = await why(folder);
    expect(run.exitCode).toBe(0);
    expect(`${run.stdout}${run.stderr}`).toContain('x.json:1:2');
  });
});

describe('everything is rejected', () => {
  test('names the line of the policy that would list a target', async () => {
    const folder = governedFolder();
    const run = await why(folder, ['macro.crisis_mode_threshold']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toContain(`${placeOf(folder, 'targets = [')}`);
    expect(run.stdout).toContain('"macro.crisis_mode_threshold"');
    expect(run.stdout).toContain(placeOf(folder, 'min_confidence = 0.75'));
  });

  test('names the killswitch', async () => {
    const folder = governedFolder();
    folder.setMode('disabled');
    const run = await why(folder, ['portfolio.leverage']);
    expect(run.stdout).toContain(placeOf(folder, 'mode ='));
    expect(run.stdout).toMatch(/disabled/);
  });
});

describe('an override is not applied', () => {
  function promoted(): GovernedFolder {
    const folder = governedFolder();
    folder.write(AUTO, '[auto_applied]\n"portfolio.leverage" = 1.25\n');
    return folder;
  }

  test('because the mode is not live-like', async () => {
    const run = await why(promoted(), ['portfolio.leverage']);
    expect(run.stdout).toMatch(/"paper" is not live-like/);
    expect(run.stdout).toContain(AUTO);
  });

  test('or it is', async () => {
    const run = await why(promoted(), ['portfolio.leverage', '--env', 'live']);
    expect(run.stdout).toMatch(/loads 1\.25/);
    expect(run.stdout).toMatch(/digest [0-9a-f]{64}/);
  });

  test('because overrides are switched off', async () => {
    const run = await why(promoted(), ['portfolio.leverage', '--env', 'live'], {
      env: { PEAK_NO_OVERRIDES: '1' },
    });
    expect(run.exitCode).toBe(0);
    expect(run.stdout).not.toMatch(/"live" is not live-like/);
    expect(run.stdout).not.toMatch(/overrides apply/);
    expect(run.stdout).toMatch(/PEAK_NO_OVERRIDES|switched off/);
  });

  test('because it breaks a hard limit', async () => {
    const folder = promoted();
    folder.write(AUTO, '[auto_applied]\n"portfolio.leverage" = 9.0\n');
    const run = await why(folder, ['portfolio.leverage', '--env', 'live']);
    expect(run.exitCode).toBe(0);
    expect(`${run.stdout}${run.stderr}`).toMatch(/hard limit 0 to 3/);
  });

  test('because auto.toml is broken', async () => {
    const folder = promoted();
    folder.write(AUTO, '[auto_applied]\n"portfolio.leverage" = \n');
    const run = await why(folder, ['portfolio.leverage', '--env', 'live']);
    expect(`${run.stdout}${run.stderr}`).toContain(`${AUTO}:2:24`);
  });
});

describe('bounds are too tight', () => {
  test('names the table of the policy, and what to do', async () => {
    const folder = governedFolder();
    folder.setMode('bounded_auto');
    const run = await why(folder, ['macro.regime_weight']);
    expect(run.stdout).toMatch(/0\.35.*0\.1/);
    expect(run.stdout).toMatch(/config\/promotion\.toml:\d+:\d+ {2}\[bounds\] macro/);
    expect(run.stdout).toContain('max_step');
  });
});

describe('a target that', () => {
  test.each(['nothing.here', '\u001b[31m', '__proto__'])('is %j is not found: exit 1', async (target) => {
    const run = await why(governedFolder(), [target]);
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr).not.toContain('\u001b');
    const json = answerOf(await why(governedFolder(), [target, '--json']));
    expect(json).toMatchObject({ ok: false, problems: [{ code: 'NOT_FOUND' }] });
  });

  test('is on the never-list shows no value', async () => {
    const run = await why(governedFolder(), ['risk.stop_loss']);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).not.toMatch(/0\.015/);
    expect((await why(governedFolder(), ['risk.stop_loss', '--json'])).stdout).not.toMatch(/0\.015/);
  });
});
