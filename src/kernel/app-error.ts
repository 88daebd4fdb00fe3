/** Why the outside world failed. Closed: callers switch on it, nobody compares message text. */
export type AppErrorCode =
  | 'FILE_SYSTEM'
  | 'DISK_FULL'
  | 'READ_ONLY'
  | 'ALREADY_RUNNING'
  | 'GIT_MISSING'
  | 'GIT_REFUSED'
  | 'GIT_FAILED'
  | 'GIT_REF_MOVED'
  /** What somebody else wrote is no well-formed history: git's own check refuses it. */
  | 'OBJECTS_REFUSED'
  /** What somebody else wrote is more than we take: as a whole, or one object of it. */
  | 'OBJECTS_TOO_LARGE'
  /** A fetch took longer than we wait. */
  | 'FETCH_TOO_SLOW'
  /** GitHub could not be reached, or failed itself. */
  | 'GITHUB_UNREACHABLE'
  /** A write whose answer was lost: whether it happened has to be read. */
  | 'GITHUB_INTERRUPTED'
  | 'GITHUB_RATE_LIMITED'
  /** GitHub said no: token, permission, protection, or a state that forbids it. */
  | 'GITHUB_REFUSED';

/** The outside world failed (exit code 3). Not for bad input, which is a `Problem`. */
export class AppError extends Error {
  readonly code: AppErrorCode;
  readonly hint: string | undefined;

  constructor(code: AppErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = options.hint;
  }
}

/** An invariant of this program broke (exit code 70). */
export class BugError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BugError';
  }
}
