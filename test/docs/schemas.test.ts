import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnySchemaObject, ValidateFunction } from 'ajv';
import Ajv4 from 'ajv-draft-04';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { AutoApplyPolicy } from '../../src/governance/index.ts';
import { LearningSignal } from '../../src/learning/signals.ts';
import { ROOT } from './markdown.ts';

const SCHEMAS = ['schemas/learning-signal.schema.json', 'schemas/promotion.schema.json'] as const;
const EVIDENCE = 'reports/learning_snippets';
/** Keywords that came after draft 4: a draft-4 reader passes over them in silence. */
const LATER_KEYWORDS = [
  '$anchor',
  '$comment',
  '$defs',
  '$dynamicAnchor',
  '$dynamicRef',
  '$id',
  '$recursiveAnchor',
  '$recursiveRef',
  '$vocabulary',
  'const',
  'contains',
  'contentEncoding',
  'contentMediaType',
  'contentSchema',
  'dependentRequired',
  'dependentSchemas',
  'deprecated',
  'else',
  'examples',
  'if',
  'maxContains',
  'minContains',
  'prefixItems',
  'propertyNames',
  'readOnly',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
  'writeOnly',
];
/** Keywords whose values are not schemas but tables of schemas. */
const TABLES = ['properties', 'patternProperties', 'definitions'];

const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const readSchema = (path: string): AnySchemaObject => JSON.parse(readText(path)) as AnySchemaObject;
const validatorOf = (path: string): ValidateFunction =>
  new Ajv4.default({ allErrors: true }).compile(readSchema(path));
const shippedPolicy = (): Record<string, Record<string, unknown>> =>
  parse(readText('config/promotion.toml')) as Record<string, Record<string, unknown>>;

/** Every schema inside a schema, itself first. */
function subschemas(schema: unknown): readonly AnySchemaObject[] {
  if (Array.isArray(schema)) return schema.flatMap(subschemas);
  if (typeof schema !== 'object' || schema === null) return [];
  const found = Object.entries(schema).flatMap(([keyword, value]) => {
    if (keyword === 'default' || keyword === 'enum') return [];
    return TABLES.includes(keyword) ? Object.values(value as object).flatMap(subschemas) : subschemas(value);
  });
  return [schema, ...found];
}

describe.each(SCHEMAS)('%s', (path) => {
  it('is valid draft 4', () => {
    const schema = readSchema(path);
    expect(schema['$schema']).toBe('http://json-schema.org/draft-04/schema#');
    const ajv = new Ajv4.default({ allErrors: true });
    expect(ajv.validateSchema(schema), JSON.stringify(ajv.errors)).toBe(true);
  });

  it('uses no later keyword', () => {
    const all = subschemas(readSchema(path));
    expect(all.length).toBeGreaterThan(20);
    expect(
      all.flatMap((schema) => LATER_KEYWORDS.filter((keyword) => Object.hasOwn(schema, keyword))),
    ).toEqual([]);
    const limits = all.flatMap(({ exclusiveMinimum, exclusiveMaximum }) => [
      exclusiveMinimum,
      exclusiveMaximum,
    ]);
    expect(limits.filter((limit) => limit !== undefined && typeof limit !== 'boolean')).toEqual([]);
  });

  it('knows every key of its tables', () => {
    const tables = subschemas(readSchema(path)).filter(({ properties }) => properties !== undefined);
    expect(tables.length).toBeGreaterThan(1);
    expect(tables.filter(({ additionalProperties }) => additionalProperties !== false)).toEqual([]);
  });
});

describe('schemas/promotion.schema.json', () => {
  const validate = validatorOf('schemas/promotion.schema.json');

  it('is named by the first line of the policy', () => {
    const [first] = readText('config/promotion.toml').split('\n');
    expect(first).toBe('#:schema ../schemas/promotion.schema.json');
  });

  it('accepts the shipped policy', () => {
    expect(validate(shippedPolicy()), JSON.stringify(validate.errors)).toBe(true);
  });

  it('has a description for every key, and the default of every key that has one', () => {
    const { properties } = readSchema('schemas/promotion.schema.json');
    const tables = Object.values(properties as Record<string, AnySchemaObject>);
    const keys = tables.flatMap((table) =>
      Object.values((table['properties'] ?? {}) as Record<string, AnySchemaObject>),
    );
    expect([...tables, ...keys].filter(({ description }) => description === undefined)).toEqual([]);
    expect(
      tables.map((table) => table['properties']?.['min_confidence']?.default).filter(Number.isFinite),
    ).toEqual([0.75, 0.8]);
  });

  const refused: readonly (readonly [string, (policy: ReturnType<typeof shippedPolicy>) => void])[] = [
    ['an unknown table', (policy) => Object.assign(policy, { budget: {} })],
    ['an unknown key', (policy) => Object.assign(policy['auto'] ?? {}, { min_confidance: 0.9 })],
    ['a missing mode', (policy) => delete policy['promotion']?.['mode']],
    ['an unknown mode', (policy) => Object.assign(policy['promotion'] ?? {}, { mode: 'auto' })],
    ['a lock that is a text', (policy) => Object.assign(policy['promotion'] ?? {}, { lock: 'false' })],
    [
      'a confidence above 1',
      (policy) => Object.assign(policy['eligibility'] ?? {}, { min_confidence: 1.01 }),
    ],
    ['a target with a blank', (policy) => Object.assign(policy['never'] ?? {}, { targets: ['a b'] })],
    [
      'bounds without a step',
      (policy) => Object.assign(policy['bounds'] ?? {}, { risk: { min: 0, max: 1 } }),
    ],
    [
      'a step of 0',
      (policy) => Object.assign(policy['bounds'] ?? {}, { risk: { min: 0, max: 1, max_step: 0 } }),
    ],
    ['an upper-case tag', (policy) => Object.assign(policy, { tags: { Risk: ['risk.*'] } })],
    ['half an approval', (policy) => Object.assign(policy['approvals'] ?? {}, { manual: 0.5 })],
  ];

  it.each(refused)('refuses %s, as the policy reader does', (_, spoil) => {
    const policy = shippedPolicy();
    spoil(policy);
    expect(AutoApplyPolicy.safeParse(policy).success).toBe(false);
    expect(validate(policy)).toBe(false);
  });
});

describe('schemas/learning-signal.schema.json', () => {
  const validate = validatorOf('schemas/learning-signal.schema.json');
  const samples = readdirSync(join(ROOT, EVIDENCE)).filter((name) => name.endsWith('.json'));
  const sample = (): Record<string, unknown> =>
    JSON.parse(readText(`${EVIDENCE}/${samples[0]}`)) as Record<string, unknown>;

  it.each(samples)('accepts the sample %s', (name) => {
    const signal = JSON.parse(readText(`${EVIDENCE}/${name}`)) as unknown;
    expect(LearningSignal.safeParse(signal).success).toBe(true);
    expect(validate(signal), JSON.stringify(validate.errors)).toBe(true);
  });

  it('has samples to look at', () => {
    expect(samples.length).toBeGreaterThan(3);
  });

  it.each([
    ['an unknown field', { recommendation: [] }],
    ['another version', { schema_version: 2 }],
    ['a confidence above 1', { confidence: 1.5 }],
    ['a confidence that is a boolean', { confidence: true }],
    ['a value that is null', { recommended_changes: [{ target: 'portfolio.leverage', new_value: null }] }],
    [
      'an unknown field of a change',
      { recommended_changes: [{ target: 'a.b', new_value: 1, eligible_for_live: true }] },
    ],
  ])('refuses %s, as the emitter does', (_, change) => {
    const signal = { ...sample(), ...change };
    expect(LearningSignal.safeParse(signal).success).toBe(false);
    expect(validate(signal)).toBe(false);
  });
});
