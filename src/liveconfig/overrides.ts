import type { Problem } from '../kernel/problem.ts';
import { problem, warning } from '../kernel/problem.ts';
import { ok, type Result } from '../kernel/result.ts';
import { findTargetFault } from '../kernel/target.ts';
import { isTable, parseToml, type TomlTable, type TomlValue } from './toml.ts';

/** The table of overrides in `auto.toml` and in `learning.override.toml`. */
export type OverrideTable = 'auto_applied' | 'overrides';

/** Overrides as written, dotted targets → values of any type; nested tables are flattened. */
export type RawOverrides = ReadonlyMap<string, TomlValue>;

/**
 * Reads the overrides of a file. Not TOML fails; a missing or wrong table, a name that is no target and a target set
 * twice (`"a.b"` and `a.b`) yield a warning or an error each, and are left out. Nothing outside the table is read.
 */
export function parseOverrides(text: string, table: OverrideTable, file: string): Result<RawOverrides> {
  const document = parseToml(text, file);
  if (!document.ok) return document;
  return text.trim() === '' ? ok(new Map()) : readOverrides(document.value, table, file);
}

/** The same for a document that has been parsed. */
export function readOverrides(document: TomlTable, table: OverrideTable, file: string): Result<RawOverrides> {
  const found = Object.hasOwn(document, table) ? document[table] : undefined;
  if (found === undefined) return ok(new Map(), [warning('OVERRIDES_TABLE_MISSING', { table }, { file })]);
  if (!isTable(found)) return ok(new Map(), [problem('OVERRIDES_NOT_A_TABLE', { table }, { file })]);
  const problems: Problem[] = [];
  return ok(flatten(found, file, problems), problems);
}

function flatten(table: TomlTable, file: string, problems: Problem[]): RawOverrides {
  const values = new Map<string, TomlValue>();
  const twice = new Set<string>();
  const visit = (node: TomlTable, prefix: string): void => {
    for (const key of Object.keys(node)) {
      const value = node[key] as TomlValue;
      const target = `${prefix}${key}`;
      if (isTable(value)) visit(value, `${target}.`);
      else if (values.has(target)) twice.add(target);
      else values.set(target, value);
    }
  };
  visit(table, '');
  for (const target of values.keys()) {
    const fault = findTargetFault(target);
    if (fault !== null)
      problems.push(problem('TARGET_INVALID', { target: JSON.stringify(target), reason: fault }, { file }));
    else if (twice.has(target)) problems.push(problem('OVERRIDE_AMBIGUOUS', { target }, { file }));
    else continue;
    values.delete(target);
  }
  return values;
}
