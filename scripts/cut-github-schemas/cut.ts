/** Any JSON value of the description that is an object. */
export type Node = { readonly [key: string]: unknown };

/** GitHub's OpenAPI 3.0 description, as far as it is read here. */
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Node>>>>;
  readonly 'x-webhooks': Readonly<Record<string, { readonly post: Node }>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, Node>>>>;
}

/** What is to be cut out, by GitHub's names. */
export interface Wanted {
  /** Package, version and file: written into the fixture. */
  readonly source: string;
  readonly operations: readonly string[];
  readonly webhooks: readonly string[];
}

const SCHEMA_PREFIX = '#/components/schemas/';
/** Words for people; without them the fixture is a fifth of the size. */
const DROPPED = new Set(['description', 'example', 'examples', 'title', 'deprecated', 'externalDocs']);

/**
 * Where the description contradicts GitHub's own answers. The account of an installation has to be a user and an
 * enterprise at once there (`allOf`); everywhere else in it, an installation is this.
 */
const CORRECTED: Readonly<Record<string, Node>> = {
  'apps/list-installations 200': { type: 'array', items: { $ref: '#/schemas/installation' } },
};

/** An event that Apps do subscribe to, and that the description forgets where it shows an App inside an event. */
const FORGOTTEN_EVENT = 'merge_group';

/** Answers the text of the fixture: wanted operations, webhooks, and every schema that these reach, a line each. */
export function cutSchemas(description: Description, wanted: Wanted): string {
  const operations = wanted.operations.toSorted().map((id) => cutOperation(description, id));
  const webhooks = wanted.webhooks.toSorted().map((name) => {
    const hook = description['x-webhooks'][name];
    if (hook === undefined) throw new Error(`GitHub describes no webhook ${name}`);
    return { name, schema: toJsonSchema(bodySchema(hook.post['requestBody'] as Node)) };
  });
  const schemas = reachable(description, [operations, webhooks]);
  return [
    '{',
    `"source": ${JSON.stringify(wanted.source)},`,
    `"operations": [\n${operations.map((entry) => JSON.stringify(entry)).join(',\n')}\n],`,
    `"webhooks": {\n${lines(webhooks.map(({ name, schema }) => [name, schema]))}\n},`,
    `"schemas": {\n${lines(schemas)}\n}`,
    '}\n',
  ].join('\n');
}

function lines(entries: readonly (readonly [string, unknown])[]): string {
  return entries.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(',\n');
}

function cutOperation(description: Description, id: string): Node {
  for (const [path, methods] of Object.entries(description.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (operation['operationId'] !== id) continue;
      const body = operation['requestBody'] as Node | undefined;
      return {
        id,
        method: method.toUpperCase(),
        path,
        parameters: cutParameters(description, operation),
        body: body === undefined ? null : toJsonSchema(bodySchema(body)),
        bodyRequired: body?.['required'] === true,
        responses: cutResponses(description, operation),
      };
    }
  }
  throw new Error(`GitHub describes no operation ${id}`);
}

function cutParameters(description: Description, operation: Node): readonly Node[] {
  return ((operation['parameters'] ?? []) as readonly Node[]).map((entry) => {
    const { name, in: where, required, schema } = resolve(description, entry);
    return { name, in: where, required: required === true, schema: toJsonSchema(schema) };
  });
}

function cutResponses(description: Description, operation: Node): Node {
  const responses = Object.entries(operation['responses'] as Readonly<Record<string, Node>>);
  return Object.fromEntries(
    responses.map(([status, entry]) => {
      const response = resolve(description, entry);
      const corrected = CORRECTED[`${operation['operationId']} ${status}`];
      if (corrected !== undefined) return [status, corrected];
      return [status, response['content'] === undefined ? null : toJsonSchema(bodySchema(response))];
    }),
  );
}

function bodySchema(body: Node): unknown {
  const content = body['content'] as Readonly<Record<string, Node>>;
  return (content['application/json'] ?? Object.values(content)[0])?.['schema'] ?? {};
}

function resolve(description: Description, entry: Node): Node {
  if (typeof entry['$ref'] !== 'string') return entry;
  const [, , kind = '', name = ''] = entry['$ref'].split('/');
  const found = description.components[kind]?.[name];
  if (found === undefined) throw new Error(`${entry['$ref']} leads nowhere`);
  return found;
}

function reachable(description: Description, roots: unknown): readonly (readonly [string, unknown])[] {
  const found = new Map<string, unknown>();
  const queue = refsIn(roots);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue;
    const schema = toJsonSchema(resolve(description, { $ref: `${SCHEMA_PREFIX}${name}` }));
    found.set(name, schema);
    queue.push(...refsIn(schema));
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

function refsIn(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/"\$ref":"#\/schemas\/([^"]+)"/g)].map((match) => match[1] ?? '');
}

/** OpenAPI 3.0 to JSON Schema: `nullable` becomes a type, and only what is checked stays. */
function toJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJsonSchema);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...rest } = value as Node;
  const schema = Object.fromEntries(Object.entries(rest).filter(isKept).map(convert));
  return nullable === true ? orNull(schema) : schema;
}

/** Under `properties` the keys are names, which may be `description`: these stay. */
function convert([key, value]: readonly [string, unknown]): [string, unknown] {
  if (key === '$ref') return [key, String(value).replace(SCHEMA_PREFIX, '#/schemas/')];
  if (key !== 'properties') return [key, key === 'enum' || key === 'required' ? value : toJsonSchema(value)];
  const entries = Object.entries(value as Node).map(([name, schema]) => [
    name,
    name === 'events' ? withForgottenEvent(toJsonSchema(schema) as Node) : toJsonSchema(schema),
  ]);
  return [key, Object.fromEntries(entries)];
}

function withForgottenEvent(schema: Node): Node {
  const items = schema['items'] as Node | undefined;
  const known = items?.['enum'];
  if (!Array.isArray(known)) return schema;
  return { ...schema, items: { ...items, enum: [...new Set([...known, FORGOTTEN_EVENT])] } };
}

function isKept([key]: readonly [string, unknown]): boolean {
  return !DROPPED.has(key) && !key.startsWith('x-');
}

function orNull(schema: Node): Node {
  const { type, enum: values } = schema;
  if (typeof type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const allowed = Array.isArray(values) ? { enum: [...new Set([...values, null])] } : {};
  return { ...schema, type: [type, 'null'], ...allowed };
}
