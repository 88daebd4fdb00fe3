import { findTargetFault } from '../kernel/target.ts';
import {
  formatTomlScalar,
  formatTomlString,
  isTable,
  parameterTypeOf,
  type TomlTable,
  type TomlValue,
  toScalar,
} from './toml.ts';

/** The forms in which `peak config show` prints an effective configuration. */
export const CONFIG_FORMATS = ['json', 'toml', 'env'] as const;
export type ConfigFormat = (typeof CONFIG_FORMATS)[number];

/** An effective configuration as text, ending in a line break. */
export function formatConfig(tree: TomlTable, format: ConfigFormat): string {
  switch (format) {
    case 'json':
      return formatConfigJson(tree, { indent: '  ' });
    case 'toml':
      return formatConfigToml(tree);
    case 'env':
      return formatConfigEnv(tree);
  }
}

/** JSON in which floats keep their point (`1.0`), so that a reader in another language gets the right type. */
export function formatConfigJson(
  tree: TomlTable,
  options: { indent?: string; sorted?: boolean } = {},
): string {
  const { indent = '', sorted = false } = options;
  const newline = indent === '' ? '' : '\n';
  const colon = indent === '' ? ':' : ': ';
  const write = (value: TomlValue, pad: string): string => {
    if (!isTable(value) && !Array.isArray(value)) return formatJsonLeaf(value);
    const inner = pad + indent;
    const items = Array.isArray(value)
      ? value.map((item: TomlValue) => inner + write(item, inner))
      : entriesOf(value as TomlTable, sorted).map(
          ([key, child]) => `${inner}${JSON.stringify(key)}${colon}${write(child, inner)}`,
        );
    const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
    return items.length === 0
      ? `${open}${close}`
      : `${open}${newline}${items.join(`,${newline}`)}${newline}${pad}${close}`;
  };
  return write(tree, '') + newline;
}

function formatJsonLeaf(value: TomlValue): string {
  const type = parameterTypeOf(value);
  if (type === null) return JSON.stringify((value as { toISOString(): string }).toISOString());
  return type === 'string' ? JSON.stringify(value) : formatTomlScalar(toScalar(value), type);
}

function entriesOf(table: TomlTable, sorted: boolean): [string, TomlValue][] {
  const entries = Object.entries(table);
  return sorted ? entries.sort(([a], [b]) => (a < b ? -1 : 1)) : entries;
}

function formatConfigToml(tree: TomlTable): string {
  const blocks: string[] = [];
  const visit = (table: TomlTable, path: readonly string[]): void => {
    const lines = Object.entries(table)
      .filter(([, value]) => !isTable(value))
      .map(([key, value]) => `${tomlKey(key)} = ${formatTomlValue(value)}`);
    if (path.length > 0 && (lines.length > 0 || Object.keys(table).length === 0))
      lines.unshift(`[${path.map(tomlKey).join('.')}]`);
    if (lines.length > 0) blocks.push(`${lines.join('\n')}\n`);
    for (const [key, value] of Object.entries(table)) if (isTable(value)) visit(value, [...path, key]);
  };
  visit(tree, []);
  return blocks.join('\n');
}

function formatTomlValue(value: TomlValue): string {
  const type = parameterTypeOf(value);
  if (type !== null) return formatTomlScalar(toScalar(value), type);
  if (Array.isArray(value)) return `[${value.map(formatTomlValue).join(', ')}]`;
  if (isTable(value))
    return `{ ${Object.entries(value)
      .map(([key, child]) => `${tomlKey(key)} = ${formatTomlValue(child)}`)
      .join(', ')} }`;
  return (value as { toISOString(): string }).toISOString();
}

function tomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : formatTomlString(key);
}

/** `PORTFOLIO_LEVERAGE='1.0'`: one line a parameter, quoted for a POSIX shell; arrays and dates are left out. */
function formatConfigEnv(tree: TomlTable): string {
  const lines: string[] = [];
  const visit = (table: TomlTable, prefix: string): void => {
    for (const [key, value] of Object.entries(table)) {
      const name = prefix + key;
      const type = parameterTypeOf(value);
      if (isTable(value)) visit(value, `${name}.`);
      else if (type !== null && findTargetFault(name) === null && /^[A-Za-z_]/.test(name))
        lines.push(
          `${envName(name)}=${shellQuote(type === 'string' ? String(value) : formatTomlScalar(toScalar(value), type))}`,
        );
    }
  };
  visit(tree, '');
  return lines.map((line) => `${line}\n`).join('');
}

function envName(target: string): string {
  return target.replaceAll(/[^A-Za-z0-9]/g, '_').toUpperCase();
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
