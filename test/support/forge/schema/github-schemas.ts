/**
 * GitHub's own description of its REST API and webhooks, as far as this product uses them: the fixture
 * `github-openapi.json`, cut out of npm's @octokit/openapi by `scripts/cut-github-schemas.ts`.
 */
import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { webhookSchemaName } from '../webhooks/webhook-schemas.ts';

/** An operation of GitHub's REST API. */
export interface Operation {
  /** GitHub's name, e.g. `pulls/create`. */
  readonly id: string;
  readonly method: string;
  /** E.g. `/repos/{owner}/{repo}/pulls`. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: object | null;
  readonly bodyRequired: boolean;
  /** Status → schema of the body; null: no body. */
  readonly responses: Readonly<Record<string, object | null>>;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: object;
}

/** Something that GitHub's description does not allow. */
export interface SchemaViolation {
  readonly of: 'request' | 'response' | 'webhook';
  /** Operation, or event with its action; `METHOD path` of an unknown operation. */
  readonly what: string;
  /** Where in the message, as a JSON pointer, and what is wrong there. */
  readonly fault: string;
}

/** A request, as it is on the wire. */
export interface RequestFacts {
  readonly query: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  /** Parsed; undefined when there is none. */
  readonly body: unknown;
}

/** An operation with what the path gave it. */
export interface FoundOperation {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
}

interface Fixture {
  readonly operations: readonly Operation[];
  readonly webhooks: Readonly<Record<string, object>>;
  readonly schemas: Readonly<Record<string, object>>;
}

const fixture = JSON.parse(
  readFileSync(new URL('./github-openapi.json', import.meta.url), 'utf8'),
) as Fixture;

/** The last of these in a path may hold slashes: GitHub's refs and files do. */
const GREEDY = new Set(['ref', 'path', 'branch', 'basehead']);

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

const ajv = new Ajv({
  allErrors: true,
  strict: false,
  // parameters are text on the wire
  coerceTypes: false,
  formats: {
    'date-time': DATE_TIME,
    date: /^\d{4}-\d\d-\d\d$/,
    uri: (text: string) => URL.canParse(text),
    'uri-template': true,
    email: true,
    'repo.nwo': true,
    int64: { type: 'number', validate: Number.isInteger },
  },
});
ajv.addSchema({ $id: 'github', schemas: fixture.schemas });

const compiled = new Map<string, ValidateFunction>();

const matchers = fixture.operations.map((operation) => ({
  operation,
  pattern: toPattern(operation.path),
  literals: operation.path.split('/').filter((part) => !part.startsWith('{')).length,
}));

/** Every operation of the fixture. */
export const OPERATIONS_IN_FIXTURE: readonly Operation[] = fixture.operations;

/** The operation behind a method and a path (without `/api/v3` and query), or null. */
export function findOperation(method: string, path: string): FoundOperation | null {
  const found = matchers
    .filter(({ operation, pattern }) => operation.method === method && pattern.test(path))
    .sort((a, b) => b.literals - a.literals)[0];
  if (found === undefined) return null;
  const groups = Object.entries(found.pattern.exec(path)?.groups ?? {});
  const params = groups.map(([name, value]) => [name, decode(value)]);
  return { operation: found.operation, params: Object.fromEntries(params) as Record<string, string> };
}

/** What is wrong with a request, by GitHub's description; unknown names count as wrong. */
export function validateRequest(operation: Operation, request: RequestFacts): readonly SchemaViolation[] {
  const faults = [...faultsOfParameters(operation, request), ...faultsOfBody(operation, request.body)];
  return faults.map((fault) => ({ of: 'request', what: operation.id, fault }));
}

/** What is wrong with an answer; statuses that say "no" need not be described. */
export function validateResponse(
  operation: Operation,
  response: { readonly status: number; readonly body: unknown },
): readonly SchemaViolation[] {
  const { status, body } = response;
  const schema = operation.responses[String(status)];
  if (schema === undefined && status >= 300) return [];
  const faults =
    schema === undefined
      ? [`status ${status} is not described`]
      : faultsOfAnswer(operation, { schema, status, body });
  return faults.map((fault) => ({ of: 'response', what: `${operation.id} ${status}`, fault }));
}

/** What is wrong with the payload of an event. */
export function validateWebhook(event: string, payload: unknown): readonly SchemaViolation[] {
  const name = webhookSchemaName(event, (payload as { readonly action?: unknown }).action);
  const schema = fixture.webhooks[name];
  const faults = schema === undefined ? ['is not described'] : faultsOf(`webhook ${name}`, schema, payload);
  return faults.map((fault) => ({ of: 'webhook', what: name, fault }));
}

function toPattern(path: string): RegExp {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const escaped = path.replace(/[.]/g, '\\.');
  const source = escaped.replace(/\{(\w+)\}/g, (_match, name: string) => {
    const isGreedy = GREEDY.has(name) && name === names.at(-1) && path.endsWith(`{${name}}`);
    return `(?<${name}>${isGreedy ? '.*' : '[^/]+'})`;
  });
  return new RegExp(`^${source}$`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function faultsOfParameters(operation: Operation, { query, params }: RequestFacts): readonly string[] {
  const described = operation.parameters.filter((parameter) => parameter.in !== 'header');
  const faults = described.flatMap((parameter) => {
    const text = (parameter.in === 'path' ? params : query)[parameter.name];
    const place = `${parameter.in}/${parameter.name}`;
    if (text === undefined) return parameter.required ? [`${place} is missing`] : [];
    const key = `${operation.id} ${place}`;
    return faultsOf(key, parameter.schema, fromText(parameter.schema, text)).map(
      (fault) => `${place}${fault}`,
    );
  });
  const known = new Set(described.map(({ name }) => name));
  const unknown = Object.keys(query).filter((name) => !known.has(name));
  return [...faults, ...unknown.map((name) => `query/${name} is not described`)];
}

function fromText(schema: object, text: string): unknown {
  const { type } = schema as { readonly type?: unknown };
  if ((type === 'integer' || type === 'number') && /^-?\d+$/.test(text)) return Number(text);
  if (type === 'boolean' && /^(?:true|false)$/.test(text)) return text === 'true';
  return text;
}

function faultsOfBody(operation: Operation, body: unknown): readonly string[] {
  if (body === undefined) return operation.bodyRequired ? ['body is missing'] : [];
  if (operation.body === null) return ['body is not described'];
  const faults = faultsOf(`${operation.id} body`, operation.body, body);
  const known = propertiesOf(operation.body);
  const names = typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.keys(body) : [];
  const unknown = names.filter((name) => known.size > 0 && !known.has(name));
  return [...faults, ...unknown.map((name) => `/${name} is not described`)];
}

/** GitHub's bodies may hold more than is described; what this product sends may not. */
function propertiesOf(schema: object): ReadonlySet<string> {
  const { properties = {}, anyOf = [], oneOf = [], allOf = [] } = schema as Composite;
  const nested = [...anyOf, ...oneOf, ...allOf].flatMap((part) => [...propertiesOf(part)]);
  return new Set([...Object.keys(properties), ...nested]);
}

interface Composite {
  readonly properties?: object;
  readonly anyOf?: readonly object[];
  readonly oneOf?: readonly object[];
  readonly allOf?: readonly object[];
}

function faultsOfAnswer(
  operation: Operation,
  {
    schema,
    status,
    body,
  }: { readonly schema: object | null; readonly status: number; readonly body: unknown },
): readonly string[] {
  if (schema === null) return body === null ? [] : ['body is not described'];
  return faultsOf(`${operation.id} ${status}`, schema, body);
}

function faultsOf(key: string, schema: object, value: unknown): readonly string[] {
  let validate = compiled.get(key);
  if (validate === undefined) {
    validate = ajv.compile(withReferences(schema));
    compiled.set(key, validate);
  }
  return validate(value) ? [] : (validate.errors ?? []).map(wordError);
}

/** `#/schemas/x` of the fixture, seen from a schema of its own. */
function withReferences(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"github#/')) as object;
}

function wordError({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath} ${message ?? 'is wrong'} ${JSON.stringify(params)}`;
}
