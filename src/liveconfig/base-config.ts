import type { Problem } from '../kernel/problem.ts';
import { problem } from '../kernel/problem.ts';
import { ok, type Result } from '../kernel/result.ts';
import type { Parameter } from '../kernel/scalar.ts';
import { findTargetFault } from '../kernel/target.ts';
import { isTable, parameterTypeOf, parseToml, type TomlTable, type TomlValue, toScalar } from './toml.ts';

/** A configuration file's text and its name for messages. */
export interface ConfigText {
  readonly file: string;
  readonly text: string;
}

/**
 * Reads the base configuration and its layers, later ones winning key by key. Fails with all problems: not TOML, a number
 * that is not finite, or a whole number that a double cannot hold exactly.
 */
export function parseBaseConfig(texts: readonly ConfigText[]): Result<TomlTable> {
  const problems: Problem[] = [];
  let merged: TomlTable = {};
  for (const { file, text } of texts) {
    const table = parseToml(text, file);
    if (!table.ok) {
      problems.push(...table.problems);
      continue;
    }
    collectNumberFaults(table.value, '', file, problems);
    merged = mergeTables(merged, table.value);
  }
  return problems.length === 0 ? ok(merged) : { ok: false, problems };
}

/** All scalar parameters that can be named by a target, in the order of the file. */
export function listParameters(base: TomlTable): ReadonlyMap<string, Parameter> {
  const parameters = new Map<string, Parameter>();
  const visit = (table: TomlTable, prefix: string): void => {
    for (const [key, value] of Object.entries(table)) {
      if (key.includes('.')) continue;
      const target = prefix + key;
      const type = parameterTypeOf(value);
      if (type !== null && findTargetFault(target) === null)
        parameters.set(target, { type, value: toScalar(value) });
      else if (isTable(value)) visit(value, `${target}.`);
    }
  };
  visit(base, '');
  return parameters;
}

/** The value at a dotted path, or undefined. Own keys only. */
export function valueAt(table: TomlTable, target: string): TomlValue | undefined {
  let node: TomlValue | undefined = table;
  for (const key of target.split('.')) {
    if (!isTable(node) || !Object.hasOwn(node, key)) return undefined;
    node = node[key];
  }
  return node;
}

/** A copy with values at dotted targets replaced; what is not touched is shared, missing tables are created. */
export function withValues(
  table: TomlTable,
  values: Iterable<readonly [target: string, value: TomlValue]>,
): TomlTable {
  const fresh = new Set<TomlTable>();
  const own = (found: TomlValue | undefined): Record<string, TomlValue> => {
    if (isTable(found) && fresh.has(found)) return found as Record<string, TomlValue>;
    const copy = isTable(found) ? { ...found } : {};
    fresh.add(copy);
    return copy;
  };
  const root = own(table);
  for (const [target, value] of values) {
    const path = target.split('.');
    const last = path.pop() as string;
    let node = root;
    for (const key of path) {
      const child = own(Object.hasOwn(node, key) ? node[key] : undefined);
      node[key] = child;
      node = child;
    }
    node[last] = value;
  }
  return root;
}

function mergeTables(base: TomlTable, layer: TomlTable): TomlTable {
  const merged: Record<string, TomlValue> = { ...base };
  for (const [key, value] of Object.entries(layer)) {
    const below = Object.hasOwn(merged, key) ? merged[key] : undefined;
    const next = isTable(value) && isTable(below) ? mergeTables(below, value) : value;
    Object.defineProperty(merged, key, { value: next, enumerable: true, configurable: true, writable: true });
  }
  return merged;
}

function collectNumberFaults(value: TomlValue, key: string, file: string, problems: Problem[]): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    problems.push(problem('BASE_KEY_INVALID', { key, reason: `is ${value}, not a finite number` }, { file }));
  } else if (typeof value === 'bigint' && !Number.isSafeInteger(Number(value))) {
    const reason = 'is a whole number beyond ±(2^53 − 1), which a double cannot hold exactly';
    problems.push(problem('BASE_KEY_INVALID', { key, reason }, { file }));
  } else if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) collectNumberFaults(item, `${key}[${i}]`, file, problems);
  } else if (isTable(value)) {
    for (const [name, child] of Object.entries(value)) {
      collectNumberFaults(child, key === '' ? name : `${key}.${name}`, file, problems);
    }
  }
}
