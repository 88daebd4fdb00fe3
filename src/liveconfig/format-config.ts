import { asciiJson } from '../kernel/text/ascii-json.ts';
import { listParameters } from './base-config.ts';
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
  options: { indent?: string; canonical?: boolean } = {},
): string {
  const { indent = '', canonical = false } = options;
  const newline = indent === '' ? '' : '\n';
  const colon = indent === '' ? ':' : ': ';
  const write = (value: TomlValue, pad: string): string => {
    if (!isTable(value) && !Array.isArray(value)) return formatJsonLeaf(value, canonical);
    const inner = pad + indent;
    const items = Array.isArray(value)
      ? value.map((item: TomlValue) => inner + write(item, inner))
      : entriesOf(value as TomlTable, canonical).map(
          ([key, child]) => `${inner}${asciiJson(JSON.stringify(key))}${colon}${write(child, inner)}`,
        );
    const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
    return items.length === 0
      ? `${open}${close}`
      : `${open}${newline}${items.join(`,${newline}`)}${newline}${pad}${close}`;
  };
  return write(tree, '') + newline;
}

function formatJsonLeaf(value: TomlValue, canonical: boolean): string {
  const type = parameterTypeOf(value);
  if (type === null) {
    const date = JSON.stringify((value as { toISOString(): string }).toISOString());
    return canonical ? `date ${date}` : date;
  }
  return type === 'string' ? asciiJson(JSON.stringify(value)) : formatTomlScalar(toScalar(value), type);
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
      .map(([key, value]) => `${formatTomlKey(key)} = ${formatTomlValue(value)}`);
    if (path.length > 0 && (lines.length > 0 || Object.keys(table).length === 0))
      lines.unshift(`[${path.map(formatTomlKey).join('.')}]`);
    if (lines.length > 0) blocks.push(`${lines.join('\n')}\n`);
    for (const [key, value] of Object.entries(table)) if (isTable(value)) visit(value, [...path, key]);
  };
  visit(tree, []);
  return blocks.join('\n');
}

/** A value in TOML, on one line: tables inline, dates in UTC. */
export function formatTomlValue(value: TomlValue): string {
  const type = parameterTypeOf(value);
  if (type !== null) return formatTomlScalar(toScalar(value), type);
  if (Array.isArray(value)) return `[${value.map(formatTomlValue).join(', ')}]`;
  if (isTable(value))
    return `{ ${Object.entries(value)
      .map(([key, child]) => `${formatTomlKey(key)} = ${formatTomlValue(child)}`)
      .join(', ')} }`;
  return (value as { toISOString(): string }).toISOString();
}

/** One key in TOML: bare where that is possible, else quoted. */
export function formatTomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : formatTomlString(key);
}

/**
 * `PORTFOLIO_LEVERAGE='1.0'`: one line a parameter, quoted for a POSIX shell. Arrays, dates, names that no variable can have
 * and texts with line breaks, which other readers of such files would split, are left out.
 */
function formatConfigEnv(tree: TomlTable): string {
  return [...listParameters(tree)]
    .map(
      ([target, { type, value }]) =>
        [target, typeof value === 'string' ? value : formatTomlScalar(value, type)] as const,
    )
    .filter(([target, text]) => /^[A-Za-z_]/.test(target) && !/[\n\r\0]/.test(text))
    .map(([target, text]) => `${envName(target)}=${shellQuote(text)}\n`)
    .join('');
}

function envName(target: string): string {
  return target.replaceAll(/[^A-Za-z0-9]/g, '_').toUpperCase();
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
