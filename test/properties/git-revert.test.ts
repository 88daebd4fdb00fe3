import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import '../support/fixed-seed.ts';
import { afterEach, expect, test } from 'vitest';
import { derive, formatProposalFolder, parsePolicy } from '../../src/governance/index.ts';
import { AUTO_TOML_PATH, LEARNING_OVERRIDE_PATH, PROPOSALS_PATH } from '../../src/kernel/governed-paths.ts';
import { instantFromMs } from '../../src/kernel/instant.ts';
import type { Scalar } from '../../src/kernel/scalar.ts';
import {
  checkOverrides,
  formatOverrideFile,
  listParameters,
  type OverrideFile,
  parseBaseConfig,
  parseOverrideFile,
  toScalar,
} from '../../src/liveconfig/index.ts';
import { NOW } from '../support/builders/at.ts';
import { buildEvidencePatch, buildHealthSignal, evidenceOf } from '../support/builders/evidence.ts';

const SHIPPED = join(import.meta.dirname, '..', '..');
const shipped = (path: string): string => readFileSync(join(SHIPPED, path), 'utf8');

const policyText = shipped('config/promotion.toml');
const policy = parsePolicy(policyText);
const base = parseBaseConfig([{ file: 'config.toml', text: shipped('config/config.toml') }]);
if (!policy.ok || !base.ok) throw new Error('the shipped files are broken');
const parameters = listParameters(base.value);
/** The shipped override files with all their lines, and nothing promoted yet. */
const START = new Map(
  (
    [
      [AUTO_TOML_PATH, 'auto_applied'],
      [LEARNING_OVERRIDE_PATH, 'overrides'],
    ] as const
  ).map(([path, table]) => [
    path,
    formatOverrideFile({ ...parsed(shipped(path), table), overrides: new Map() }),
  ]),
);

/** Values that each promotable target may be promoted to: all that are not its base value. */
const VALUES: Readonly<Record<string, readonly Scalar[]>> = {
  'portfolio.leverage': [1.25, 1.1, 2, 3],
  'strategy.trigger_delay': [8, 9.5, 12],
  'macro.regime_weight': [0.1, 0.35, 0.8],
  'strategy.ma_fast_period': [12, 8],
  'strategy.ma_slow_period': [35, 40],
  'portfolio.rebalance_frequency': ['weekly', 'monthly'],
};

interface Promotion {
  readonly target: string;
  readonly value: Scalar;
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A repository of its own, without the configuration or hooks of whoever runs the tests. */
class Repository {
  readonly root = mkdtempSync(join(tmpdir(), 'peak-revert-'));

  constructor() {
    folders.push(this.root);
    this.git('init', '-q', '-b', 'main');
  }

  git(...args: readonly string[]): string {
    const settings = [
      'user.name=t',
      'user.email=t@example.org',
      'commit.gpgsign=false',
      'core.hooksPath=/dev/null',
      'gc.auto=0',
    ];
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: this.root,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
    };
    const options = settings.flatMap((setting) => ['-c', setting]);
    return execFileSync('git', [...options, ...args], {
      cwd: this.root,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  write(path: string, text: string): void {
    mkdirSync(join(this.root, dirname(path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  commit(message: string): string {
    this.git('add', '-A');
    this.git('commit', '-q', '-m', message);
    return this.git('rev-parse', 'HEAD').trim();
  }
}

function parsed(text: string, table: 'auto_applied' | 'overrides'): OverrideFile {
  const file = parseOverrideFile(text, table, 'x.toml');
  if (!file.ok) throw new Error(JSON.stringify(file.problems));
  return file.value;
}

/** One promotion as the loops make it: evidence for one target, both loops, and the files that merging it would leave. */
function promote(repository: Repository, { target, value }: Promotion, step: number): string {
  if (!policy.ok || !base.ok) throw new Error('unreachable');
  const clock = instantFromMs(NOW + step * 3_600_000);
  const autoToml = parsed(repository.read(AUTO_TOML_PATH), 'auto_applied');
  const learningOverride = parsed(repository.read(LEARNING_OVERRIDE_PATH), 'overrides');
  const raw = new Map(
    [...autoToml.overrides].map(
      ([name, found]) => [name, found.type === 'integer' ? BigInt(found.value) : found.value] as const,
    ),
  );
  const live = new Map(parameters);
  for (const found of checkOverrides(base.value, raw, 'auto.toml').applied) live.set(found.target, found);
  const evidence = evidenceOf(
    {
      'health.json': buildHealthSignal(),
      'a.json': buildEvidencePatch({ target, new_value: value, old_value: undefined }),
    },
    clock,
  );
  const derivation = derive({
    policy: policy.value,
    clock,
    parameters,
    live,
    autoToml,
    learningOverride,
    evidence,
    effectiveMode: 'manual_only',
    requestedMode: null,
    baseCommit: repository.git('rev-parse', 'HEAD').trim(),
    history: null,
    declined: [],
    published: true,
    digests: () => ({
      policy: '0'.repeat(64),
      baseConfig: [],
      autoToml: null,
      learningOverride: null,
      evidenceFiles: 2,
      evidenceRoot: null,
    }),
  });
  const [proposal] = derivation.proposals;
  if (proposal === undefined) throw new Error(`no proposal for ${target}`);
  repository.write(AUTO_TOML_PATH, formatOverrideFile(derivation.autoTomlAfter('manual')));
  repository.write(LEARNING_OVERRIDE_PATH, formatOverrideFile(derivation.learningOverride));
  for (const [path, text] of formatProposalFolder(proposal, policy.value)) repository.write(path, text);
  return repository.commit(`Promote ${target}`);
}

function liveValues(repository: Repository): Readonly<Record<string, Scalar>> {
  const { overrides } = parsed(repository.read(AUTO_TOML_PATH), 'auto_applied');
  return Object.fromEntries([...overrides].map(([target, { value }]) => [target, toScalar(value)]));
}

function valuesOf(sequence: readonly Promotion[]): Readonly<Record<string, Scalar>> {
  return Object.fromEntries(sequence.map(({ target, value }) => [target, value]));
}

const promotions = fc
  .shuffledSubarray(Object.keys(VALUES), { minLength: 2 })
  .chain((targets) =>
    fc.tuple(
      ...targets.map((target) =>
        fc.constantFrom(...(VALUES[target] ?? [])).map((value) => ({ target, value })),
      ),
    ),
  );

test('reverting any one of several promotions never conflicts, and leaves canonical bytes', () => {
  fc.assert(
    fc.property(promotions, (sequence) => {
      const repository = new Repository();
      for (const [path, text] of START) repository.write(path, text);
      repository.commit('Start');
      const commits = sequence.map((promotion, i) => promote(repository, promotion, i));
      const head = repository.git('rev-parse', 'HEAD').trim();
      expect(liveValues(repository)).toEqual(valuesOf(sequence));
      for (const [i, commit] of commits.entries()) {
        const { target } = sequence[i] as Promotion;
        repository.git('revert', '--no-edit', commit);
        expect(liveValues(repository)).toEqual(valuesOf(sequence.filter((found) => found.target !== target)));
        for (const [path, table] of [
          [AUTO_TOML_PATH, 'auto_applied'],
          [LEARNING_OVERRIDE_PATH, 'overrides'],
        ] as const) {
          const text = repository.read(path);
          expect(formatOverrideFile(parsed(text, table))).toBe(text);
        }
        expect(repository.git('ls-files', PROPOSALS_PATH).trim().split('\n')).toHaveLength(
          3 * (sequence.length - 1),
        );
        repository.git('reset', '-q', '--hard', head);
      }
    }),
    {
      numRuns: 8,
      examples: [
        [Object.entries(VALUES).map(([target, values]) => ({ target, value: values[0] as Scalar }))],
      ],
    },
  );
});

test('reverting several promotions, in any order, leads back to the bytes of the start', () => {
  const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 });
  fc.assert(
    fc.property(order, (reverts) => {
      const repository = new Repository();
      for (const [path, text] of START) repository.write(path, text);
      repository.commit('Start');
      const commits = Object.entries(VALUES).map(([target, values], i) =>
        promote(repository, { target, value: values[0] as Scalar }, i),
      );
      for (const index of reverts) repository.git('revert', '--no-edit', commits[index] as string);
      expect(repository.read(AUTO_TOML_PATH)).toBe(START.get(AUTO_TOML_PATH));
      expect(repository.git('ls-files', PROPOSALS_PATH)).toBe('');
    }),
    { numRuns: 3 },
  );
});
