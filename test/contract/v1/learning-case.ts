import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openWorkTree } from '../../../src/adapters/files/index.ts';
import { learnCycle } from '../../../src/cycles/learn.ts';
import {
  BASE_CONFIG_PATH,
  EVIDENCE_PATH,
  LEARNING_OVERRIDE_PATH,
  POLICY_PATH,
} from '../../../src/kernel/governed-paths.ts';
import { parseOverrides } from '../../../src/liveconfig/index.ts';
import type { Answer, Fact } from './differing-fact.ts';
import { CLOCK } from './promotion-case.ts';
import { overrideLines } from './typed-json.ts';

/** One case of v1's learning apply cycle (`fixtures/v1-learning-sample.json`). */
export interface LearningSample {
  readonly input: {
    readonly name: string;
    readonly files: readonly { readonly name: string; readonly text: string; readonly mtime: number }[];
    readonly outBefore?: string;
  };
  readonly expected: {
    readonly outText: string | null;
    readonly backupText: string | null;
    readonly stdout: readonly string[];
    readonly error?: { readonly type: string };
  };
}

/** Parameters that the sample names, with values that no case recommends. v1 wrote overrides without knowing any. */
const BASE: Readonly<Record<string, string>> = { x: '0', y: '0', z: '0', gone: '0' };
const TEXT_CASES: readonly string[] = ['mtime_fraction', 'string_newline_breaks_toml', 'lone_surrogate'];

/** All facts that both learning loops can be compared on for one case. Runs on real files, in a folder of its own. */
export function learningFacts({ input, expected }: LearningSample): readonly Fact[] {
  const root = mkdtempSync(join(tmpdir(), 'peak-v1-'));
  try {
    writeCase(root, input);
    const workTree = openWorkTree(root);
    const report = learnCycle(workTree, { clock: CLOCK, dryRun: false });
    const problems = report.ok ? report.value.gathered.evidence.problems : report.problems;
    return [
      {
        name: 'run',
        v1: expected.error === undefined ? 'done' : `raised ${expected.error.type}`,
        ours: report.ok ? 'done' : 'refused',
      },
      {
        name: 'overrides',
        v1: describe(expected.outText),
        ours: describe(workTree.readText(LEARNING_OVERRIDE_PATH)),
      },
      {
        name: 'backup',
        v1: describe(expected.backupText),
        ours: describe(workTree.readText(`${LEARNING_OVERRIDE_PATH}.backup`)),
      },
      {
        name: 'problems',
        v1: expected.stdout.flatMap(problemOf),
        ours: problems.map(({ code, file, line }) =>
          [code, file?.split('/').at(-1), line].filter(Boolean).join(' '),
        ),
      },
    ];
  } finally {
    rmSync(root, { recursive: true });
  }
}

function writeCase(root: string, input: LearningSample['input']): void {
  const write = (path: string, text: string): string => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    return join(root, path);
  };
  const x = TEXT_CASES.includes(input.name) ? '"base"' : BASE['x'];
  const base = Object.entries({ ...BASE, x }).map(([target, value]) => `${target} = ${value}`);
  write(BASE_CONFIG_PATH, [...base, 'risk.stop_loss = 1', ''].join('\n'));
  write(POLICY_PATH, '[promotion]\nmode = "manual_only"\n');
  for (const { name, text, mtime } of input.files)
    utimesSync(write(`${EVIDENCE_PATH}/${name}`, text), mtime, mtime);
  if (input.outBefore !== undefined) write(LEARNING_OVERRIDE_PATH, input.outBefore);
}

function describe(text: string | null): Answer {
  if (text === null) return 'no file';
  const parsed = parseOverrides(text, 'overrides', 'override.toml');
  return parsed.ok ? overrideLines(parsed.value) : 'not TOML';
}

/** A warning of v1 about a file, as the code that stands for it here. */
function problemOf(line: string): readonly string[] {
  const json = /WARNING: Invalid JSONL? in [^:]*\/([^:/]+)(?::(\d+))?: /.exec(line);
  if (json === null) return [];
  const [, file, number] = json;
  const code = line.includes('Unterminated') ? 'JSON_TRUNCATED' : 'JSON_INVALID';
  return [number === undefined ? `${code} ${file}` : `${code} ${file} ${number}`];
}
