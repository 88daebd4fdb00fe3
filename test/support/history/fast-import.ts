import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Files } from './memory-line.ts';

/** One commit for `FastImport`. */
export interface ImportedCommit {
  readonly branch: string;
  /** Ids or marks (`:7`); the first is the first parent. */
  readonly parents: readonly string[];
  readonly files: Files;
  readonly seconds: number;
  readonly message?: string;
}

/** A running `git fast-import`: real commits in a real repository, thousands a second. */
export class FastImport {
  readonly #git: ChildProcessWithoutNullStreams;
  readonly #answers: string[] = [];
  #mark = 0;
  /** An import knows its own commits by their marks only. */
  readonly #marks = new Map<string, string>();
  #said = '';
  #waiting: (() => void) | null = null;

  constructor(folder: string) {
    this.#git = spawn('git', ['fast-import', '--quiet', '--done'], { cwd: folder });
    this.#git.stderr.setEncoding('utf8').on('data', (said: string) => {
      this.#said += said;
    });
    this.#git.on('close', () => this.#waiting?.());
    let rest = '';
    this.#git.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      this.#answers.push(...lines);
      this.#waiting?.();
    });
  }

  /** Queues a commit, and answers its mark. */
  commit({ branch, parents, files, seconds, message = 'c' }: ImportedCommit): string {
    this.#mark += 1;
    const [first, ...merged] = parents.map((parent) => this.#marks.get(parent) ?? parent);
    const lines = [
      `commit refs/heads/${branch}\nmark :${this.#mark}\ncommitter Somebody <s@example.org> ${seconds} +0000\n`,
      data(message),
      first === undefined ? '' : `from ${first}\n`,
      ...merged.map((parent) => `merge ${parent}\n`),
      ...Object.entries(files).map(([path, text]) =>
        text === null ? `D ${path}\n` : `M 100644 inline ${path}\n${data(text)}`,
      ),
    ];
    this.#git.stdin.write(lines.join(''));
    return `:${this.#mark}`;
  }

  /** The id of a commit that was queued. */
  async idOf(mark: string): Promise<string> {
    this.#git.stdin.write(`get-mark ${mark}\n`);
    while (this.#answers.length === 0) {
      if (this.#git.exitCode !== null) throw new Error(`git fast-import: ${this.#said}`);
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
    const id = this.#answers.shift() as string;
    this.#marks.set(id, mark);
    return id;
  }

  /** Waits until the queue is empty, so that memory stays small. */
  async drain(): Promise<void> {
    if (this.#git.stdin.writableNeedDrain) await once(this.#git.stdin, 'drain');
  }

  /** Ends the import. Throws when git refuses it. */
  async end(): Promise<void> {
    this.#git.stdin.end('done\n');
    const [code] = (await once(this.#git, 'close')) as [number | null];
    if (code !== 0) throw new Error(`git fast-import: ${this.#said}`);
  }
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
