import {
  buildASTSchema,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  Kind,
  parse,
  print,
  TypeInfo,
  type TypeNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** Type → its fields that a query asks for; empty for a type that is only named. */
type Used = Map<string, Set<string>>;

/**
 * Answers the part of GitHub's GraphQL schema that these queries need: the fields they ask for with all arguments, and every input, enum
 * and scalar that these reach. GitHub's own text defines a field twice, and is taken as it is. `source` is written above.
 */
export function cutGraphqlSchema(idl: string, queries: readonly string[], source: string): string {
  const full = parse(idl, { noLocation: true });
  const used = findUsed(buildASTSchema(full, { assumeValidSDL: true }), queries);
  const named = new Map(
    full.definitions.flatMap((node) => ('name' in node ? [[node.name?.value, node]] : [])),
  );
  const kept = new Map<string, DefinitionNode>();
  const waiting = [...used.keys()];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const definition = named.get(name);
    if (kept.has(name) || definition === undefined) continue;
    const cut = cutDefinition(definition, used, named);
    kept.set(name, cut);
    waiting.push(...namesIn(cut));
  }
  const texts = [...kept].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, node]) => print(withoutWords(node)));
  return [`# ${source}: only what is asked for`, ...texts].join('\n\n').concat('\n');
}

function findUsed(schema: GraphQLSchema, queries: readonly string[]): Used {
  const used: Used = new Map([['Query', new Set()]]);
  const note = (type: string, field?: string) => {
    const fields = used.get(type) ?? new Set();
    used.set(type, field === undefined ? fields : fields.add(field));
  };
  for (const query of queries) {
    const info = new TypeInfo(schema);
    const enter = {
      Field: () => {
        const [parent, field, type] = [info.getParentType(), info.getFieldDef(), info.getType()];
        if (parent == null || field == null || type == null) throw new Error('GitHub does not know a field');
        if (field.name !== '__typename') note(parent.name, field.name);
        note(getNamedType(type).name);
      },
    };
    visit(parse(query), visitWithTypeInfo(info, enter));
  }
  return used;
}

function cutDefinition(
  definition: DefinitionNode,
  used: Used,
  named: ReadonlyMap<string | undefined, DefinitionNode>,
): DefinitionNode {
  if (definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) return definition;
  if (definition.kind === Kind.UNION_TYPE_DEFINITION)
    return { ...definition, types: (definition.types ?? []).filter(({ name }) => used.has(name.value)) };
  if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION)
    return definition;
  const interfaces = (definition.interfaces ?? []).filter(
    ({ name }) => used.has(name.value) && named.has(name.value),
  );
  const wanted = new Set(
    [definition.name, ...interfaces.map(({ name }) => name)].flatMap(({ value }) => [
      ...(used.get(value) ?? []),
    ]),
  );
  const fields = (definition.fields ?? []).filter(({ name }) => wanted.has(name.value));
  return { ...definition, interfaces, fields };
}

/** Types that a definition's fields and arguments name. */
function namesIn(definition: DefinitionNode): readonly string[] {
  if (!('fields' in definition)) return [];
  return (definition.fields ?? []).flatMap((field) => [
    nameOf(field.type),
    ...((field as FieldDefinitionNode).arguments ?? []).map(({ type }) => nameOf(type)),
  ]);
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}

/** Words for people and hints for GitHub's own documentation are most of the text. */
function withoutWords(node: DefinitionNode): DefinitionNode {
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [node] };
  const bare = visit(document, {
    enter: (part) => ('description' in part ? { ...part, description: undefined } : undefined),
    Directive: () => null,
  });
  return bare.definitions[0] ?? node;
}
