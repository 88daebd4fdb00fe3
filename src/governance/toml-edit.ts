import { type AST, getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import {
  formatTomlKey,
  formatTomlValue,
  isTable,
  parseToml,
  type TomlTable,
  type TomlValue,
} from '../liveconfig/index.ts';

/** What to do to one key: its path from the outermost table inwards, and its new value; null removes it. */
export interface TomlEdit {
  readonly path: readonly string[];
  readonly value: TomlValue | null;
}

/**
 * Changes one key of a TOML text and nothing else: every other byte stays, comments, order, line ends and byte order mark included. A
 * key that is missing goes to the end of its table, a missing table to the end of the text. The result is parsed and differs in exactly
 * that key, or there is none: forms in which this is not possible (dotted keys, keys of inline tables, tables with tables below them)
 * are refused with TOML_EDIT_REFUSED, the place, and the edit to make by hand. Removing what is not there changes nothing.
 */
export function editToml(text: string, edit: TomlEdit, file: string): Result<string> {
  const before = parseToml(text, file);
  if (!before.ok) return before;
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  const body = text.slice(mark.length);
  const outline = outlineOf(body);
  const splice = outline === null ? REFUSED : planSplice(body, edit, outline);
  if ('refused' in splice) return fail(refusal(edit, splice, file));
  const after = mark + body.slice(0, splice.start) + splice.text + body.slice(splice.end);
  const parsed = parseToml(after, file);
  if (parsed.ok && isMeant(parsed.value, before.value, edit)) return ok(after);
  return fail(refusal(edit, REFUSED, file));
}

/** A table that stood under the header of its only key is gone with it. */
function isMeant(after: TomlTable, before: TomlTable, { path, value }: TomlEdit): boolean {
  if (isSameToml(after, withKey(before, path, value))) return true;
  const above = path.slice(0, -1);
  return value === null && above.length > 0 && isSameToml(after, withKey(before, above, null));
}

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Refused {
  readonly refused: string;
  readonly place?: { readonly line: number; readonly column: number };
}

const REFUSED: Refused = { refused: 'cannot be edited without touching more than this key' };

function refusal({ path, value }: TomlEdit, { refused, place }: Refused, file: string) {
  const table = path.slice(0, -1).map(formatTomlKey).join('.');
  const key = formatTomlKey(path.at(-1) ?? '');
  const edit =
    value === null
      ? `remove ${key} from [${table}]`
      : `in [${table}], write ${key} = ${formatTomlValue(value)}`;
  return problem('TOML_EDIT_REFUSED', { reason: refused, edit }, { file, ...place });
}

/** One key with a value, and the table header it stands under; `inline`: inside an inline table. */
interface Entry {
  readonly path: readonly string[];
  readonly node: AST.TOMLKeyValue;
  readonly header: AST.TOMLTable | null;
  readonly inline: boolean;
}

/** Every key and every header of a text. */
interface Outline {
  readonly entries: readonly Entry[];
  readonly headers: readonly Header[];
  readonly comments: readonly AST.Comment[];
}

interface Header {
  readonly path: readonly string[];
  readonly node: AST.TOMLTable;
}

/** Null for a text that this parser does not take. */
function outlineOf(body: string): Outline | null {
  const entries: Entry[] = [];
  const headers: Header[] = [];
  const visit = (
    node: AST.TOMLKeyValue,
    above: readonly string[],
    header: AST.TOMLTable | null,
    inline: boolean,
  ) => {
    const path = [...above, ...node.key.keys.map((key) => String(getStaticTOMLValue(key)))];
    entries.push({ path, node, header, inline });
    if (node.value.type === 'TOMLInlineTable')
      for (const child of node.value.body) visit(child, path, header, true);
  };
  try {
    const program = parseTOML(body, { tomlVersion: 'next' });
    for (const node of program.body[0].body) {
      if (node.type === 'TOMLKeyValue') {
        visit(node, [], null, false);
        continue;
      }
      const path = node.resolvedKey.map(String);
      headers.push({ path, node });
      for (const child of node.body) visit(child, path, node, false);
    }
    return { entries, headers, comments: program.comments };
  } catch {
    return null;
  }
}

function planSplice(body: string, { path, value }: TomlEdit, outline: Outline): Splice | Refused {
  const entry = outline.entries.find((candidate) => isSamePath(candidate.path, path));
  const [asTable, ...others] = outline.headers.filter((header) => startsWith(header.path, path));
  if (asTable !== undefined) {
    const isAlone = others.length === 0 && isSamePath(asTable.path, path) && asTable.node.kind === 'standard';
    if (!isAlone) return refuseAt('is more than one table here', asTable.node);
    return planTable(body, { node: asTable.node, value }, outline);
  }
  if (entry === undefined) return value === null ? NOTHING : planInsertion(body, { path, value }, outline);
  const [start, end] = entry.node.value.range;
  if (value !== null) return { start, end, text: formatTomlValue(value) };
  if (entry.inline) return refuseAt('stands in an inline table', entry.node);
  return { start: lineStart(body, entry.node.range[0]), end: nextLine(body, entry.node.range[1]), text: '' };
}

/** A value that is written as a table under a header of its own: its lines are replaced, or go with the header. */
function planTable(
  body: string,
  { node, value }: { readonly node: AST.TOMLTable; readonly value: TomlValue | null },
  { comments }: Outline,
): Splice | Refused {
  const end = nextLine(body, (node.body.at(-1) ?? node.key).range[1]);
  if (value === null) return { start: lineStart(body, node.range[0]), end, text: '' };
  const start = nextLine(body, node.key.range[1]);
  const isCommented = comments.some(({ range }) => range[0] >= start && range[1] <= end);
  if (!isTable(value) || isCommented) return refuseAt('is a table of its own here', node);
  const newline = /\r?\n/.exec(body)?.[0] ?? '\n';
  const lines = Object.entries(value).map(
    ([key, inner]) => `${formatTomlKey(key)} = ${formatTomlValue(inner)}${newline}`,
  );
  const isLineStart = body[start - 1] === '\n';
  return { start, end, text: (isLineStart ? '' : newline) + lines.join('') };
}

const NOTHING: Splice = { start: 0, end: 0, text: '' };

function planInsertion(
  body: string,
  { path, value }: { readonly path: readonly string[]; readonly value: TomlValue },
  { entries, headers }: Pick<Outline, 'entries' | 'headers'>,
): Splice | Refused {
  const table = path.slice(0, -1);
  const newline = /\r?\n/.exec(body)?.[0] ?? '\n';
  const line = `${formatTomlKey(path.at(-1) ?? '')} = ${formatTomlValue(value)}`;
  const header = headers.find((candidate) => isSamePath(candidate.path, table));
  const array = headers.find(({ path: above, node }) => node.kind === 'array' && startsWith(above, table));
  if (array !== undefined) return refuseAt('would stand in an array of tables', array.node);
  if (header !== undefined) {
    const last = header.node.body.at(-1) ?? header.node.key;
    return insertAt(body, nextLine(body, last.range[1]), `${line}${newline}`, newline);
  }
  const other = entries.find((entry) => startsWith(entry.path, table) || startsWith(table, entry.path));
  const isBelow = headers.some(
    ({ node }) => node === other?.header && startsWith(node.resolvedKey.map(String), table),
  );
  if (other !== undefined && !isBelow)
    return refuseAt('is written as a dotted key or an inline table', other.node);
  const gap = body === '' ? '' : newline;
  const name = table.map(formatTomlKey).join('.');
  return insertAt(body, body.length, `${gap}[${name}]${newline}${line}${newline}`, newline);
}

/** A text without a line break at its end gets one first. */
function insertAt(body: string, at: number, text: string, newline: string): Splice {
  const isLineStart = at === 0 || body[at - 1] === '\n';
  return { start: at, end: at, text: isLineStart ? text : newline + text };
}

function refuseAt(reason: string, { loc }: AST.TOMLNode): Refused {
  return { refused: reason, place: { line: loc.start.line, column: loc.start.column + 1 } };
}

function lineStart(body: string, at: number): number {
  return body.lastIndexOf('\n', at - 1) + 1;
}

function nextLine(body: string, at: number): number {
  const end = body.indexOf('\n', at);
  return end === -1 ? body.length : end + 1;
}

function isSamePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && startsWith(a, b);
}

function startsWith(path: readonly string[], prefix: readonly string[]): boolean {
  return prefix.length <= path.length && prefix.every((key, i) => path[i] === key);
}

/** A copy with one key set, or removed. */
function withKey(
  table: TomlTable,
  [key = '', ...below]: readonly string[],
  value: TomlValue | null,
): TomlTable {
  const copy = new Map(Object.entries(table));
  const child = copy.get(key);
  const inner = isTable(child) ? child : {};
  if (below.length > 0) {
    if (child !== undefined || value !== null) copy.set(key, withKey(inner, below, value));
  } else if (value === null) copy.delete(key);
  else copy.set(key, value);
  return fromEntries(copy);
}

/** Own properties whatever they are called. */
function fromEntries(entries: ReadonlyMap<string, TomlValue>): TomlTable {
  const table = Object.create(null) as Record<string, TomlValue>;
  for (const [key, value] of entries) table[key] = value;
  return table;
}

/** Whether two TOML values say the same; order of keys does not matter, integers and floats stay apart. */
function isSameToml(a: TomlValue, b: TomlValue): boolean {
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item: TomlValue, i) => isSameToml(item, b[i] as TomlValue))
    );
  }
  if (!isTable(a) || !isTable(b)) {
    if (typeof a !== 'object' || typeof b !== 'object') return Object.is(a, b);
    return !isTable(a) && !isTable(b) && String(a) === String(b);
  }
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSameToml(a[key] as TomlValue, b[key] as TomlValue))
  );
}
