import { PULL_STATE_QUERY } from '../../../../src/adapters/github/judge/pull-state-query.ts';

/** Every query that the product asks; the part of GitHub's schema that they need is cut out for the forge. */
export const QUERIES: readonly string[] = [PULL_STATE_QUERY];

/** The npm package of GitHub's GraphQL schema, https://github.com/octokit/graphql-schema, as it is written above the part. */
export const SCHEMA_SOURCE = '@octokit/graphql-schema@15.26.1 schema.graphql (MIT)';
