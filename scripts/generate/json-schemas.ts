import { z } from 'zod';
import { AutoApplyPolicy } from '../../src/governance/index.ts';
import { LearningSignal } from '../../src/learning/signals.ts';

/** JSON Schema draft 4 as far as the schemas of this project need it. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly required?: readonly string[];
}

/** The schema of `config/promotion.toml`, as people write it: what has a default may be left out. */
export function policyJsonSchema(): JsonSchema {
  return toDraft4(AutoApplyPolicy, {
    title: 'AutoApplyPolicy',
    description: 'Who may promote what, how far, and with whose consent: config/promotion.toml',
  });
}

/** The schema of a learning signal. */
function signalJsonSchema(): JsonSchema {
  return toDraft4(LearningSignal, {});
}

/** Both schema files, path → text. */
export function generateJsonSchemas(): ReadonlyMap<string, string> {
  return new Map([
    ['schemas/learning-signal.schema.json', format(signalJsonSchema())],
    ['schemas/promotion.schema.json', format(policyJsonSchema())],
  ]);
}

/** Draft 4, the only one that Taplo, the TOML language server, reads. */
function toDraft4(
  schema: z.ZodType,
  meta: { readonly title?: string; readonly description?: string },
): JsonSchema {
  const converted = z.toJSONSchema(schema, {
    target: 'draft-4',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => keepKeyPattern(zodSchema, jsonSchema),
  });
  const { $schema, ...rest } = converted;
  return { $schema, ...meta, ...rest } as JsonSchema;
}

/** Draft 4 has no `propertyNames`, so zod drops the form of a table's keys; `patternProperties` says the same. */
function keepKeyPattern(schema: z.core.$ZodTypes, json: z.core.JSONSchema.BaseSchema): void {
  if (schema._zod.def.type !== 'record') return;
  const { pattern } = z.toJSONSchema(schema._zod.def.keyType, { target: 'draft-4', io: 'input' });
  if (pattern === undefined || json.additionalProperties === undefined) return;
  json.patternProperties = { [pattern]: json.additionalProperties };
  json.additionalProperties = false;
}

function format(schema: JsonSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}
