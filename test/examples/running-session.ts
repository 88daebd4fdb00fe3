import { type ChildProcess, spawn } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { cleanEnvironment } from '../support/cli/run-peak.ts';

/** Milliseconds that a session may take to say something, on a busy machine. */
const PATIENCE_MS = 25_000;

/** A started session: what it has said so far, and how it ends. */
export class RunningSession {
  readonly ended: Promise<number | null>;
  #said = '';
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();

  constructor([command = '', ...args]: readonly string[], cwd: string, env: Record<string, string> = {}) {
    this.#child = spawn(command, args, { cwd, env: { ...cleanEnvironment(), ...env } as NodeJS.ProcessEnv });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    }
    this.ended = new Promise((resolve, reject) => {
      this.#child.on('error', reject).on('close', resolve);
    });
    onTestFinished(() => void this.#child.kill('SIGKILL'));
  }

  /** Everything from stdout and stderr. */
  get said(): string {
    return this.#said;
  }

  /** Waits until the session says this, after everything that was waited for before. */
  async hears(pattern: RegExp): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const match = pattern.exec(this.#said);
      if (match !== null) {
        this.#said = this.#said.slice(match.index + match[0].length);
        return;
      }
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`nobody said ${pattern}, but:\n${this.#said}`);
      await this.#nextWords(left);
    }
  }

  interrupt(): void {
    this.#child.kill('SIGINT');
  }

  #nextWords(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.#waiting.add(done);
    });
  }

  #hear(text: string): void {
    this.#said += text;
    for (const wake of [...this.#waiting]) wake();
  }
}

/** Replaces a file in one step, as the loops and Git do. */
export function replaceFile(root: string, path: string, text: string): void {
  const unfinished = join(root, `${path}.new`);
  writeFileSync(unfinished, text);
  renameSync(unfinished, join(root, path));
}
