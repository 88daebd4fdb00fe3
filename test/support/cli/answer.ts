import type { Run } from './run-peak.ts';

/** A problem as `--json` tells it. */
export interface ToldProblem {
  readonly code: string;
  readonly severity: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  readonly hint?: string;
}

/** What `--json` answers on stdout, as far as tests look at it. */
export interface Answer {
  readonly ok: boolean;
  readonly problems: readonly ToldProblem[];
  readonly [key: string]: unknown;
}

/** What `peak promote --json` and `peak cycle --json` answer. */
export interface CycleAnswer extends Answer {
  readonly mode: string;
  readonly degraded_by_lock: boolean;
  readonly evidence: {
    readonly files: number;
    readonly recommended_changes: number;
    readonly problems: number;
  };
  readonly funnel: Readonly<Record<string, number>>;
  readonly proposals: readonly {
    readonly id: string;
    readonly lane: string;
    readonly path: string;
    readonly state: string;
    readonly change_set_digest: string;
  }[];
  readonly auto_toml: { readonly path: string; readonly state: string };
}

/** The JSON on stdout. Throws, with what was said instead, when it is none. */
export function answerOf<T extends Answer = Answer>({ stdout, stderr }: Run): T {
  try {
    return JSON.parse(stdout) as T;
  } catch (cause) {
    throw new Error(`no JSON on stdout:\n${stdout}\nstderr:\n${stderr}`, { cause });
  }
}

/** Code and place of each problem, `CODE file:line:column`, without the file's folder. */
export function placesOf({ problems }: Answer): readonly string[] {
  return problems.map(({ code, file, line, column }) => {
    const place = [file?.split('/').at(-1), line, column].filter((part) => part !== undefined).join(':');
    return place === '' ? code : `${code} ${place}`;
  });
}

/** Lines on stderr that start a problem or a failure, without the help below them. */
export function saidIn({ stderr }: Run): readonly string[] {
  return stderr.split('\n').filter((line) => /^(?:error|warning|bug): /.test(line));
}
