import type { Result } from '../kernel/result.ts';
import { type ConfigText, parseBaseConfig } from './base-config.ts';
import { type OverrideTable, parseOverrides, type RawOverrides } from './overrides.ts';
import { isTable, type TomlTable, type TomlValue } from './toml.ts';

/** Longer texts are parsed each time: a session's files have some kilobytes, and a hostile one must not stay in memory. */
const MAX_CHARACTERS = 256 * 1024;
/** Several sessions of one process, each with its own files. Beyond that the oldest text is forgotten. */
const MAX_TEXTS = 8;

/**
 * Parses as `parseBaseConfig` and `parseOverrides` do, but an equal text only once: a session that loads a thousand times a
 * second finds the same files nearly always. What is kept is frozen in depth, so no caller can alter what the next one gets.
 * Kept are at most 8 results of each kind, of texts up to 256 Ki characters, without any problem and any date.
 */
export class ParseMemory {
  readonly #bases = new Recent<TomlTable>();
  readonly #overrides = new Recent<RawOverrides>();

  base(texts: readonly ConfigText[]): Result<TomlTable> {
    const key = texts.flatMap(({ file, text }) => [file, text]);
    return this.#bases.recall(key, () => parseBaseConfig(texts), freezeDeep);
  }

  overrides(text: string, table: OverrideTable, file: string): Result<RawOverrides> {
    const parse = () => parseOverrides(text, table, file);
    return this.#overrides.recall([text, table, file], parse, (raw) => [...raw.values()].every(freezeDeep));
  }
}

/** The results of the last texts, oldest first. */
class Recent<T> {
  readonly #kept: { readonly key: readonly string[]; readonly result: Result<T> }[] = [];

  recall(key: readonly string[], parse: () => Result<T>, freeze: (value: T) => boolean): Result<T> {
    const known = this.#kept.find((entry) => isSame(entry.key, key));
    if (known !== undefined) return known.result;
    const result = parse();
    const length = key.reduce((sum, text) => sum + text.length, 0);
    if (result.ok && result.problems.length === 0 && length <= MAX_CHARACTERS && freeze(result.value)) {
      this.#kept.push({ key, result: Object.freeze(result) });
      if (this.#kept.length > MAX_TEXTS) this.#kept.shift();
    }
    return result;
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i]);
}

/** Freezes a value in depth; false where something in it cannot be frozen: a date can be set even then. */
function freezeDeep(value: TomlValue): boolean {
  if (typeof value !== 'object') return true;
  const isList = Array.isArray(value);
  if (!isList && !isTable(value)) return false;
  Object.freeze(value);
  if (isList) return value.every(freezeDeep);
  return Object.keys(value).every((key) => freezeDeep((value as TomlTable)[key] as TomlValue));
}
