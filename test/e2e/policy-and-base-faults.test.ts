/** A policy or a base configuration that is absent, broken or unknown is never "default open". */
import { describe, expect, test } from 'vitest';
import { answerOf, type CycleAnswer, placesOf, saidIn } from '../support/cli/answer.ts';
import { type GovernedFolder, governedFolder } from '../support/cli/governed-folder.ts';
import { runHere } from '../support/cli/run-here.ts';
import { runPeak } from '../support/cli/run-peak.ts';

const POLICY = 'config/promotion.toml';
const BASE = 'config/config.toml';
const DEEP = 100_000;

/** Runs a cycle, and answers the places of the problems; nothing may have changed. */
async function refusedBy(folder: GovernedFolder): Promise<readonly string[]> {
  const before = folder.snapshot();
  const run = await runHere(folder, ['cycle', '--json']);
  expect(run.exitCode).toBe(2);
  expect(saidIn(run).length).toBeGreaterThan(0);
  for (const line of saidIn(run)) expect(line).toMatch(/^error: config\/\S+: \S/);
  expect(folder.snapshot()).toEqual(before);
  return placesOf(answerOf(run));
}

/** Line and column, from 1, of a text in a file. */
function placeOf(folder: GovernedFolder, path: string, text: string): string {
  const before = folder.read(path).split(text)[0] ?? '';
  const lines = before.split('\n');
  return `${path.split('/').at(-1)}:${lines.length}:${(lines.at(-1) ?? '').length + 1}`;
}

describe('a policy that', () => {
  test('is absent stops everything that needs one', async () => {
    const folder = governedFolder();
    folder.remove(POLICY);
    expect(await refusedBy(folder)).toEqual(['POLICY_MISSING promotion.toml']);
    for (const command of ['cycle', 'promote', 'learn', 'status', 'signals'])
      expect((await runHere(folder, [command])).exitCode).toBe(2);
  });

  test.each([
    ['is empty', '', ['KEY_INVALID promotion.toml']],
    ['is prose', 'all is allowed\n', ['TOML_INVALID promotion.toml:1:5']],
    ['is cut off', '[promotion]\nmode = "bounded_au', ['TOML_INVALID promotion.toml:2:8']],
    ['is binary', '\u0000\u0001', ['TOML_INVALID promotion.toml:1:1']],
    ['is nested deep', `x = ${'['.repeat(DEEP)}${']'.repeat(DEEP)}`, ['TOML_INVALID promotion.toml:1:1005']],
    ['is nested deep by name', `[${Array(DEEP).fill('a').join('.')}]`, [expect.any(String)]],
  ])('%s: exit 2 with its place', async (_, content, expected) => {
    const folder = governedFolder();
    folder.write(POLICY, content);
    expect(await refusedBy(folder)).toEqual(expected);
  });

  test('is not UTF-8: exit 3', async () => {
    const folder = governedFolder();
    folder.write(
      POLICY,
      Buffer.concat([Buffer.from(folder.read(POLICY)), Buffer.from('# \xe4\n', 'latin1')]),
    );
    const run = await runHere(folder, ['cycle']);
    expect(run).toMatchObject({ exitCode: 3, stdout: '' });
    expect(saidIn(run)).toEqual([expect.stringContaining(POLICY)]);
  });

  test('has unknown keys names each with its place and what may be meant', async () => {
    const folder = governedFolder();
    folder.edit(POLICY, 'lock = false', 'lok = false');
    folder.edit(POLICY, '[never]', '[nevver]');
    folder.edit(POLICY, 'max_step = 0.25', 'max_step = 0.25\nsurprise = 1');
    const places = await refusedBy(folder);
    for (const key of ['lok', 'nevver', 'surprise']) {
      expect(places).toContain(`KEY_UNKNOWN ${placeOf(folder, POLICY, key)}`);
    }
    const { problems } = answerOf(await runHere(folder, ['cycle', '--json']));
    const hints = problems.map(({ hint }) => hint ?? '').join('\n');
    expect(hints).toContain('"lock"');
    expect(hints).toContain('"never"');
    expect(hints).toMatch(/known keys: .*max_step/);
  });

  test.each([
    ['mode = "manual_only"', 'mode = "automatic"', 'KEY_INVALID', 'mode ='],
    ['mode = "manual_only"', 'mode = true', 'KEY_INVALID', 'mode ='],
    ['lock = false', 'lock = "false"', 'KEY_INVALID', 'lock ='],
    ['min_confidence = 0.75', 'min_confidence = 1.5', 'KEY_INVALID', 'min_confidence = 1.5'],
    ['min_confidence = 0.75', 'min_confidence = nan', 'KEY_INVALID', 'min_confidence = nan'],
    ['max_step = 0.25', 'max_step = 0', 'KEY_INVALID', 'max_step = 0'],
    ['max_step = 0.25', 'max_step = inf', 'KEY_INVALID', 'max_step = inf'],
    ['max = 2.0', 'max = 0.5', 'KEY_INVALID', 'max = 0.5'],
    ['max = 3.0', 'max = 3.01', 'HARD_LIMIT_WIDENED', 'max = 3.01'],
    ['"portfolio.leverage",', '"portfolio..leverage",', 'KEY_INVALID', '"portfolio..leverage"'],
    ['tags = ["r_and_d"', 'tags = ["R AND D"', 'KEY_INVALID', '"R AND D"'],
  ])('says %s → %s: exit 2 at that place', async (from, to, code, at) => {
    const folder = governedFolder();
    folder.edit(POLICY, from, to);
    expect(await refusedBy(folder)).toEqual([`${code} ${placeOf(folder, POLICY, at)}`]);
  });

  test('has several faults names all of them at once, those of other files too', async () => {
    const folder = governedFolder();
    folder.edit(POLICY, 'lock = false', 'lock = 0');
    folder.edit(POLICY, 'max_step = 0.25', 'max_step = -1');
    folder.write(BASE, 'broken');
    folder.write('config/live_overrides/auto.toml', 'broken, too');
    const places = await refusedBy(folder);
    expect(places).toEqual([
      `KEY_INVALID ${placeOf(folder, POLICY, 'lock =')}`,
      `KEY_INVALID ${placeOf(folder, POLICY, 'max_step = -1')}`,
      'TOML_INVALID config.toml:1:1',
      'TOML_INVALID auto.toml:1:7',
      'OVERRIDES_REFUSE_WRITE auto.toml',
    ]);
  });

  test.each([
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a byte order mark', (text: string) => `\ufeff${text}`],
  ])('is written with %s is a policy like any other', async (_, change) => {
    const [folder, plain] = [governedFolder(), governedFolder()];
    folder.write(POLICY, change(folder.read(POLICY)));
    const runs = await Promise.all([folder, plain].map((one) => runHere(one, ['cycle', '--json'])));
    const [changed, usual] = runs.map((run) => answerOf<CycleAnswer>(run));
    expect(changed?.proposals).toEqual(usual?.proposals);
  });
});

describe('a base configuration that', () => {
  test('is absent stops the loops and every session', async () => {
    const folder = governedFolder();
    folder.remove(BASE);
    expect(await refusedBy(folder)).toEqual(['BASE_MISSING config.toml']);
    const run = await runPeak(folder, ['config', 'show']);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain('PEAK_TRADE_CONFIG_PATH');
  });

  test.each([
    ['is not TOML', '[portfolio\n', ['TOML_INVALID config.toml:1:11']],
    ['has NaN', '[portfolio]\nleverage = nan\n', ['BASE_KEY_INVALID config.toml']],
    ['has infinity', '[portfolio]\nleverage = -inf\n', ['BASE_KEY_INVALID config.toml']],
    ['has a number that no double holds', 'a = 9007199254740993\n', ['BASE_KEY_INVALID config.toml']],
    ['is beyond a hard limit', '[portfolio]\nleverage = 3.5\n', ['BASE_HARD_LIMIT config.toml']],
    ['is nested deep', `x = ${'['.repeat(DEEP)}${']'.repeat(DEEP)}`, ['TOML_INVALID config.toml:1:1005']],
    ['is nested deep by name', `[${Array(DEEP).fill('a').join('.')}]`, [expect.any(String)]],
  ])('%s: exit 2 for the loops, and no live session starts', async (_, content, expected) => {
    const folder = governedFolder();
    folder.write(BASE, content);
    expect(await refusedBy(folder)).toEqual(expected);
    const run = await runHere(folder, ['config', 'show', '--env', 'live', '--json']);
    expect(run.exitCode).toBe(2);
    expect(saidIn(run).length).toBeGreaterThan(0);
  });

  test('has an empty file: no parameter is known, so nothing is proposed', async () => {
    const folder = governedFolder();
    folder.write(BASE, '');
    const run = await runHere(folder, ['cycle', '--json']);
    expect(run.exitCode).toBe(0);
    const answer = answerOf<CycleAnswer>(run);
    expect(answer.proposals).toEqual([]);
    expect(answer.funnel).toMatchObject({ auto: 0, manual: 0 });
  });

  test('is written with CRLF is one like any other', async () => {
    const [folder, plain] = [governedFolder(), governedFolder()];
    folder.write(BASE, folder.read(BASE).replaceAll('\n', '\r\n'));
    const runs = await Promise.all([folder, plain].map((one) => runHere(one, ['cycle', '--json'])));
    const [changed, usual] = runs.map((run) => answerOf<CycleAnswer>(run));
    expect(changed?.proposals).toEqual(usual?.proposals);
  });

  test('has a layer that is absent names the layer', async () => {
    const folder = governedFolder();
    folder.write(POLICY, `${folder.read(POLICY)}\n[config]\nlayers = ["config/desk.toml"]\n`);
    expect(await refusedBy(folder)).toEqual(['BASE_MISSING desk.toml']);
    folder.write('config/desk.toml', '[portfolio]\nleverage = 1.5\n');
    const run = await runPeak(folder, ['config', 'get', 'portfolio.leverage']);
    expect(run).toMatchObject({ exitCode: 0, stdout: '1.5\n', stderr: '' });
  });

  test.each(['../outside.toml', '/etc/hostname', 'config/../../x.toml', ''])(
    'has the layer %j: exit 2, since it leads out of the repository',
    async (layer) => {
      const folder = governedFolder();
      folder.write(POLICY, `${folder.read(POLICY)}\n[config]\nlayers = [${JSON.stringify(layer)}]\n`);
      await refusedBy(folder);
      const run = await runPeak(folder, ['config', 'show']);
      expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    },
  );
});

describe('PEAK_TRADE_CONFIG_PATH', () => {
  const OTHER = '[environment]\nmode = "live"\n\n[portfolio]\nleverage = 1.75\n';

  async function leverage(folder: GovernedFolder, path: string) {
    return runPeak(folder, ['config', 'get', 'portfolio.leverage'], {
      env: { PEAK_TRADE_CONFIG_PATH: path },
    });
  }

  test('names another base configuration, relative to the root or absolute', async () => {
    const folder = governedFolder();
    folder.write('desk/other.toml', OTHER);
    for (const path of ['desk/other.toml', folder.path('desk/other.toml')])
      expect(await leverage(folder, path)).toMatchObject({ exitCode: 0, stdout: '1.75\n', stderr: '' });
  });

  test('set to nothing counts as not set', async () => {
    expect(await leverage(governedFolder(), '')).toMatchObject({ exitCode: 0, stdout: '1.0\n' });
  });

  test('to a file that is absent or broken fails with that name', async () => {
    const folder = governedFolder();
    const absent = await leverage(folder, 'nowhere.toml');
    expect(absent).toMatchObject({ exitCode: 2, stdout: '' });
    expect(saidIn(absent)[0]).toContain('nowhere.toml');
    folder.write('broken.toml', 'broken');
    const broken = await leverage(folder, 'broken.toml');
    expect(broken).toMatchObject({ exitCode: 2, stdout: '' });
    expect(saidIn(broken)[0]).toContain('broken.toml:1:1: ');
    const directory = await leverage(folder, 'config');
    expect(directory).toMatchObject({ exitCode: 3, stdout: '' });
  });

  test('does not change what the loops derive from', async () => {
    const folder = governedFolder();
    folder.write('desk/other.toml', OTHER);
    const env = { PEAK_TRADE_CONFIG_PATH: 'desk/other.toml' };
    const [plain, changed] = await Promise.all([
      runHere(folder, ['promote', '--dry-run', '--json']),
      runHere(folder, ['promote', '--dry-run', '--json'], { env }),
    ]);
    expect(changed).toEqual(plain);
  });
});
