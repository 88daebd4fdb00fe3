import { loadLiveConfig } from '../../../src/cycles/load-config.ts';
import { AUTO_TOML_PATH, BASE_CONFIG_PATH } from '../../../src/kernel/governed-paths.ts';
import { type ConfigValue, isLiveLikeEnvironment } from '../../../src/liveconfig/index.ts';
import type { Answer, Fact } from './differing-fact.ts';

/** One case of v1's configuration loader (`fixtures/v1-loader-sample.json`). */
export interface LoaderSample {
  readonly input: {
    readonly name: string;
    readonly baseToml: string;
    readonly autoToml: string;
    readonly force?: boolean;
    readonly probe: readonly string[];
  };
  readonly expected: {
    readonly liveLike: boolean;
    readonly effective: unknown;
    readonly probe: Readonly<Record<string, unknown>>;
    readonly stdout: readonly string[];
  };
}

/** All facts that v1's loader and this project's can be compared on for one case. */
export function loaderFacts({ input, expected }: LoaderSample): readonly Fact[] {
  const lines: string[] = [];
  const files = new Map([
    [BASE_CONFIG_PATH, input.baseToml],
    [AUTO_TOML_PATH, input.autoToml],
  ]);
  const loaded = loadLiveConfig((path) => files.get(path) ?? null, {
    force: input.force,
    log: (line) => lines.push(line),
  });
  if (!loaded.ok)
    throw new Error(`${input.name}: v1 refuses no base configuration, so none may be refused here`);
  const config = loaded.value;
  const because = loaded.problems.map(({ code }) => code);
  return [
    { name: 'live-like', v1: String(expected.liveLike), ours: String(isLiveLikeEnvironment(config)) },
    { name: 'effective', v1: leaves(expected.effective), ours: leaves(config.toObject()), because },
    ...input.probe.map((target) => ({
      name: `get ${target}`,
      v1: show(expected.probe[target]),
      ours: show(config.get(target, '<missing>')),
      because,
    })),
    { name: 'applied', v1: appliedByV1(expected.stdout), ours: lines },
    { name: 'warnings', v1: expected.stdout.flatMap(warningOf), ours: because },
  ];
}

/** v1's lines, in the words of seed.md §7.4: the plural in place of `(s)`, and the path of the governed file. */
function appliedByV1(stdout: readonly string[]): readonly string[] {
  const text = stdout.join('\n');
  if (!text.includes('Applying')) return [];
  const plain = text
    .replace('<TMP>/auto.toml', AUTO_TOML_PATH)
    .replace('(s)', /Applying 1 /.test(text) ? '' : 's');
  return plain.split('\n');
}

/** v1's two warnings as the codes that stand for them here, one for each override that is ignored. */
function warningOf(line: string): readonly string[] {
  if (line.includes('Failed to parse live overrides TOML')) return ['OVERRIDES_UNREADABLE'];
  const ignored = /Ignored (\d+) live override\(s\) targeting unknown paths/.exec(line)?.[1];
  return Array.from({ length: Number(ignored ?? 0) }, () => 'OVERRIDE_UNKNOWN_TARGET');
}

/** Every leaf of a configuration as `target = value`, sorted. */
function leaves(value: unknown, prefix = ''): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || dateOf(value) !== undefined)
    return [`${prefix} = ${show(value)}`];
  return Object.entries(value)
    .flatMap(([key, child]) => leaves(child, prefix === '' ? key : `${prefix}.${key}`))
    .sort();
}

function show(value: unknown): Answer {
  return JSON.stringify(value as ConfigValue, (_, item: unknown) => dateOf(item) ?? item);
}

/** What JSON cannot carry stands in the sample as an object with one `$` key; dates are ISO 8601 texts here. */
function dateOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const [entry, ...more] = Object.entries(value);
  return entry !== undefined && more.length === 0 && entry[0].startsWith('$') ? entry[1] : undefined;
}
