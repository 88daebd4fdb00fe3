import { AppError, type AppErrorCode } from '../../kernel/app-error.ts';
import { type GitOutput, gitFailure } from '../git/index.ts';

interface Sign {
  readonly said: RegExp;
  readonly code: AppErrorCode;
  readonly message: string;
  readonly hint: string;
}

const CONNECTION = 'the connection to GitHub failed';

/**
 * git has one exit code for everything; with `LC_ALL=C` its words are fixed (2.30 to 2.51: wrapper.c, index-pack.c, fsck.c, remote-curl.c).
 * The first that fits; what no line fits stays `GIT_FAILED`, which nobody takes for a yes.
 */
const SIGNS: readonly Sign[] = [
  {
    said: /^fatal: attempting to (?:allocate|mmap) \d+ over limit/m,
    code: 'OBJECTS_TOO_LARGE',
    message: 'an object is larger than one may be',
    hint: 'take large files out of the branch, also out of its commits',
  },
  {
    said: /^(?:fatal|error): (?:fsck error|object [0-9a-f]+: )|^fatal: (?:invalid|bad) (?:object|tree|commit|blob)|^error: .*: (?:invalid|bad) tree/im,
    code: 'OBJECTS_REFUSED',
    message: "git's own check refuses what was pushed",
    hint: 'run `git fsck --strict` in a clone, and rebuild the branch from clean commits',
  },
  {
    said: /No space left on device|Disk quota exceeded/,
    code: 'DISK_FULL',
    message: 'the disk is full',
    hint: 'free some space; what was fetched so far is removed',
  },
  {
    said: /Authentication failed|could not read (?:Username|Password)|repository '.*' not found|returned error: (?:30\d|40[134]|451)|update url base from redirection/,
    code: 'GITHUB_REFUSED',
    message: 'GitHub does not open this repository',
    hint: 'check that the App is installed on it with `contents: read`, and that it was not renamed',
  },
  {
    said: /early EOF|RPC failed|Could not resolve|Failed to connect|Connection|timed out|Operation too slow|returned error: (?:429|5\d\d)|hung up|unable to access|SSL|unexpected disconnect|bad line length|protocol error|expected (?:flush|packfile)/i,
    code: 'GITHUB_UNREACHABLE',
    message: CONNECTION,
    hint: 'wait for GitHub, and try again',
  },
];

/** Words a fetch that failed. What the other end says about itself (`remote: …`) is no sign of anything. */
export function fetchFailure(args: readonly string[], output: GitOutput): AppError {
  const own = output.stderr
    .split('\n')
    .filter((line) => !line.startsWith('remote:'))
    .join('\n');
  const sign = SIGNS.find(({ said }) => said.test(own));
  const cause = gitFailure(args, { ...output, stderr: own });
  return sign === undefined ? cause : new AppError(sign.code, sign.message, { hint: sign.hint, cause });
}
