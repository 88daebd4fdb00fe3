/** Publishing while things go wrong: broken evidence, other people's branches, kills, and two runs at once. */
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Answer, answerOf, placesOf, saidIn } from '../support/cli/answer.ts';
import { type GitFolder, gitFolder } from '../support/cli/git-folder.ts';
import { temporaryFolder } from '../support/cli/governed-folder.ts';
import { inParallel } from '../support/cli/in-parallel.ts';
import { type Run, type RunOptions, runPeak, withFaults } from '../support/cli/run-peak.ts';

const MANUAL = 'peak/promotion/manual';
const EVIDENCE = 'reports/learning_snippets';
const PATCH =
  '{"target": "portfolio.leverage", "new_value": 1.2, "confidence_score": 0.9, "generated_at": "2026-11-21T12:00:00Z"}\n';
const NOT_UTF8 = Buffer.from([0x7b, 0xff, 0x7d]);

interface PublishAnswer extends Answer {
  readonly evidence: { readonly recommended_changes: number };
  readonly branches: readonly {
    readonly branch: string;
    readonly state: string;
    readonly commit: string | null;
  }[];
}

function publish(folder: GitFolder, options: RunOptions = {}): Promise<Run> {
  return runPeak(folder, ['cycle', '--publish', 'branch', '--json'], options);
}

describe('broken evidence', () => {
  test.each([
    ['is not UTF-8', 'bad.json', NOT_UTF8],
    [
      'has a line that is not UTF-8',
      'bad.jsonl',
      Buffer.concat([Buffer.from(PATCH), NOT_UTF8, Buffer.from('\n')]),
    ],
    ['is not JSON', 'bad.json', Buffer.from('{')],
  ])('that is committed and %s is reported, and stops nothing', async (_, name, content) => {
    const folder = gitFolder((one) => one.write(`${EVIDENCE}/${name}`, content));
    const run = await publish(folder);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(placesOf(answerOf(run)).join()).toContain(name);
    expect(answerOf<PublishAnswer>(run).branches).toMatchObject([{ branch: MANUAL, state: 'created' }]);
  });

  test('that is a committed link is reported, and stops nothing', async () => {
    const folder = gitFolder((one) => symlinkSync('/etc/hostname', one.path(`${EVIDENCE}/link.json`)));
    const run = await publish(folder);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(placesOf(answerOf(run))).toEqual(['LINK_REFUSED link.json']);
  });

  test.each([
    ['is not UTF-8', 'bad.json', NOT_UTF8],
    ['is not JSON', 'bad.json', Buffer.from('{')],
    ['is cut off', 'bad.jsonl', Buffer.from(`${PATCH}{"target"`)],
  ])('that is new and %s is named and not published; the rest is', async (_, name, content) => {
    const folder = gitFolder();
    folder.write(`${EVIDENCE}/${name}`, content);
    folder.write(`${EVIDENCE}/sound.json`, PATCH);
    const run = await publish(folder);
    expect(run.exitCode).toBe(0);
    expect(placesOf(answerOf(run)).join()).toContain(name);
    expect(folder.changesOf(MANUAL)).toContain(`A ${EVIDENCE}/sound.json`);
    expect(folder.changesOf(MANUAL)).not.toContain(`A ${EVIDENCE}/${name}`);
    expect(folder.snapshot().get(`${EVIDENCE}/${name}`)).toBe(content.toString('latin1'));
  });

  test('that is a new link is refused; what it leads to is not published', async () => {
    const folder = gitFolder();
    const outside = temporaryFolder();
    symlinkSync(outside, folder.path(`${EVIDENCE}/folder`));
    symlinkSync('/etc/hostname', folder.path(`${EVIDENCE}/link.json`));
    const run = await publish(folder);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('link.json');
    expect(folder.changesOf(MANUAL).join()).not.toMatch(/link|folder/);
  });

  test('with names that a shell, a stream or a tree might misread is published as it is', async () => {
    const folder = gitFolder();
    const names = [
      'with space.json',
      'ünï.json',
      '-rf.json',
      'a"b.json',
      'line\nbreak.json',
      '$(reboot).json',
    ];
    for (const name of names) folder.write(`${EVIDENCE}/${name}`, PATCH);
    const run = await publish(folder);
    expect(run.exitCode).toBe(0);
    const listed = folder.git('ls-tree', '-r', '-z', '--name-only', MANUAL, `${EVIDENCE}/`).split('\0');
    for (const name of names) expect(listed).toContain(`${EVIDENCE}/${name}`);
  });
});

describe('a branch that is not ours alone', () => {
  test('with a foreign commit is left alone: exit 2', async () => {
    const folder = gitFolder();
    await publish(folder);
    folder.git('checkout', '--quiet', MANUAL);
    folder.write('mine.txt', 'x');
    folder.commitAll('mine');
    folder.git('checkout', '--quiet', 'main');
    const before = folder.branches();
    const run = await publish(folder);
    expect(run.exitCode).toBe(2);
    expect(answerOf(run).problems.map(({ code }) => code)).toEqual(['FOREIGN_COMMIT']);
    expect(folder.branches()).toEqual(before);
  });

  test('that is checked out is left alone: exit 3', async () => {
    const folder = gitFolder();
    folder.git('branch', MANUAL);
    folder.git('worktree', 'add', '--quiet', join(temporaryFolder(), 'tree'), MANUAL);
    const before = folder.branches();
    const run = await runPeak(folder, ['cycle', '--publish', 'branch']);
    expect([2, 3]).toContain(run.exitCode);
    expect(saidIn(run)).toHaveLength(1);
    expect(run.stderr).toContain(MANUAL);
    expect(folder.branches()).toEqual(before);
  });

  test('whose name is taken by a branch above it: exit 3 with the name', async () => {
    const folder = gitFolder();
    folder.git('branch', 'peak/promotion');
    const before = folder.branches();
    const run = await runPeak(folder, ['cycle', '--publish', 'branch']);
    expect(run).toMatchObject({ exitCode: 3, stdout: '' });
    expect(run.stderr).toContain('peak/promotion');
    expect(folder.branches()).toEqual(before);
  });
});

describe('hooks and settings of the repository', () => {
  test('are not run, and change nothing', async () => {
    const folder = gitFolder((one) => one.write('.gitattributes', '* text=auto eol=crlf\n'));
    const plain = gitFolder();
    for (const hook of ['reference-transaction', 'post-commit', 'pre-commit', 'post-update']) {
      folder.write(`.git/hooks/${hook}`, `#!/bin/sh\ntouch ${folder.path('.git/ran')}\nexit 1\n`);
      folder.git('config', 'core.hooksPath', '.git/hooks');
    }
    folder.git('config', 'core.autocrlf', 'true');
    folder.git('config', 'commit.gpgSign', 'true');
    folder.git('config', 'core.fsmonitor', `touch ${folder.path('.git/ran')}`);
    for (const one of [folder, plain]) one.write(`${EVIDENCE}/new.json`, PATCH);
    expect((await publish(folder)).exitCode).toBe(0);
    expect((await publish(plain)).exitCode).toBe(0);
    expect(folder.names('.git')).not.toContain('ran');
    const tree = (one: GitFolder): string => one.git('rev-parse', `${MANUAL}:reports/learning_snippets`);
    expect(tree(folder)).toBe(tree(plain));
  });
});

describe('a run that is killed', () => {
  function withEvidence(): GitFolder {
    const folder = gitFolder();
    folder.write(`${EVIDENCE}/new.json`, PATCH);
    return folder;
  }

  test('before each process that it starts: the branch is as before, and the next run ends as an undisturbed one', {
    timeout: 90_000,
  }, async () => {
    const alone = withEvidence();
    const log = join(temporaryFolder(), 'calls');
    expect((await publish(alone, { env: withFaults({ PEAK_TEST_CALLS: log }) })).exitCode).toBe(0);
    const processes = readFileSync(log, 'utf8')
      .split('\n')
      .filter((call) => call.startsWith('spawn'));
    expect(processes.length).toBeGreaterThan(4);
    const after = alone.branches();
    await inParallel(processes.keys(), async (at) => {
      const folder = withEvidence();
      const before = [folder.standing(), folder.branches()];
      const killed = await publish(folder, { env: withFaults({ PEAK_TEST_FAULT: `spawn:${at + 1}` }) });
      expect(killed.signal).toBe('SIGKILL');
      expect([folder.standing(), folder.branches()]).toEqual(before);
      expect(await publish(folder)).toMatchObject({ exitCode: 0, stderr: '' });
      expect(folder.branches()).toEqual(after);
      expect(folder.standing()).toEqual(before[0]);
      expect(folder.git('fsck', '--no-dangling')).toBe('');
      expect(folder.git('for-each-ref', '--format=%(refname)').split('\n')).toHaveLength(2);
    });
  });
});

describe('several runs at once', () => {
  test.each([
    ['at one time', ['1795300000', '1795300000', '1795300000', '1795300000']],
    ['at different times', ['1795300000', '1795300001', '1795300002', '1795300003']],
  ])('%s make one commit', { timeout: 60_000 }, async (_, clocks) => {
    const folder = gitFolder();
    folder.write(`${EVIDENCE}/new.json`, PATCH);
    const before = folder.standing();
    const runs = await Promise.all(
      clocks.map((clock) => publish(folder, { env: { SOURCE_DATE_EPOCH: clock } })),
    );
    for (const run of runs) expect.soft(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(folder.git('rev-list', '--count', `main..${MANUAL}`)).toBe('1');
    expect(folder.standing()).toEqual(before);
    expect(folder.git('for-each-ref', '--format=%(refname)').split('\n')).toHaveLength(2);
  });
});
