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

/** All scalar parameters that can be named by a target, in the order of the file; only those wanted (default: all). */
export function listParameters(
  base: TomlTable,
  isWanted: (target: string) => boolean = () => true,
): ReadonlyMap<string, Parameter> {
  const parameters = new Map<string, Parameter>();
  const visit = (table: TomlTable, prefix: string): void => {
    for (const key of Object.keys(table)) {
      if (key.includes('.')) continue;
      const value = table[key] as TomlValue;
      const target = prefix + key;
      const type = parameterTypeOf(value);
      if (type !== null && isWanted(target) && findTargetFault(target) === null)
        parameters.set(target, { type, value: toScalar(value) });
      else if (isTable(value)) visit(value, `${target}.`);
    }
  };
  visit(base, '');
  return parameters;
}

/** The value at a dotted path, or undefined. Own keys only. */
export function valueAt(table: TomlTable, target: string): TomlValue | undefined {
  return finderIn(table)(target);
}

/** `valueAt` for many targets of one table, which mostly lie beside the one before. */
export function finderIn(root: TomlTable): (target: string) => TomlValue | undefined {
  let path = '';
  let table: TomlTable | undefined = root;
  return (target) => {
    const end = target.lastIndexOf('.');
    if (end !== path.length || !target.startsWith(path)) {
      path = target.slice(0, Math.max(end, 0));
      const found = path === '' ? root : valueAt(root, path);
      table = isTable(found) ? found : undefined;
    }
    const key = target.slice(end + 1);
    return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
  };
}

/** A copy with values at dotted targets replaced; what is not touched is shared, missing tables are created. */
export function withValues(
  table: TomlTable,
  values: Iterable<readonly [target: string, value: TomlValue]>,
): TomlTable {
  const fresh = new Set<TomlTable>();
  const own = (found: TomlValue | undefined): Record<string, TomlValue> => {
    if (isTable(found) && fresh.has(found)) return found as Record<string, TomlValue>;
    const copy = isTable(found) ? copyOf(found) : {};
    fresh.add(copy);
    return copy;
  };
  const root = own(table);
  let path = '';
  let node = root;
  for (const [target, value] of values) {
    const { above, key } = splitTarget(target);
    if (above !== path) {
      path = above;
      node = root;
      for (const name of above === '' ? [] : above.split('.')) {
        const child = own(Object.hasOwn(node, name) ? node[name] : undefined);
        node[name] = child;
        node = child;
      }
    }
    node[key] = value;
  }
  return root;
}

/** Without a prototype, as parsed tables are. Key by key: spreading such an object takes four times as long. */
function copyOf(table: TomlTable): Record<string, TomlValue> {
  const copy = Object.create(null) as Record<string, TomlValue>;
  for (const key of Object.keys(table)) copy[key] = table[key] as TomlValue;
  return copy;
}

/** The table that a target lies in (empty for the root), and its own key. */
function splitTarget(target: string): { readonly above: string; readonly key: string } {
  const end = target.lastIndexOf('.');
  return { above: target.slice(0, Math.max(end, 0)), key: target.slice(end + 1) };
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
  const reason = findNumberFault(value);
  if (reason !== null) problems.push(problem('BASE_KEY_INVALID', { key, reason }, { file }));
  else if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) collectNumberFaults(item, `${key}[${i}]`, file, problems);
  } else if (isTable(value)) {
    for (const name of Object.keys(value)) {
      const child = value[name] as TomlValue;
      const isSound = typeof child !== 'object' && findNumberFault(child) === null;
      if (!isSound) collectNumberFaults(child, key === '' ? name : `${key}.${name}`, file, problems);
    }
  }
}

function findNumberFault(value: TomlValue): string | null {
  if (typeof value === 'number' && !Number.isFinite(value)) return `is ${value}, not a finite number`;
  return typeof value === 'bigint' && !Number.isSafeInteger(Number(value))
    ? 'is a whole number beyond ±(2^53 − 1), which a double cannot hold exactly'
    : null;
}
