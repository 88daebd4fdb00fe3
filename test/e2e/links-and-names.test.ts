/** Files that are none, links that lead elsewhere, and names that try to be something else. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerOf, type CycleAnswer, placesOf, saidIn } from '../support/cli/answer.ts';
import { GovernedFolder, governedFolder, temporaryFolder } from '../support/cli/governed-folder.ts';
import { inParallel } from '../support/cli/in-parallel.ts';
import { runHere } from '../support/cli/run-here.ts';
import { runPeak } from '../support/cli/run-peak.ts';

const EVIDENCE = 'reports/learning_snippets';
const AUTO = 'config/live_overrides/auto.toml';
const PATCH = '{"target": "portfolio.leverage", "new_value": 1.2, "confidence_score": 0.99}';

/** Evidence that must never be read, and a folder for it outside of the governed one. */
function elsewhere(): GovernedFolder {
  const outside = new GovernedFolder(temporaryFolder());
  outside.write('patch.json', PATCH);
  return outside;
}

/** Moves something out of the folder and puts a link in its place. */
function moveOut(folder: GovernedFolder, path: string): GovernedFolder {
  const outside = new GovernedFolder(temporaryFolder());
  const target = outside.path(path.split('/').at(-1) ?? '');
  renameSync(folder.path(path), target);
  symlinkSync(target, folder.path(path));
  return outside;
}

function makeFifo(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  expect(spawnSync('mkfifo', [path]).status).toBe(0);
}

/** What the evidence leads to; writes a proposal and nothing else. */
async function promote(folder: GovernedFolder): Promise<CycleAnswer> {
  const run = await runPeak(folder, ['promote', '--json']);
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  return answerOf<CycleAnswer>(run);
}

describe('links in the evidence', () => {
  test.each([
    ['a file outside', (outside: GovernedFolder) => outside.path('patch.json')],
    ['a folder outside', (outside: GovernedFolder) => outside.root],
    ['a file inside', () => 'operations-2026-11-19.jsonl'],
    ['nothing', () => 'nowhere.json'],
    ['itself', () => 'link.json'],
  ])('to %s are refused by name', async (_, target) => {
    const [folder, outside] = [governedFolder(), elsewhere()];
    symlinkSync(target(outside), folder.path(`${EVIDENCE}/link.json`));
    const before = [folder.snapshot(), outside.snapshot()];
    const answer = await promote(folder);
    expect(placesOf(answer)).toEqual(['LINK_REFUSED link.json']);
    expect(answer.evidence.recommended_changes).toBe(9);
    for (const [path, bytes] of before[0] ?? []) expect(folder.snapshot().get(path)).toBe(bytes);
    expect(outside.snapshot()).toEqual(before[1]);
  });

  test.each([EVIDENCE, 'reports'])(
    '%s itself as a link out of the folder is refused, and nothing is written there',
    async (path) => {
      const folder = governedFolder();
      const outside = moveOut(folder, path);
      const before = outside.snapshot();
      await inParallel(['cycle', 'learn', 'signals'], async (command) => {
        const run = await runPeak(folder, [command]);
        expect.soft(`${run.stdout}${run.stderr}`, command).toMatch(/symbolic link/);
        expect.soft(run.stdout, command).not.toMatch(/\b9 recommended changes/);
      });
      expect(outside.snapshot()).toEqual(before);
    },
  );

  test('a folder of evidence swapped for a link is refused for new signals, too', async () => {
    const folder = governedFolder();
    const outside = moveOut(folder, EVIDENCE);
    const before = outside.snapshot();
    const run = await runPeak(folder, ['signal', 'emit', '--target', 'a.b', '--value', '1']);
    expect(run).toMatchObject({ exitCode: 3, stdout: '' });
    expect(saidIn(run)).toEqual([expect.stringMatching(/symbolic link/)]);
    expect(outside.snapshot()).toEqual(before);
  });
});

describe('links in the configuration', () => {
  test.each([
    'config',
    'config/promotion.toml',
    'config/config.toml',
    'config/live_overrides',
    AUTO,
    'config/auto',
    'config/auto/learning.override.toml',
  ])('%s as a link out of the folder stops the run, and nothing is written', async (path) => {
    const folder = governedFolder();
    folder.setMode('bounded_auto');
    const outside = moveOut(folder, path);
    const before = [folder.snapshot(), outside.snapshot()];
    for (const run of [
      await runPeak(folder, ['cycle']),
      await runHere(folder, ['promote']),
      await runHere(folder, ['learn']),
    ]) {
      expect(run).toMatchObject({ exitCode: 3, stdout: '' });
      expect(saidIn(run)).toEqual([expect.stringContaining(`${path} is a symbolic link`)]);
      expect(run.stderr).toMatch(/^ {2}help: /m);
    }
    expect([folder.snapshot(), outside.snapshot()]).toEqual(before);
    expect(folder.leftovers()).toEqual([]);
  });

  test('reports/live_promotion as a link out of the folder stops the run before anything is written', async () => {
    const folder = governedFolder();
    folder.setMode('bounded_auto');
    folder.write('reports/live_promotion/.gitkeep', '');
    const outside = moveOut(folder, 'reports/live_promotion');
    const before = [folder.snapshot(), outside.snapshot()];
    const run = await runPeak(folder, ['cycle']);
    expect(run).toMatchObject({ exitCode: 3, stdout: '' });
    expect([folder.snapshot(), outside.snapshot()]).toEqual(before);
  });

  test('the root itself may be reached by a link', async () => {
    const folder = governedFolder();
    const link = join(temporaryFolder(), 'link');
    symlinkSync(folder.root, link);
    expect(await runPeak(folder, ['cycle', '--root', link])).toMatchObject({ exitCode: 0, stderr: '' });
    expect(folder.names('reports/live_promotion')).toHaveLength(1);
  });
});

describe('files that are none', () => {
  test('a FIFO in the evidence is reported, and nobody waits for it', async () => {
    const folder = governedFolder();
    makeFifo(folder.path(`${EVIDENCE}/pipe.json`));
    makeFifo(folder.path(`${EVIDENCE}/sub/pipe.jsonl`));
    const answer = await promote(folder);
    expect([...placesOf(answer)].sort()).toEqual(['NOT_A_FILE pipe.json', 'NOT_A_FILE pipe.jsonl']);
  });

  test.each([AUTO, 'config/promotion.toml', 'config/config.toml', 'config/auto/learning.override.toml'])(
    'a FIFO in place of %s stops the run, and stays',
    async (path) => {
      const folder = governedFolder();
      folder.setMode('bounded_auto');
      folder.remove(path);
      makeFifo(folder.path(path));
      const before = folder.snapshot();
      await inParallel(['cycle', 'learn', 'status'], async (command) => {
        const run = await runPeak(folder, [command], { wrapper: ['timeout', '5'] });
        expect.soft(run, command).toMatchObject({ exitCode: 3, stdout: '' });
        expect.soft(run.stderr, command).toContain(path);
      });
      expect(folder.snapshot()).toEqual(before);
    },
  );

  test.each([
    [AUTO, 0],
    ['config/config.toml', 3],
    ['config/promotion.toml', 3],
  ])('a session does not wait for a FIFO in place of %s', async (path, exitCode) => {
    const folder = governedFolder();
    folder.remove(path);
    makeFifo(folder.path(path));
    const run = await runPeak(folder, ['config', 'get', 'portfolio.leverage', '--env', 'live'], {
      wrapper: ['timeout', '5'],
    });
    expect(run.exitCode).toBe(exitCode);
    expect(run.stderr).toContain(path);
  });

  test.each([AUTO, 'config/promotion.toml', 'config/config.toml', 'config/auto/learning.override.toml'])(
    'a folder in place of %s stops the run by name',
    async (path) => {
      const folder = governedFolder();
      folder.setMode('bounded_auto');
      folder.remove(path);
      folder.write(`${path}/keep`, 'x');
      const before = folder.snapshot();
      const run = await runPeak(folder, ['cycle']);
      expect(run).toMatchObject({ exitCode: 3, stdout: '' });
      expect(saidIn(run)).toEqual([expect.stringContaining(path)]);
      expect(folder.snapshot()).toEqual(before);
      expect(folder.leftovers()).toEqual([]);
    },
  );

  test('a file in place of the proposals folder stops the run by name', async () => {
    const folder = governedFolder();
    folder.write('reports/live_promotion', 'x');
    const run = await runPeak(folder, ['cycle']);
    expect(run.exitCode).toBe(3);
    expect(saidIn(run)).toHaveLength(1);
    expect(folder.read('reports/live_promotion')).toBe('x');
    expect(folder.leftovers()).toEqual([]);
  });
});

describe('names of evidence files', () => {
  const NAMES = [
    '\u001b[31mred\u001b[0m.json',
    'bell\u0007.json',
    'line\nbreak.json',
    'carriage\rreturn.json',
    'csi\u009b31m.json',
    'rtl\u202egpj.json',
    'separator\u2028.json',
    '::error::workflow.json',
    '<!-- comment -->.json',
    '`tick` | @somebody #1.json',
    '-rf.json',
    '=cmd().json',
    'a]"b\\.json',
    `${'n'.repeat(250)}.json`,
  ];
  const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/;

  /** A folder where each name holds sound evidence, and once more something broken. */
  function withNames(): GovernedFolder {
    const folder = governedFolder();
    for (const name of NAMES) {
      folder.write(`${EVIDENCE}/${name}`, PATCH);
      folder.write(`${EVIDENCE}/broken/${name}`, '{');
    }
    return folder;
  }

  test('reach no terminal raw', async () => {
    const folder = withNames();
    const outputs = await Promise.all(
      [['cycle'], ['learn'], ['signals'], ['signals', '--latest'], ['status']].map((args) =>
        runPeak(folder, args),
      ),
    );
    for (const { exitCode, stdout, stderr } of outputs) {
      expect(exitCode).toBe(0);
      expect(stdout).not.toMatch(RAW);
      expect(stderr).not.toMatch(RAW);
      expect(`${stdout}${stderr}`).not.toMatch(/^(break|::error::)/m);
    }
    const proposal = await runPeak(folder, ['proposals', '--latest']);
    expect(proposal.stdout).not.toMatch(RAW);
  });

  test('break no line of a checklist, and no JSON', async () => {
    const folder = withNames();
    const run = await runPeak(folder, ['cycle', '--json']);
    const answer = answerOf<CycleAnswer>(run);
    expect(answer.problems.map(({ file }) => file).sort()).toEqual(
      NAMES.map((name) => `${EVIDENCE}/broken/${name}`).sort(),
    );
    const path = answer.proposals[0]?.path ?? '';
    const checklist = folder.read(`${path}/OPERATOR_CHECKLIST.md`);
    expect(checklist).not.toMatch(RAW);
    expect(checklist).not.toMatch(/^(break|return)/m);
    expect(checklist).not.toContain('<!-- comment');
    expect(() => JSON.parse(folder.read(`${path}/config_patches.json`))).not.toThrow();
  });

  test('that are not UTF-8 are reported, and the rest is read', async () => {
    const folder = governedFolder();
    const name = Buffer.concat([
      Buffer.from(folder.path(`${EVIDENCE}/bad-`)),
      Buffer.from([0xff]),
      Buffer.from('.json'),
    ]);
    writeFileSync(name, PATCH);
    const answer = await promote(folder);
    expect(answer.problems).toHaveLength(1);
    expect(answer.evidence.recommended_changes).toBe(9);
  });
});
