/** Whoever can write below `.git` bends what git answers, where it fetches from, and what else it runs. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type GitFolder, gitFolder } from '../support/cli/git-folder.ts';
import { temporaryFolder } from '../support/cli/governed-folder.ts';
import { runPeak } from '../support/cli/run-peak.ts';
import { githubPlace } from '../support/github/github-place.ts';

const AUTO = 'config/live_overrides/auto.toml';

/** A folder whose leverage has changed live, and changed again. */
function changedTwice(): GitFolder {
  const folder = gitFolder();
  for (const value of ['1.1', '1.2']) {
    folder.write(AUTO, `[auto_applied]\n"portfolio.leverage" = ${value}\n`);
    folder.commitAll(`leverage ${value}`);
  }
  return folder;
}

async function historyOf(folder: GitFolder) {
  return runPeak(folder, ['history', 'portfolio.leverage', '--json']);
}

test.each([
  ['an order of files', (folder: GitFolder) => folder.git('config', 'diff.orderFile', '/nowhere')],
  ['another encoding', (folder: GitFolder) => folder.git('config', 'i18n.logOutputEncoding', 'UTF-16')],
  [
    'a graft that hides a commit',
    (folder: GitFolder) => {
      const [head, start] = [folder.git('rev-parse', 'HEAD'), folder.git('rev-parse', 'HEAD~2')];
      folder.write('.git/info/grafts', `${head} ${start}\n`);
    },
  ],
])('the history is the same with %s', async (_, bend) => {
  const folder = changedTwice();
  const honest = await historyOf(folder);
  expect(honest.exitCode).toBe(0);
  bend(folder);
  expect(await historyOf(folder)).toEqual(honest);
});

test('a damaged history is a failure of the outside world, and no crash', async () => {
  const folder = changedTwice();
  const tree = folder.git('rev-parse', 'HEAD~1^{tree}');
  rmSync(folder.path(`.git/objects/${tree.slice(0, 2)}/${tree.slice(2)}`));
  const run = await historyOf(folder);
  expect(run.exitCode).toBe(3);
  expect(run.stderr).not.toContain('Node.js');
});

test('an address that leads elsewhere is refused before anything is fetched', async () => {
  const place = await githubPlace();
  const clone = await place.clone();
  const proof = join(temporaryFolder(), 'ran');
  clone.git('config', 'protocol.ext.allow', 'always');
  clone.git('config', `url.ext::sh -c touch% ${proof} .insteadOf`, place.forge.serverUrl);
  await expect(clone.published()).rejects.toMatchObject({ code: 'GIT_FAILED' });
  expect(existsSync(proof)).toBe(false);
});

test('a clone of another owner is published from when the machine says that it is to be trusted', async () => {
  const place = await githubPlace();
  const clone = await place.clone();
  const home = temporaryFolder();
  const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const switched = `case "$PWD" in "${realpathSync(clone.root)}"*) export GIT_TEST_ASSUME_DIFFERENT_OWNER=1;; esac`;
  writeFileSync(join(home, 'git'), `#!/bin/sh\n${switched}\nexec "${git}" "$@"\n`);
  chmodSync(join(home, 'git'), 0o755);
  vi.stubEnv('PATH', `${home}:${process.env['PATH']}`);
  vi.stubEnv('HOME', home);
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(clone.published()).rejects.toMatchObject({ code: 'GIT_REFUSED' });
  writeFileSync(join(home, '.gitconfig'), '[safe]\n\tdirectory = *\n');
  expect((await clone.published()).branches).toMatchObject([{ state: 'created' }]);
});
