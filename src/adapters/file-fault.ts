import { AppError } from '../kernel/app-error.ts';

/** Turns a failed file operation into the error people see. */
export function fileFault(cause: unknown, doing: string): AppError {
  const code = codeOf(cause);
  const message = `${doing}: ${code}`;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new AppError('DISK_FULL', message, {
      hint: 'free some space and run again; nothing was half written',
      cause,
    });
  }
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return new AppError('READ_ONLY', message, {
      hint: 'check the owner and permissions of the folder',
      cause,
    });
  }
  return new AppError('FILE_SYSTEM', message, { cause });
}

/** The code of a system error, `ENOENT`, or its name. */
export function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name);
}

/** Whether something is simply not there. */
export function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}
