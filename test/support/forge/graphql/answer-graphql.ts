import { readFileSync } from 'node:fs';
import { buildSchema, type DocumentNode, execute, type GraphQLError, Kind, parse, validate } from 'graphql';
import type { Actor } from '../auth/actor.ts';
import type { RestAnswer } from '../http/answer-rest.ts';
import { parseJson } from '../http/parse-json.ts';
import { Refusal } from '../http/refusal.ts';
import type { Received } from '../http/server.ts';
import type { World } from '../world/world.ts';
import { viewRoot } from './view-root.ts';

const SCHEMA = buildSchema(readFileSync(new URL('../schema/github.graphql', import.meta.url), 'utf8'));

/** Answers a query with status 200 as GitHub does, also where it says no: `errors` with a `type`, beside what could be read. */
export async function answerGraphql(
  world: World,
  { method, body }: Received,
  actor: Actor,
): Promise<{ readonly sent: RestAnswer; readonly operation: string | null }> {
  if (method !== 'POST') throw new Refusal(404, 'Not Found');
  if (actor.kind !== 'token') throw new Refusal(401, 'This endpoint requires you to be authenticated.');
  const asked = parseJson(body.toString('utf8')) as { query?: unknown; variables?: unknown } | undefined;
  if (typeof asked?.query !== 'string') throw new Refusal(400, 'A query attribute must be specified');
  const document = parse(asked.query);
  const operation = nameOf(document);
  const faults = validate(SCHEMA, document);
  for (const { message } of faults)
    world.violations.push({ of: 'request', what: `graphql ${operation}`, fault: message });
  const answer =
    faults.length > 0
      ? { errors: faults.map((fault) => viewError(fault, 'undefinedField')) }
      : await run(document, { world, actor, variables: asked.variables });
  return {
    operation,
    sent: { status: 200, headers: {}, body: Buffer.from(JSON.stringify(answer)) },
  };
}

interface Question {
  readonly world: World;
  readonly actor: Extract<Actor, { kind: 'token' }>;
  readonly variables: unknown;
}

async function run(document: DocumentNode, { world, actor, variables }: Question): Promise<object> {
  const { data, errors } = await execute({
    schema: SCHEMA,
    document,
    rootValue: viewRoot(world, actor),
    variableValues: (variables ?? {}) as Record<string, unknown>,
  });
  // The forge's own faults are no answers of GitHub's.
  const broken = errors?.find(
    ({ originalError }) => originalError != null && !(originalError instanceof Refusal),
  );
  if (broken !== undefined) throw broken.originalError ?? broken;
  return errors === undefined ? { data } : { data, errors: errors.map((error) => viewError(error)) };
}

function nameOf({ definitions }: DocumentNode): string | null {
  const found = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  return found?.name?.value ?? null;
}

/** GitHub's types of errors, by the status that REST answers. */
const TYPES: Readonly<Record<number, string>> = { 403: 'FORBIDDEN', 404: 'NOT_FOUND' };

function viewError({ message, path, locations, originalError }: GraphQLError, code?: string): object {
  const type = originalError instanceof Refusal ? TYPES[originalError.status] : undefined;
  return {
    ...(type === undefined ? {} : { type }),
    ...(code === undefined ? {} : { extensions: { code } }),
    path,
    locations,
    message,
  };
}
