import { AppError } from '../../kernel/app-error.ts';
import type { Operation } from './operations.ts';

/** What octokit throws: the status GitHub answered, or 500 without a response when there was no answer. */
export interface RequestFailure {
  readonly status: number;
  readonly message: string;
  readonly request?: { readonly method: string; readonly url: string };
  readonly cause?: unknown;
  readonly response?: { readonly headers: Readonly<Record<string, unknown>>; readonly data?: unknown };
}

/** Whether an error says what GitHub answered. */
export function isRequestFailure(error: unknown): error is RequestFailure {
  return error instanceof Error && typeof (error as { status?: unknown }).status === 'number';
}

/** The status of a failure, or null when it is none of GitHub's. */
export function statusOf(error: unknown): number | null {
  const cause = error instanceof AppError ? error.cause : error;
  return isRequestFailure(cause) && cause.response !== undefined ? cause.status : null;
}

/** Whether GitHub said no: for some questions an answer like others. */
export function isRefusal(error: unknown): error is AppError {
  return error instanceof AppError && error.code === 'GITHUB_REFUSED';
}

/** Words a failed request: what was asked, what GitHub said, and what to do. */
export function toAppError(
  failure: RequestFailure,
  { method, path, repeatable, permission, kind }: Operation,
): AppError {
  const { status, response, request } = failure;
  const asked = request === undefined ? `${method} ${path}` : `${request.method} ${request.url}`;
  const said = saidBy(failure);
  const build = (code: AppError['code'], message: string, hint: string) =>
    new AppError(code, message, { hint, cause: failure });
  if (response === undefined || status >= 500) {
    const what =
      response === undefined ? `GitHub did not answer (${causeOf(failure)})` : `GitHub failed with ${status}`;
    const code = repeatable ? 'GITHUB_UNREACHABLE' : 'GITHUB_INTERRUPTED';
    return build(code, `${what}: ${asked}${said}`, AGAIN[kind]);
  }
  if (isRateLimit(failure))
    return build('GITHUB_RATE_LIMITED', `GitHub's rate limit is used up: ${asked}${said}`, AGAIN[kind]);
  return build(
    'GITHUB_REFUSED',
    `GitHub answered ${status} to ${asked}${said}`,
    adviceFor(status, said, permission),
  );
}

/** Whoever only reads has published nothing, and need not wonder. */
const AGAIN: Readonly<Record<Operation['kind'], string>> = {
  read: 'look at the network, or run again later',
  token: 'look at the network, or run again later; nothing is published twice',
  write: 'run again later; nothing is published twice',
};

/** A system's word for what is wrong with the line, such as ENOTFOUND, of the innermost cause that has one. */
function causeOf(failure: RequestFailure): string {
  let found = 'no answer';
  for (let error: unknown = failure, depth = 0; error instanceof Error && depth < 5; depth += 1) {
    const { code, hostname } = error as { code?: unknown; hostname?: unknown };
    if (typeof code === 'string') found = typeof hostname === 'string' ? `${code} ${hostname}` : code;
    error = error.cause;
  }
  return found;
}

function isRateLimit({ status, response }: RequestFailure): boolean {
  if (status === 429) return true;
  const headers = response?.headers ?? {};
  return status === 403 && (headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined);
}

function saidBy({ response }: RequestFailure): string {
  const data = response?.data as { message?: unknown; errors?: unknown } | null | undefined;
  const errors = Array.isArray(data?.errors) ? data.errors : [];
  const details = errors.map((error: unknown) =>
    typeof error === 'string' ? error : String((error as { message?: unknown } | null)?.message ?? ''),
  );
  const said = [typeof data?.message === 'string' ? data.message : '', ...details].filter(
    (text) => text !== '',
  );
  return said.length === 0 ? '' : `: ${said.join(' – ')}`;
}

const ADVICE: Readonly<Record<number, string>> = {
  401: 'the token or key is unknown, expired or revoked: check PEAK_APP_ID and PEAK_PRIVATE_KEY, or GITHUB_TOKEN',
  409: 'the repository is empty or in another state than expected: look at it, then run again',
};

function adviceFor(status: number, said: string, permission: string): string {
  // GitHub has no code of its own for this setting; without the words the general advice still holds.
  if (status === 403 && /not permitted to create/i.test(said))
    return 'allow it in Settings → Actions → General → "Allow GitHub Actions to create and approve pull requests", or publish as an App';
  if (status === 422 && /rule/i.test(said))
    return 'a rule protects this branch: let the publisher write peak/**';
  return ADVICE[status] ?? `the token needs ${permission}, and access to this repository`;
}
