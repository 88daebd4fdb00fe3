import { chmodSync, cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/cli/governed-folder.ts';
import { cleanEnvironment, peakCommand, runCommand } from '../support/cli/run-peak.ts';
import { type CodeBlock, ROOT } from './markdown.ts';
import { toScript } from './shell-script.ts';

const COPIED = ['config', 'reports', 'examples', '.gitattributes', '.gitignore', 'package.json'];
/** Where a block of TypeScript is written before it runs. */
const TYPESCRIPT_FILE = 'document-block.ts';
/** Used as they are. */
const LINKED = ['bin', 'dist', 'node_modules'];

/** What a block did. */
export interface BlockRun {
  readonly exitCode: number | null;
  /** stdout and stderr as a terminal shows them. */
  readonly output: string;
}

/** A shell in a fresh, committed copy of the governed files. What a block exports, and where it goes, holds for the next. */
export class DocumentShell {
  readonly root: string;
  readonly #state: string;
  readonly #path: string;

  constructor() {
    const folder = temporaryFolder();
    this.root = join(folder, 'peak-trade-gitops');
    this.#state = join(folder, 'state.sh');
    this.#path = join(folder, 'bin');
    mkdirSync(this.root);
    for (const name of COPIED)
      if (existsSync(join(ROOT, name))) cpSync(join(ROOT, name), join(this.root, name), { recursive: true });
    for (const name of LINKED) symlinkSync(join(ROOT, name), join(this.root, name));
    this.#writeNpx();
    writeFileSync(this.#state, 'cd "$DOCUMENT_ROOT"\n');
  }

  /** Makes the copy a repository with one commit. */
  async commit(): Promise<void> {
    const links = [...LINKED, TYPESCRIPT_FILE].map((name) => `/${name}`).join('\n');
    const run = await this.#bash(
      `git init --quiet --initial-branch main\nprintf '%s\\n' '${links}' >> .git/info/exclude\n` +
        "git add --all\ngit commit --quiet --message 'A governed repository'\n",
    );
    if (run.exitCode !== 0) throw new Error(run.output);
  }

  /** Runs the commands of a block, one after the other, up to the first that does not end as it says; or the program. */
  run({ info, text }: CodeBlock): Promise<BlockRun> {
    if (info !== 'ts') return this.#bash(toScript(text));
    writeFileSync(join(this.root, TYPESCRIPT_FILE), text);
    return this.#bash(`npx tsx ${TYPESCRIPT_FILE}`);
  }

  async #bash(script: string): Promise<BlockRun> {
    const whole = `source "$DOCUMENT_STATE"\nexec 2>&1\nset -euo pipefail\n${script}\n{ export -p; printf 'cd %q\\n' "$PWD"; } > "$DOCUMENT_STATE"\n`;
    const run = await runCommand(['bash', '--noprofile', '--norc', '-c', whole], {
      cwd: this.root,
      env: this.#environment(),
    });
    return { exitCode: run.exitCode, output: run.stdout };
  }

  #environment(): Record<string, string | undefined> {
    const clean = cleanEnvironment();
    const person = { NAME: 'An operator', EMAIL: 'operator@example.org' };
    return {
      ...clean,
      PATH: `${this.#path}:${clean['PATH']}`,
      DOCUMENT_ROOT: this.root,
      DOCUMENT_STATE: this.#state,
      GIT_AUTHOR_NAME: person.NAME,
      GIT_AUTHOR_EMAIL: person.EMAIL,
      GIT_COMMITTER_NAME: person.NAME,
      GIT_COMMITTER_EMAIL: person.EMAIL,
    };
  }

  /** `npx peak` is this project's command; other names are those of installed packages. Nothing is downloaded. */
  #writeNpx(): void {
    const peak = peakCommand()
      .map((word) => `'${word}'`)
      .join(' ');
    mkdirSync(this.#path);
    const script = `#!/bin/sh\nname="$1"\nshift\nif [ "$name" = peak ]; then exec ${peak} "$@"; fi\nexec '${ROOT}/node_modules/.bin/'"$name" "$@"\n`;
    writeFileSync(join(this.#path, 'npx'), script);
    chmodSync(join(this.#path, 'npx'), 0o755);
  }
}
