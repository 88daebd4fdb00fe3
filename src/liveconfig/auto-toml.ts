import { problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { fitsType, type Parameter } from '../kernel/scalar.ts';
import { type OverrideTable, type RawOverrides, readOverrides } from './overrides.ts';
import {
  describeTomlType,
  formatTomlScalar,
  formatTomlString,
  parameterTypeOf,
  parseToml,
  toScalar,
  toTomlValue,
} from './toml.ts';

/** An override file as data. `parseOverrideFile(formatOverrideFile(x)) = x`. */
export interface OverrideFile {
  readonly table: OverrideTable;
  /** Comment lines before the table, each starting with `#` or empty; kept as people wrote them. */
  readonly header: readonly string[];
  /** Targets that have a line of their own even without an override (ADR 0003). */
  readonly slots: ReadonlySet<string>;
  readonly overrides: ReadonlyMap<string, Parameter>;
}

/** The overrides of such a file as a session reads them; none for null. */
export function rawOverridesOf(file: OverrideFile | null): RawOverrides {
  return new Map([...(file?.overrides ?? [])].map(([target, parameter]) => [target, toTomlValue(parameter)]));
}

const SLOT = /(?<![^\n])# "([A-Za-z0-9_.-]+)" has its base value(?=\r?\n|$)/g;
/** Where a line begins that is neither a comment nor blank. */
const FIRST_ENTRY = /(?<![^\n])\s*[^#\s]/;

/**
 * Writes an override file: sorted targets, one blank line between them, floats as floats. Every slot has its line, set or
 * not, so that a promotion changes lines and never inserts them: then `git revert` of one promotion cannot conflict with
 * its neighbours (ADR 0003).
 */
export function formatOverrideFile(file: OverrideFile): string {
  const targets = [...new Set([...file.slots, ...file.overrides.keys()])].sort();
  const lines = targets.map((target) => {
    const override = file.overrides.get(target);
    const key = formatTomlString(target);
    return override === undefined
      ? `# ${key} has its base value`
      : `${key} = ${formatTomlScalar(override.value, override.type)}`;
  });
  const header = file.header.length === 0 ? '' : `${file.header.join('\n')}\n\n`;
  return `${header}[${file.table}]\n${lines.join('\n\n')}${lines.length === 0 ? '' : '\n'}`;
}

/**
 * Reads an override file for rewriting. Fails, so that nothing is lost, when it is not TOML, when the table is none, when
 * a target is set twice or has a value that no parameter can have, or when there is anything beside the table.
 */
export function parseOverrideFile(text: string, table: OverrideTable, file: string): Result<OverrideFile> {
  const document = parseToml(text, file);
  if (!document.ok) return fail(...document.problems, refusal('it is not valid TOML', file));
  const other = Object.keys(document.value).find((key) => key !== table);
  if (other !== undefined) return fail(refusal(`it holds "${other}" beside [${table}]`, file));
  const raw = readOverrides(document.value, table, file);
  if (!raw.ok || raw.problems.some(({ severity }) => severity === 'error')) {
    return fail(...raw.problems, refusal('it has errors', file));
  }
  const overrides = new Map<string, Parameter>();
  for (const [target, value] of raw.value) {
    const type = parameterTypeOf(value);
    if (type === null) return fail(refusal(`${target} is ${describeTomlType(value)}`, file));
    if (!fitsType(toScalar(value), type)) {
      return fail(refusal(`${target} is a number that cannot be written back exactly`, file));
    }
    overrides.set(target, { value: toScalar(value), type });
  }
  return ok({ table, header: headerOf(text), slots: slotsOf(text, overrides.keys()), overrides });
}

/** An override file without any override. */
export function emptyOverrideFile(table: OverrideTable, header: readonly string[]): OverrideFile {
  return { table, header, slots: new Set(), overrides: new Map() };
}

function refusal(reason: string, file: string) {
  return problem('OVERRIDES_REFUSE_WRITE', { reason }, { file });
}

function headerOf(text: string): readonly string[] {
  const body = text.replace(/^\ufeff/, '');
  const end = body.search(FIRST_ENTRY);
  const header = (end === -1 ? body : body.slice(0, end)).split(/\r?\n/).map((line) => line.trimEnd());
  while (header.at(-1) === '') header.pop();
  while (header[0] === '') header.shift();
  return header;
}

function slotsOf(text: string, targets: Iterable<string>): ReadonlySet<string> {
  const slots = new Set<string>(targets);
  for (const [, slot] of text.matchAll(SLOT)) slots.add(slot as string);
  return slots;
}
