import { readFileSync } from 'node:fs';
import { isTable, parseToml, type TomlTable, type TomlValue } from '../../../src/liveconfig/index.ts';
import { formatTomlString } from '../../../src/liveconfig/toml.ts';
import { showToml } from './typed-json.ts';

/** One case of v1's promotion loop (`fixtures/v1-promotion-sample.json`); fields that are not compared are left out. */
export interface PromotionSample {
  readonly input: {
    readonly name: string;
    readonly mode: string;
    /** Confidence from which v1 calls a candidate eligible. */
    readonly threshold: number;
    readonly autoToml: string | null;
    readonly patchesJson: string;
    readonly configToml: string;
  };
  readonly expected: {
    readonly effectiveMode: string;
    readonly candidates?: readonly {
      id: string;
      target: string;
      tags: readonly string[];
      eligible: boolean;
    }[];
    readonly decisions?: readonly { id: string; status: string }[];
    readonly artifacts?: readonly string[];
    readonly applied?: boolean;
    readonly autoTomlText: string | null;
    readonly loaderSees?: Readonly<Record<string, unknown>>;
    readonly error?: { readonly stage: string; readonly type: string };
  };
}

/** A fixture of this folder, parsed. */
export function readFixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as T;
}

/** v1's key → table and key of `config/promotion.toml`. What v1 only logs or mails has no counterpart here. */
const KEYS: readonly (readonly [v1: string, table: string, key: string])[] = [
  ['governance.global_promotion_lock', 'promotion', 'lock'],
  ['safety.auto_apply_blacklist', 'never', 'targets'],
  ['safety.blacklist_tags', 'never', 'tags'],
  ['safety.min_confidence_for_auto_apply', 'auto', 'min_confidence'],
  ['safety.max_auto_applies_per_day', 'budgets', 'promotions_per_day'],
  ...[
    ['leverage', 'leverage'],
    ['trigger_delay', 'trigger'],
    ['macro_weight', 'macro'],
  ].flatMap(([prefix, tag]) =>
    ['min', 'max', 'max_step'].map((key) => [`bounds.${prefix}_${key}`, `bounds.${tag}`, key] as const),
  ),
];

/**
 * A policy of v1 in this project's terms, key by key: what v1's file says is said here, what it leaves out is left out,
 * and a file that is not TOML stays as it is. v1's mode is the one of its command line, because its file's is read by
 * nobody; only a file that says `disabled` keeps that. The whitelist is read by nobody either: eligible is what the case
 * is about.
 */
export function translatePolicy(
  { configToml, mode, threshold }: PromotionSample['input'],
  targets: readonly string[],
): string {
  const document = parseToml(configToml, 'v1.toml');
  if (!document.ok) return configToml;
  const loop = document.value['promotion_loop'] as TomlTable;
  const tables = new Map<string, string[]>([
    ['promotion', [`mode = "${loop['mode'] === 'disabled' ? 'disabled' : mode}"`]],
    [
      'eligibility',
      [`targets = [${targets.map(formatTomlString).join(', ')}]`, `min_confidence = ${threshold}`],
    ],
  ]);
  for (const [v1, table, key] of KEYS) {
    const value = find(loop, v1);
    if (value === undefined) continue;
    tables.set(table, [...(tables.get(table) ?? []), `${key} = ${showToml(value)}`]);
  }
  return [...tables].map(([table, lines]) => `[${table}]\n${lines.join('\n')}\n`).join('\n');
}

function find(loop: TomlTable, path: string): TomlValue | undefined {
  const [table = '', key = ''] = path.split('.');
  const found = loop[table];
  return isTable(found) ? found[key] : undefined;
}
