import { isRequestFailure, type RequestFailure } from './failure.ts';

/** An answer over HTTP, as octokit hands it on. */
export interface HttpAnswer {
  readonly data: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** One reason why GraphQL did not answer, or not fully. */
export interface GraphqlError {
  readonly type?: string;
  readonly message?: string;
  /** Names of fields, from the root on. */
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: unknown };
}

/** What REST would have answered, by GraphQL's types of errors ("Rate limits and query limits for the GraphQL API"; public threads). */
const STATUSES: Readonly<Record<string, number>> = {
  RATE_LIMITED: 429,
  RATE_LIMIT: 429,
  NOT_FOUND: 404,
  FORBIDDEN: 403,
  INSUFFICIENT_SCOPES: 403,
};

/** GraphQL says no with status 200 and `errors`: here it is a failure with the status that REST would have given. */
class GraphqlFailure extends Error implements RequestFailure {
  readonly status: number;
  readonly response: HttpAnswer;

  constructor(status: number, response: HttpAnswer) {
    super('GraphQL did not answer in full');
    this.status = status;
    this.response = response;
  }
}

/** What was asked for. Throws a `RequestFailure` for any error beside it: an answer in part is none. */
export function graphqlDataOf(response: HttpAnswer): unknown {
  const errors = errorsIn(response);
  if (errors.length > 0) throw new GraphqlFailure(statusOfErrors(errors), response);
  const data = (response.data as { readonly data?: unknown } | null)?.data;
  if (typeof data === 'object' && data !== null) return data;
  // A secondary limit can come with status 200, too, and with a message alone.
  throw new GraphqlFailure(response.headers['retry-after'] === undefined ? 502 : 429, response);
}

/** The errors of a failure that GraphQL answered; none for any other. */
export function graphqlErrorsOf(failure: unknown): readonly GraphqlError[] {
  return isRequestFailure(failure) && failure.response !== undefined ? errorsIn(failure.response) : [];
}

function errorsIn({ data }: { readonly data?: unknown }): readonly GraphqlError[] {
  const errors = (data as { readonly errors?: unknown } | null | undefined)?.errors;
  return Array.isArray(errors) ? (errors as readonly GraphqlError[]) : [];
}

function statusOfErrors(errors: readonly GraphqlError[]): number {
  const statuses = errors.map(statusOfError);
  return statuses.includes(429) ? 429 : (statuses[0] ?? 502);
}

/** Without a type and a code it is GitHub's own failure, such as a query that took too long. */
function statusOfError({ type, extensions }: GraphqlError): number {
  if (type === undefined) return extensions?.code === undefined ? 502 : 422;
  return STATUSES[type] ?? 422;
}
