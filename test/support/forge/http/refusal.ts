/** An answer that is a "no": thrown by whatever finds the reason, sent by the server as it is. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, options: RefusalOptions = {}) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    const documentation = 'https://docs.github.com/rest';
    this.body = { message, documentation_url: documentation, status: String(status), ...options.body };
    this.headers = options.headers ?? {};
  }
}

interface RefusalOptions {
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** 404, also for what the caller must not know of. */
export function notFound(): Refusal {
  return new Refusal(404, 'Not Found');
}

/** 422 with GitHub's list of errors. */
export function invalid(resource: string, field: string, message: string): Refusal {
  const errors = [{ resource, field, code: 'custom', message }];
  return new Refusal(422, `Validation Failed: ${message}`, { body: { errors } });
}

/** 403 for an App or workflow without the permission. */
export function notAccessible(): Refusal {
  return new Refusal(403, 'Resource not accessible by integration');
}
