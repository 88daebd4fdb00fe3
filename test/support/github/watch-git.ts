import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { temporaryFolder } from '../cli/governed-folder.ts';

/** Any token, as it is or in a Basic header (`x-access-token:` in base64), and any key. */
export const SECRET = /gh[a-z]_[0-9a-zA-Z]|eC1hY2Nlc3MtdG9rZW46|PRIVATE KEY/;

/**
 * The real git, which says with what it, and each program that it starts in its turn, was started
 * (https://git-scm.com/docs/api-trace2); and which of its variables hold something secret.
 */
const WRAPPER = `#!/bin/sh
seen="\${0%/*}/seen"
env | sed -n -e "s/^\\([A-Za-z_0-9]*\\)=.*\\(gh[a-z]_[0-9a-zA-Z]\\|eC1hY2Nlc3MtdG9rZW46\\|PRIVATE KEY\\).*/\\1/p" > "$seen/$$.variables"
GIT_TRACE_REDACT=0 GIT_TRACE2_EVENT="$seen/$$.trace" PATH="\${PATH#*:}" exec git "$@"
`;

/** A process of git: what it did, and its secret variables. */
export interface Seen {
  readonly command: string;
  readonly variables: readonly string[];
  /** Arguments, and those of its children, line by line. */
  readonly argv: string;
}

/** Puts the wrapper in front of git, for this process and those that get `path`. */
export function watchGit(): { readonly path: string; readonly seen: () => readonly Seen[] } {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'seen'));
  writeFileSync(join(folder, 'git'), WRAPPER, { mode: 0o755 });
  const path = `${folder}:${process.env['PATH']}`;
  vi.stubEnv('PATH', path);
  const read = (name: string) => readFileSync(join(folder, 'seen', name), 'utf8');
  const seen = () =>
    readdirSync(join(folder, 'seen'))
      .filter((name) => name.endsWith('.trace'))
      .map((name) => ({
        command: /"cmd_name","sid":[^\n]*?"name":"([^"]+)"/.exec(read(name))?.[1] ?? '',
        variables: read(name.replace('.trace', '.variables')).split('\n').filter(Boolean),
        argv: read(name)
          .split('\n')
          .filter((line) => line.includes('"argv"'))
          .join('\n'),
      }));
  return { path, seen };
}
