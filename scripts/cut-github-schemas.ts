/**
 * Cuts the operations and webhooks that the local GitHub (test/support/forge) knows out of GitHub's own OpenAPI
 * description, and what it knows of GraphQL out of GitHub's schema, into one fixture each. The description itself is 385 MB on disk, so it is installed into a temporary folder
 * only for this:
 *
 *     npx tsx scripts/cut-github-schemas.ts
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schema } from '@octokit/graphql-schema';
import { QUERIES, SCHEMA_SOURCE } from '../test/support/forge/graphql/queries.ts';
import { OPERATIONS } from '../test/support/forge/operations.ts';
import { WEBHOOK_SCHEMAS } from '../test/support/forge/webhooks/webhook-schemas.ts';
import { cutSchemas, type Description } from './cut-github-schemas/cut.ts';
import { cutGraphqlSchema } from './cut-github-schemas/cut-graphql.ts';

/** The npm package of GitHub's description, https://github.com/octokit/openapi. */
const PACKAGE = '@octokit/openapi@23.0.2';
const FIXTURES = join(import.meta.dirname, '../test/support/forge/schema');

function readDescription(): Description {
  const folder = mkdtempSync(join(tmpdir(), 'cut-github-schemas-'));
  try {
    const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', PACKAGE];
    execFileSync('npm', args, { stdio: 'inherit' });
    const file = join(folder, 'node_modules/@octokit/openapi/generated/api.github.com.json');
    return JSON.parse(readFileSync(file, 'utf8')) as Description;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const fixture = cutSchemas(readDescription(), {
  source: `${PACKAGE} api.github.com.json`,
  operations: Object.keys(OPERATIONS),
  webhooks: WEBHOOK_SCHEMAS,
});
write('github-openapi.json', fixture);
write('github.graphql', cutGraphqlSchema(schema.idl, QUERIES, SCHEMA_SOURCE));

function write(name: string, text: string): void {
  writeFileSync(join(FIXTURES, name), text);
  console.log(`${name}: ${(text.length / 1024).toFixed(0)} KiB`);
}
