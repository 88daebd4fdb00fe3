import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { GovernedFolder, governedFolder } from './governed-folder.ts';
import { cleanEnvironment } from './run-peak.ts';

const PERSON = {
  GIT_AUTHOR_NAME: 'Somebody',
  GIT_AUTHOR_EMAIL: 'somebody@example.org',
  GIT_AUTHOR_DATE: '1795000000 +0000',
  GIT_COMMITTER_NAME: 'Somebody',
  GIT_COMMITTER_EMAIL: 'somebody@example.org',
  GIT_COMMITTER_DATE: '1795000000 +0000',
};

/** A governed folder in a Git repository of its own. Equal content has equal commit ids. */
export class GitFolder extends GovernedFolder {
  git(...args: readonly string[]): string {
    return execFileSync('git', args, {
      cwd: this.root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      env: { ...cleanEnvironment(), ...PERSON } as NodeJS.ProcessEnv,
    }).trimEnd();
  }

  /** Commits everything that is there, and answers the commit. */
  commitAll(message = 'change'): string {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--message', message);
    return this.git('rev-parse', 'HEAD');
  }

  /** Gives the commit at HEAD another committer time, `<seconds> +0000`. */
  amendTime(time: string): void {
    execFileSync('git', ['commit', '--quiet', '--amend', '--no-edit', '--allow-empty'], {
      cwd: this.root,
      env: { ...cleanEnvironment(), ...PERSON, GIT_COMMITTER_DATE: time } as NodeJS.ProcessEnv,
    });
  }

  /** Branch → commit. */
  branches(): Readonly<Record<string, string>> {
    const lines = this.git('for-each-ref', '--format=%(refname:short) %(objectname)', 'refs/heads').split(
      '\n',
    );
    return Object.fromEntries(lines.map((line) => line.split(' ')));
  }

  /** Paths that a branch changes against its last parent, the base: `A path` and the like. */
  changesOf(branch: string): readonly string[] {
    const parents = this.git('rev-list', '--parents', '--max-count=1', branch).split(' ');
    const diff = this.git('diff', '--name-status', '--no-renames', parents.at(-1) ?? '', branch);
    return diff.split('\n').map((line) => line.replace('\t', ' '));
  }

  /** The text of a file on a branch. */
  show(branch: string, path: string): string {
    return `${this.git('show', `${branch}:${path}`)}\n`;
  }

  /** All that must not move: HEAD, the index byte for byte, the work tree with what is ignored, and what git says of it. */
  standing(): unknown {
    return {
      head: readFileSync(this.path('.git/HEAD'), 'utf8'),
      commit: this.git('rev-parse', 'HEAD'),
      index: readFileSync(this.path('.git/index'), 'latin1'),
      files: this.snapshot(),
      stash: this.git('stash', 'list'),
    };
  }
}

/** A governed folder in a repository, with everything committed on `main`; `change` comes before the commit. */
export function gitFolder(change: (folder: GovernedFolder) => void = () => undefined): GitFolder {
  const folder = new GitFolder(governedFolder().root);
  change(folder);
  folder.write('.gitignore', '.peak/\n.peak-tmp-*\nconfig/live_overrides/*.backup\n');
  folder.git('init', '--quiet', '--initial-branch=main');
  folder.commitAll('start');
  return folder;
}
