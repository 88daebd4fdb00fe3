import { AUTO_TOML_PATH, BASE_CONFIG_PATH, POLICY_PATH } from '../kernel/governed-paths.ts';
import type { Problem } from '../kernel/problem.ts';
import { isSameParameter, type Parameter } from '../kernel/scalar.ts';
import { listParameters, type RawOverrides, type TomlTable } from '../liveconfig/index.ts';
import type { FileChange, StoredFile } from './commit-log.ts';
import {
  type BlobTexts,
  type LoadedOverrides,
  loadBase,
  loadLayers,
  loadOverrides,
} from './loaded-config.ts';

/** What a live session would load at a point of the line. */
export interface Loaded {
  /** The last base configuration that a session could start with; null before the first. */
  readonly tree: TomlTable | null;
  readonly overrides: LoadedOverrides;
  /** The last overrides that could be read. */
  readonly readable: RawOverrides;
}

/** What a commit did to the configuration. */
export interface ConfigChange {
  readonly before: Loaded;
  readonly after: Loaded;
  readonly isPolicyTouched: boolean;
  readonly isBaseTouched: boolean;
  readonly isAutoTouched: boolean;
  /** Why the base configuration cannot be loaded now. */
  readonly baseProblems: readonly Problem[];
  /** Base parameters that were added, changed or removed. */
  readonly movedParameters: ReadonlySet<string>;
}

const NOTHING_MOVED: ReadonlySet<string> = new Set();

/** The governed configuration files while a history is read from its start to its end; a text is parsed where it changes. */
export class GovernedState {
  readonly #texts: BlobTexts;
  readonly #files: Map<string, StoredFile>;
  #layers: readonly string[] = [];
  #baseKey = '';
  loaded: Loaded;

  constructor(start: ReadonlyMap<string, StoredFile>, texts: BlobTexts) {
    this.#texts = texts;
    this.#files = new Map(start);
    this.#layers = loadLayers(this.#file(POLICY_PATH), texts) ?? [];
    const overrides = loadOverrides(this.#file(AUTO_TOML_PATH), texts);
    this.#baseKey = this.#keyOfBase();
    const tree = start.size === 0 ? null : loadBase(this.#baseFiles(), texts).tree;
    this.loaded = { tree, overrides, readable: overrides.raw };
  }

  get hasPolicy(): boolean {
    return this.#files.has(POLICY_PATH);
  }

  /** Takes over what a commit changed, and says what that means for a session. */
  advance(files: readonly FileChange[]): ConfigChange {
    const before = this.loaded;
    for (const { path, after } of files) {
      if (after === null) this.#files.delete(path);
      else this.#files.set(path, after);
    }
    const touches = (path: string) => files.some((file) => file.path === path);
    const isPolicyTouched = touches(POLICY_PATH);
    const isAutoTouched = touches(AUTO_TOML_PATH);
    if (isPolicyTouched) this.#layers = loadLayers(this.#file(POLICY_PATH), this.#texts) ?? this.#layers;
    const base = this.#reloadBase();
    const overrides = isAutoTouched
      ? loadOverrides(this.#file(AUTO_TOML_PATH), this.#texts)
      : before.overrides;
    const tree = base?.tree ?? before.tree;
    this.loaded = { tree, overrides, readable: overrides.isReadable ? overrides.raw : before.readable };
    return {
      before,
      after: this.loaded,
      isPolicyTouched,
      isAutoTouched,
      isBaseTouched: base !== null,
      baseProblems: base?.problems ?? [],
      movedParameters: base === null ? NOTHING_MOVED : movedParameters(before.tree, tree),
    };
  }

  /** Null while no file of the base configuration changes. */
  #reloadBase(): ReturnType<typeof loadBase> | null {
    const key = this.#keyOfBase();
    if (key === this.#baseKey) return null;
    this.#baseKey = key;
    return loadBase(this.#baseFiles(), this.#texts);
  }

  #keyOfBase(): string {
    return this.#baseFiles()
      .map(([path, file]) => `${path} ${file?.mode} ${file?.oid}`)
      .join('\n');
  }

  #baseFiles(): readonly (readonly [string, StoredFile | null])[] {
    return [BASE_CONFIG_PATH, ...this.#layers].map((path) => [path, this.#file(path)]);
  }

  #file(path: string): StoredFile | null {
    return this.#files.get(path) ?? null;
  }
}

function movedParameters(before: TomlTable | null, after: TomlTable | null): ReadonlySet<string> {
  const old = parametersOf(before);
  const next = parametersOf(after);
  const names = new Set([...old.keys(), ...next.keys()]);
  return new Set([...names].filter((name) => !isSameParameter(old.get(name), next.get(name))));
}

function parametersOf(tree: TomlTable | null): ReadonlyMap<string, Parameter> {
  return tree === null ? new Map() : listParameters(tree);
}
