import { POLICY_PATH } from '../kernel/governed-paths.ts';
import type { Problem } from '../kernel/problem.ts';
import { problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { nearestWord } from '../kernel/text/nearest.ts';
import { isTable, parameterTypeOf, parseToml, type TomlTable, type TomlValue } from '../liveconfig/index.ts';
import { AutoApplyPolicy, findRangeIssues } from './policy-schema.ts';
import { locateTomlKeys, type TextPosition } from './toml-location.ts';

/** Reads a policy. Fails with all problems at once, each with its line and column; null means that there is no file. */
export function parsePolicy(text: string | null, file: string = POLICY_PATH): Result<AutoApplyPolicy> {
  if (text === null) return fail(problem('POLICY_MISSING', {}, { file }));
  const document = parseToml(text, file);
  if (!document.ok) return document;
  const forbidden = findForbiddenKey(document.value, []);
  if (forbidden !== null) {
    const args = { key: forbidden.join('.'), suggestion: '', known: 'names that are no part of JavaScript' };
    return fail(problem('KEY_UNKNOWN', args, { file, ...locateTomlKeys(text)(forbidden) }));
  }
  const plain = toPlain(document.value);
  const parsed = AutoApplyPolicy.safeParse(plain);
  if (parsed.success) return ok(parsed.data);
  const locate = locateTomlKeys(text);
  const issues = [...parsed.error.issues, ...findRangeIssues(plain)];
  const problems = issues.flatMap((issue) => toProblems(issue as Issue, file, locate));
  return fail(...new Map(problems.map((found) => [JSON.stringify(found), found])).values());
}

/** Line and column of a key in a policy text, for "this is the line to edit". */
export function locatePolicyKey(text: string, path: readonly (string | number)[]): TextPosition | undefined {
  return locateTomlKeys(text)(path);
}

/** An issue as zod reports it. */
type Issue = NonNullable<ReturnType<typeof AutoApplyPolicy.safeParse>['error']>['issues'][number];
/** What the refinements of the schema say beside a message. */
type CustomParams =
  | { readonly known: readonly string[] }
  | { readonly observed: string; readonly required: string };

type Locate = (path: readonly (string | number)[]) => TextPosition | undefined;

function toProblems(issue: Issue, file: string, locate: Locate): Problem[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const key = path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path);
    return issue.keys.map((name) => {
      const suggestion = nearestWord(name, known) ?? '';
      const args = { key: [...path, name].join('.'), suggestion, known: known.join(', ') };
      return problem('KEY_UNKNOWN', args, { file, ...locate([...path, name]) });
    });
  }
  const params = issue.code === 'custom' ? (issue.params as CustomParams | undefined) : undefined;
  if (params !== undefined && 'known' in params) {
    const suggestion = nearestWord(String(path.at(-1)), params.known) ?? '';
    const args = { key, suggestion, known: `${params.known.join(', ')}, or a dotted target` };
    return [problem('KEY_UNKNOWN', args, { file, ...locate(path) })];
  }
  if (params !== undefined)
    return [problem('HARD_LIMIT_WIDENED', { key, ...params }, { file, ...locate(path) })];
  return [problem('KEY_INVALID', { key, reason: reasonOf(issue) }, { file, ...locate(path) })];
}

function reasonOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? `is missing (${issue.expected})`
        : `must be ${issue.expected}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return `must be ${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}`;
    case 'too_big':
      return `must be ${issue.inclusive ? 'at most' : 'below'} ${issue.maximum}`;
    default:
      return issue.message;
  }
}

/** The keys that a table of the schema knows, for suggestions. */
function knownKeys(path: readonly (string | number)[]): readonly string[] {
  let schema: unknown = AutoApplyPolicy;
  for (const part of path) schema = childSchema(unwrap(schema), String(part));
  const shape = (unwrap(schema) as { shape?: object } | undefined)?.shape;
  return Object.keys(shape ?? {});
}

function unwrap(schema: unknown): unknown {
  let inner = schema as { def?: { innerType?: unknown } } | undefined;
  while (inner?.def?.innerType !== undefined)
    inner = inner.def.innerType as { def?: { innerType?: unknown } };
  return inner;
}

function childSchema(schema: unknown, key: string): unknown {
  const table = schema as { shape?: Record<string, unknown>; def?: { valueType?: unknown } } | undefined;
  return table?.shape?.[key] ?? table?.def?.valueType;
}

/** A key that the schema would never see, because it reaches an object's prototype. */
function findForbiddenKey(table: TomlTable, path: readonly string[]): readonly string[] | null {
  for (const [key, value] of Object.entries(table)) {
    if (key === '__proto__') return [...path, key];
    const inside = isTable(value) ? findForbiddenKey(value, [...path, key]) : null;
    if (inside !== null) return inside;
  }
  return null;
}

/** Whole numbers become numbers; the schema tells integers where it matters. */
function toPlain(value: TomlValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(toPlain);
  // A date of TOML's own, as it was written.
  if (!isTable(value)) return parameterTypeOf(value) === null ? (value as Date).toISOString() : value;
  return Object.fromEntries(Object.entries(value as TomlTable).map(([key, child]) => [key, toPlain(child)]));
}
