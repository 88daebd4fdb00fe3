/** What sessions say that they loaded, against what is merged. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { acknowledgeLoad, ConfigError, loadConfigWithLiveOverrides } from '../../src/index.ts';
import { answerOf, placesOf } from '../support/cli/answer.ts';
import { type GitFolder, gitFolder } from '../support/cli/git-folder.ts';
import { governedFolder, SAMPLE_CLOCK } from '../support/cli/governed-folder.ts';
import { runHere } from '../support/cli/run-here.ts';
import { PromotedFolder } from '../support/history/promoted-folder.ts';

const AUTO = 'config/live_overrides/auto.toml';
/** Seconds from the sample's clock on. */
const after = (seconds: number) => ({ env: { SOURCE_DATE_EPOCH: String(Number(SAMPLE_CLOCK) + seconds) } });

/** `session state` of each, and the codes of what status warns of. */
async function sessions(folder: GitFolder, seconds: number, args: readonly string[] = []) {
  const run = await runHere(folder, ['status', '--json', ...args], after(seconds));
  expect(run.exitCode).toBe(0);
  const told = answerOf(run);
  const states = (told['sessions'] as { session: string; state: string }[]).map(
    (one) => `${one.session} ${one.state}`,
  );
  return [states, placesOf(told).filter((place) => !place.startsWith('JSON'))];
}

function acknowledge(folder: GitFolder, args: readonly string[], seconds = 0) {
  return runHere(folder, ['ack', '--session', 'desk-1', '--json', ...args], after(seconds));
}

describe('peak ack and peak status', () => {
  test('a session is current, then behind, then an incident, then current again', async () => {
    const tree = new PromotedFolder(gitFolder());
    const { folder } = tree;
    expect(answerOf(await acknowledge(folder, ['--env', 'live']))['ack']).toMatchObject({
      session: 'desk-1',
      mode: 'live',
      applied: 0,
      loaded_at: '2026-11-21T22:26:40Z',
    });
    expect(await sessions(folder, 60)).toEqual([['desk-1 current'], []]);
    tree.promote({ 'portfolio.leverage': 1.25 });
    expect(await sessions(folder, 15 * 60)).toEqual([['desk-1 behind'], []]);
    expect(await sessions(folder, 15 * 60 + 1)).toEqual([['desk-1 incident'], ['LOAD_INCIDENT']]);
    expect(await sessions(folder, 15 * 60 + 1, ['--max-lag', '20'])).toEqual([['desk-1 behind'], []]);
    await acknowledge(folder, ['--env', 'live'], 1000);
    expect(await sessions(folder, 2000)).toEqual([['desk-1 current'], []]);
  });

  test('the same digest again keeps the time of the first: asking often hides nothing', async () => {
    const folder = new PromotedFolder(gitFolder());
    folder.promote({ 'portfolio.leverage': 1.25 });
    await acknowledge(folder.folder, ['--env', 'live', '--no-overrides'], 0);
    await acknowledge(folder.folder, ['--env', 'live', '--no-overrides'], 3600);
    expect(await sessions(folder.folder, 3601)).toEqual([['desk-1 incident'], ['LOAD_INCIDENT']]);
  });

  test('a session says itself what it loaded', async () => {
    const folder = gitFolder();
    const digest = 'ab'.repeat(32);
    const run = await acknowledge(folder, ['--env', 'live', '--digest', digest]);
    expect(answerOf(run)['ack']).toMatchObject({ digest, auto_toml: null, applied: null });
    expect(placesOf(answerOf(run))).toEqual(['ACK_DIFFERS']);
    expect(await sessions(folder, 16 * 60)).toEqual([['desk-1 incident'], ['LOAD_INCIDENT']]);
  });

  test('config show --ack notes what it prints', async () => {
    const folder = gitFolder();
    folder.write(AUTO, '[auto_applied]\n"portfolio.leverage" = 1.25\n');
    folder.commitAll('by hand');
    const run = await runHere(folder, ['config', 'show', '--env', 'live', '--ack', 'desk-2']);
    expect([run.exitCode, run.stdout.includes('leverage = 1.25')]).toEqual([0, true]);
    expect(JSON.parse(folder.read('.peak/acks/desk-2.json'))).toMatchObject({
      applied: 1,
      ignored: 0,
      mode: 'live',
    });
    expect(await sessions(folder, 0)).toEqual([['desk-2 current'], []]);
  });

  test.each(['', '../x', 'a/b', '.hidden', 'a b', 'x'.repeat(65), 'a\u0000'])(
    'refuse the name %j',
    async (name) => {
      const folder = gitFolder();
      const before = folder.snapshot();
      for (const args of [
        ['ack', '--session', name],
        ['config', 'show', '--ack', name],
      ]) {
        const run = await runHere(folder, [...args, '--json']);
        expect([run.exitCode, run.stdout.includes('ARGUMENT_INVALID') || run.stderr !== '']).toEqual([
          2,
          true,
        ]);
      }
      expect(folder.snapshot()).toEqual(before);
    },
  );

  test.each([
    ['no JSON', '{'],
    ['another shape', '{"session": "evil"}'],
    ['much too long', `{"session": "${'x'.repeat(20_000)}"}`],
    ['the note of another session', null],
  ])('what is %s is named, and stands for nobody', async (_, text) => {
    const folder = gitFolder();
    await acknowledge(folder, ['--env', 'live']);
    folder.write('.peak/acks/evil.json', text ?? folder.read('.peak/acks/desk-1.json'));
    expect(await sessions(folder, 0)).toEqual([['desk-1 current'], ['ARTIFACT_INVALID evil.json']]);
  });

  test('notes can be on a shared folder', async () => {
    const folder = gitFolder();
    const shared = join(governedFolder().root, 'acks');
    await acknowledge(folder, ['--env', 'live', '--acks', shared]);
    expect(await sessions(folder, 0)).toEqual([[], []]);
    expect(await sessions(folder, 0, ['--acks', shared])).toEqual([['desk-1 current'], []]);
  });
});

describe('acknowledgeLoad', () => {
  test('notes the configuration that the session holds, not the one on disk now', () => {
    const folder = governedFolder();
    folder.write(AUTO, '[auto_applied]\n"portfolio.leverage" = 1.25\n');
    const config = loadConfigWithLiveOverrides({ root: folder.root, env: 'live', log: () => undefined });
    folder.write(AUTO, '[auto_applied]\n');
    const noted = acknowledgeLoad(config, { session: 'desk-1', root: folder.root });
    expect(noted).toMatchObject({ digest: config.digest, auto_toml: config.overridesDigest, applied: 1 });
    expect(JSON.parse(folder.read('.peak/acks/desk-1.json'))).toEqual(noted);
    expect(() => acknowledgeLoad(config, { session: '../x', root: folder.root })).toThrow(ConfigError);
  });
});
