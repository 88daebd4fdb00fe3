import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GovernedSource } from '../../src/cycles/work-tree-port.ts';
import type { Move } from '../../src/governance/index.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { EVIDENCE_PATH } from '../../src/kernel/governed-paths.ts';

/** `case.json`: what a cycle is run with. */
export interface ScenarioOptions {
  /** One sentence: what this case shows. */
  readonly shows: string;
  readonly clock: string;
  /** `--auto-apply-mode`; default: what the policy says. */
  readonly mode?: 'disabled' | 'manual_only' | 'bounded_auto';
  /** Default false: a local run. */
  readonly published?: boolean;
  /** What happened before, oldest first; default: not known. */
  readonly history?: readonly (Omit<Move, 'at' | 'byOperators'> & {
    readonly at: string;
    readonly lane?: 'auto' | 'manual';
  })[];
}

/** `expected.json`. All decisions are listed: one more or one less fails. */
export interface ScenarioOutcome {
  /** `CODE` or `CODE file:line`, of what keeps the cycle from running. Nothing else is compared then. */
  readonly refused?: readonly string[];
  /** `CODE file:line` of what is wrong in the evidence or in `auto.toml`. Default: nothing. */
  readonly warnings?: readonly string[];
  readonly decisions?: Readonly<Record<string, ExpectedDecision>>;
  /** `auto.toml` as merging the auto lane would leave it; default: no override. */
  readonly auto?: Readonly<Record<string, unknown>>;
  /** `learning.override.toml`; not compared when absent. */
  readonly offline?: Readonly<Record<string, unknown>>;
  /** Texts that no artifact, warning or override file may hold. */
  readonly hidden?: readonly string[];
}

/** A decision in short: what is planned, where it goes, and every finding that counts. */
export interface ExpectedDecision {
  readonly status: string;
  /** Absent when it is in no lane. */
  readonly lane?: string;
  readonly planned: unknown;
  /** Codes of all findings but notes, in the order of the rules. Absent when there are none. */
  readonly because?: readonly string[];
}

/** The scenarios: every folder here that holds a `case.json`. */
export function listScenarios(): readonly string[] {
  return readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(import.meta.dirname, entry.name, 'case.json')))
    .map(({ name }) => name)
    .sort();
}

/** A JSON file of a scenario. */
export function readScenarioJson<T>(name: string, file: string): T {
  return JSON.parse(readFileSync(join(import.meta.dirname, name, file), 'utf8')) as T;
}

/** Files of a scenario, by the path that they have in a governed folder. */
const FILES: Readonly<Record<string, string>> = {
  'config/promotion.toml': 'policy.toml',
  'config/config.toml': 'config.toml',
  'config/live_overrides/auto.toml': 'auto.toml',
  'config/auto/learning.override.toml': 'learning.override.toml',
};

/** A scenario as a governed folder. What it does not bring, it takes from `shared/`. */
export function openScenario(name: string): GovernedSource {
  const textOf = (folder: string, file: string): string | null => {
    const path = join(import.meta.dirname, folder, file);
    return existsSync(path) ? readFileSync(path, 'utf8') : null;
  };
  return {
    readText: (path) => {
      const file = FILES[path];
      return file === undefined ? null : (textOf(name, file) ?? textOf('shared', file));
    },
    readEvidence: (evidence) => {
      const folder = join(import.meta.dirname, name, 'evidence');
      for (const file of existsSync(folder) ? readdirSync(folder).sort() : []) {
        const text = readFileSync(join(folder, file), 'utf8');
        const number = evidence.addFile(`${EVIDENCE_PATH}/${file}`, sha256Hex(text));
        if (!file.endsWith('.jsonl')) evidence.addDocument(number, text);
        else
          text
            .split('\n')
            .forEach((line, i, lines) => void evidence.addLine(number, i + 1, line, i === lines.length - 1));
      }
    },
  };
}
