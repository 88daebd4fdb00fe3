/** The shapes that people and GitHub make, by git itself: merge, octopus, squash, rebase, revert, and a renamed branch. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { openGitRepository } from '../../src/adapters/git/index.ts';
import { readMergedProposal } from '../../src/cycles/read-merged-proposal.ts';
import { readHistory } from '../../src/history/index.ts';
import { AUTO_TOML_PATH, BASE_CONFIG_PATH, POLICY_PATH } from '../../src/kernel/governed-paths.ts';
import { instantFromMs } from '../../src/kernel/instant.ts';
import { GovernedFolder, temporaryFolder } from '../support/cli/governed-folder.ts';
import { cleanEnvironment } from '../support/cli/run-peak.ts';
import { autoToml, proposalFiles, type TestChange } from '../support/history/proposal-files.ts';

const SLOTS = ['a.one', 'a.three', 'a.two'];
const START_SECONDS = 1_760_000_000;

class Repository extends GovernedFolder {
  #seconds = START_SECONDS;

  constructor() {
    super(temporaryFolder());
    this.git('init', '--quiet', '--initial-branch=main');
    this.write(BASE_CONFIG_PATH, '[a]\none = 1.0\ntwo = 1.0\nthree = 1.0\n');
    this.write(POLICY_PATH, '[promotion]\nmode = "manual_only"\n');
    this.write(AUTO_TOML_PATH, autoToml(SLOTS, new Map()));
    this.commit();
  }

  git(...args: readonly string[]): string {
    this.#seconds += 60;
    const who = { NAME: 'Somebody', EMAIL: 's@example.org', DATE: `${this.#seconds} +0000` };
    const identity = Object.entries(who).flatMap(([key, value]) => [
      [`GIT_AUTHOR_${key}`, value],
      [`GIT_COMMITTER_${key}`, value],
    ]);
    const env = { ...cleanEnvironment(), ...Object.fromEntries(identity) } as NodeJS.ProcessEnv;
    return execFileSync('git', args, { cwd: this.root, encoding: 'utf8', env, stdio: 'pipe' }).trim();
  }

  commit(): void {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--message', 'change');
  }

  set(target: string, value: number): void {
    const line = new RegExp(`^(# )?"${target}".*$`, 'm');
    this.edit(AUTO_TOML_PATH, line, `"${target}" = ${Number.isInteger(value) ? value.toFixed(1) : value}`);
  }

  /** A branch from main whose commits pass through values, and that ends as a proposal. */
  propose(branch: string, number: number, change: TestChange, passages: readonly number[] = []): void {
    const baseCommit = this.git('rev-parse', 'main');
    this.git('checkout', '--quiet', '-b', branch, 'main');
    for (const passage of passages) {
      this.set(change.target, passage);
      this.commit();
    }
    for (const [path, text] of Object.entries(proposalFiles({ number, changes: [change], baseCommit })))
      this.write(path, text);
    this.set(change.target, change.new as number);
    this.commit();
    this.git('checkout', '--quiet', 'main');
  }

  async told(): Promise<readonly string[]> {
    const source = await openGitRepository(this.root);
    const head = this.git('rev-parse', 'HEAD');
    if (source === null) throw new Error('no repository');
    const now = instantFromMs((this.#seconds + 60) * 1000);
    const history = await readHistory(source, { head, now, since: null, readProposal: readMergedProposal });
    if (!history.ok) throw new Error(JSON.stringify(history.problems));
    expect(history.problems).toEqual([]);
    return history.value.events.slice(2).map((event) => {
      const changes = event.changes.map(
        ({ target, before, after }) => `${target} ${before?.value}→${after?.value}`,
      );
      return [
        event.kind,
        ...changes,
        ...(event.kind === 'unexplained' && event.settledBy ? ['settled'] : []),
      ].join(' ');
    });
  }
}

const up = (target: string, old: number, next: number): TestChange => ({ target, old, new: next });

test('merge, octopus, squash and rebase are promotions; their reverts are rollbacks; a branch has any name', async () => {
  const repository = new Repository();
  repository.propose('one', 1, up('a.one', 1, 1.25), [2.75]);
  repository.git('merge', '--quiet', '--no-ff', '--no-edit', 'one');
  repository.propose('two', 2, up('a.two', 1, 1.25));
  repository.propose('three', 3, up('a.three', 1, 1.25));
  repository.git('merge', '--quiet', '--no-ff', '--no-edit', 'two', 'three');
  const octopus = repository.git('rev-parse', 'HEAD');
  repository.propose('four', 4, up('a.one', 1.25, 1.5), [2.5]);
  repository.git('merge', '--quiet', '--squash', 'four');
  repository.commit();
  const squash = repository.git('rev-parse', 'HEAD');
  repository.propose('five', 5, up('a.two', 1.25, 1.5), [3, 2]);
  // A change on main, so that the rebase makes new commits.
  repository.write('notes.txt', 'mine');
  repository.commit();
  repository.git('rebase', '--quiet', 'main', 'five');
  repository.git('checkout', '--quiet', 'main');
  repository.git('merge', '--quiet', '--ff-only', 'five');
  repository.git('revert', '--no-edit', squash);
  repository.git('revert', '--no-edit', 'HEAD');
  repository.git('branch', '--move', 'main', 'trunk');
  expect(await repository.told()).toEqual([
    'promotion a.one 1→1.25',
    'promotion a.three 1→1.25 a.two 1→1.25',
    'promotion a.one 1.25→1.5',
    'unexplained a.two 1.25→3 settled',
    'unexplained a.two 3→2 settled',
    'promotion a.two 1.25→1.5',
    'rollback a.one 1.5→1.25',
    'promotion a.one 1.25→1.5',
  ]);
  expect(repository.git('rev-list', '--parents', '--max-count=1', octopus).split(' ')).toHaveLength(4);
});
