/** What may not be read or written. Root is made to obey permissions, or these tests are skipped. */
import { chmodSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { answerOf, type CycleAnswer, placesOf, saidIn } from '../support/cli/answer.ts';
import { type GovernedFolder, governedFolder } from '../support/cli/governed-folder.ts';
import { obeyingPermissions } from '../support/cli/privileges.ts';
import { type Run, runPeak } from '../support/cli/run-peak.ts';

const EVIDENCE = 'reports/learning_snippets';
const AUTO = 'config/live_overrides/auto.toml';
/** Null where root cannot be kept from reading and writing everything (no setpriv). */
const wrapper = obeyingPermissions();

const changed: { path: string; mode: number }[] = [];

/** Changes permissions until the test is over. */
function protect(folder: GovernedFolder, path: string, mode: number, usual: number): void {
  chmodSync(folder.path(path), mode);
  changed.push({ path: folder.path(path), mode: usual });
}

afterEach(() => {
  for (const { path, mode } of changed.splice(0).reverse()) chmodSync(path, mode);
});

/** All folders that hold something governed. */
const FOLDERS = ['', 'config', 'config/auto', 'config/live_overrides', 'reports', EVIDENCE];

function protectAll(folder: GovernedFolder): void {
  for (const path of FOLDERS) protect(folder, path, 0o555, 0o755);
}

function run(folder: GovernedFolder, ...args: string[]): Promise<Run> {
  return runPeak(folder, args, { wrapper: wrapper ?? [] });
}

/** A folder where every file of a cycle has to be written. */
function everythingChanges(): GovernedFolder {
  const folder = governedFolder();
  folder.setMode('bounded_auto');
  folder.write('config/auto/learning.override.toml', '[overrides]\n');
  folder.write('reports/live_promotion/.gitkeep', '');
  return folder;
}

function expectFailure(outcome: Run, what: RegExp): void {
  expect(outcome).toMatchObject({ exitCode: 3, stdout: '' });
  expect(saidIn(outcome)).toEqual([expect.stringMatching(what)]);
  expect(outcome.stderr).toMatch(/^ {2}help: .*permissions/m);
}

describe.skipIf(wrapper === null)('what may not be read', () => {
  test('an evidence file is reported, and the rest is read', async () => {
    const folder = governedFolder();
    protect(folder, `${EVIDENCE}/operations-2026-11-19.jsonl`, 0o000, 0o644);
    protect(folder, `${EVIDENCE}/macro-20261119T160000Z-fed_hike.json`, 0o000, 0o644);
    const outcome = await run(folder, 'promote', '--json');
    expect(outcome.exitCode).toBe(0);
    const answer = answerOf<CycleAnswer>(outcome);
    expect(placesOf(answer)).toEqual([
      'FILE_UNREADABLE macro-20261119T160000Z-fed_hike.json',
      'FILE_UNREADABLE operations-2026-11-19.jsonl',
    ]);
    expect(answer.evidence.recommended_changes).toBe(5);
  });

  test('a folder of evidence is reported, and the rest is read', async () => {
    const folder = governedFolder();
    folder.write(`${EVIDENCE}/closed/x.json`, '{}');
    protect(folder, `${EVIDENCE}/closed`, 0o000, 0o755);
    const outcome = await run(folder, 'promote', '--json');
    expect(outcome.exitCode).toBe(0);
    const answer = answerOf<CycleAnswer>(outcome);
    expect(placesOf(answer)).toEqual(['FILE_UNREADABLE closed']);
    expect(answer.evidence.recommended_changes).toBe(9);
  });

  test('a folder of evidence that can be listed and not entered reports each file', async () => {
    const folder = governedFolder();
    protect(folder, EVIDENCE, 0o444, 0o755);
    const outcome = await run(folder, 'promote', '--json');
    expect(outcome.exitCode).toBe(0);
    expect(placesOf(answerOf(outcome))).toHaveLength(6);
  });

  test.each(['config/promotion.toml', 'config/config.toml', AUTO, 'config/auto/learning.override.toml'])(
    '%s stops the run, and nothing is written',
    async (path) => {
      const folder = everythingChanges();
      const before = folder.snapshot();
      protect(folder, path, 0o000, 0o644);
      expectFailure(await run(folder, 'cycle'), new RegExp(`cannot read ${path}`));
      chmodSync(folder.path(path), 0o644);
      expect(folder.snapshot()).toEqual(before);
      expect(folder.leftovers()).toEqual([]);
    },
  );

  test.each(['config', 'config/live_overrides', 'config/auto', 'reports/live_promotion'])(
    'the folder %s stops the run, and nothing is written',
    async (path) => {
      const folder = everythingChanges();
      const before = folder.snapshot();
      protect(folder, path, 0o000, 0o755);
      const outcome = await run(folder, 'cycle');
      expectFailure(outcome, new RegExp(path));
      chmodSync(folder.path(path), 0o755);
      expect(folder.snapshot()).toEqual(before);
      expect(folder.leftovers()).toEqual([]);
    },
  );

  test('auto.toml does not keep a session from starting on base values', async () => {
    const folder = governedFolder();
    protect(folder, AUTO, 0o000, 0o644);
    const outcome = await run(folder, 'config', 'get', 'portfolio.leverage', '--env', 'live');
    expect(outcome).toMatchObject({ exitCode: 0, stdout: '1.0\n' });
    expect(saidIn(outcome)).toEqual([expect.stringContaining(AUTO)]);
  });

  test('the base configuration keeps a session from starting', async () => {
    const folder = governedFolder();
    protect(folder, 'config/config.toml', 0o000, 0o644);
    expectFailure(await run(folder, 'config', 'show'), /cannot read config\/config\.toml/);
  });

  test('a proposal is told by its name in the list', async () => {
    const folder = governedFolder();
    await run(folder, 'cycle');
    const [id = ''] = folder.names('reports/live_promotion');
    protect(folder, `reports/live_promotion/${id}/proposal_meta.json`, 0o000, 0o644);
    const outcome = await run(folder, 'proposals');
    expect(outcome.stderr).toContain(id);
    expect(outcome.exitCode).not.toBe(70);
  });
});

describe.skipIf(wrapper === null)('what may not be written', () => {
  test('a read-only folder: exit 3 with help, and everything stays', async () => {
    const folder = everythingChanges();
    const before = folder.snapshot();
    protectAll(folder);
    protect(folder, 'reports/live_promotion', 0o555, 0o755);
    for (const command of ['cycle', 'promote', 'learn']) expectFailure(await run(folder, command), /./);
    expectFailure(await run(folder, 'signal', 'emit', '--target', 'a.b', '--value', '1'), /./);
    expect(folder.snapshot()).toEqual(before);
  });

  test('a read-only folder can be looked at', async () => {
    const folder = governedFolder();
    protectAll(folder);
    const commands = [['status'], ['signals'], ['proposals'], ['cycle', '--dry-run'], ['learn', '--dry-run']];
    const outcomes = await Promise.all(commands.map((args) => run(folder, ...args)));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await run(folder, 'config', 'show')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test.each(['reports/live_promotion', 'config/auto', 'config/live_overrides'])(
    'only %s: exit 3, no half file, and the run after the repair ends where it would have',
    async (path) => {
      const [folder, alone] = [everythingChanges(), everythingChanges()];
      await run(alone, 'cycle');
      const before = folder.snapshot();
      protect(folder, path, 0o555, 0o755);
      expectFailure(await run(folder, 'cycle'), /cannot write/);
      for (const [file, bytes] of folder.snapshot())
        expect([before.get(file), alone.snapshot().get(file)], file).toContain(bytes);
      expect(folder.leftovers()).toEqual([]);
      chmodSync(folder.path(path), 0o755);
      expect(await run(folder, 'cycle')).toMatchObject({ exitCode: 0, stderr: '' });
      expect(folder.snapshot()).toEqual(alone.snapshot());
    },
  );

  test('a read-only file in a folder that may be written is replaced, which loses nothing', async () => {
    const folder = everythingChanges();
    const before = folder.read(AUTO);
    protect(folder, AUTO, 0o444, 0o644);
    expect(await run(folder, 'cycle')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(folder.read(`${AUTO}.backup`)).toBe(before);
  });
});
