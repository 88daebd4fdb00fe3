/** One request that the forge answered, or let fail. */
export interface RequestLogEntry {
  readonly kind: 'rest' | 'graphql' | 'git';
  readonly method: string;
  /** Without `/api/v3` and without the query. */
  readonly path: string;
  readonly query: string;
  /** 0 when the connection was cut. */
  readonly status: number;
  /** Login, or `app:SLUG` for an App's JWT; null for nobody. */
  readonly actor: string | null;
  /** GitHub's name of the operation (`pulls/create`), or the query's own (`PullState`); null for git and the unknown. */
  readonly operation: string | null;
  /** Whether it could have changed a repository: no GET, no query, no access token. */
  readonly write: boolean;
}
