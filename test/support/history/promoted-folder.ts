import { AUTO_TOML_PATH, BASE_CONFIG_PATH } from '../../../src/kernel/governed-paths.ts';
import type { Parameter, Scalar } from '../../../src/kernel/scalar.ts';
import {
  checkOverrides,
  formatOverrideFile,
  listParameters,
  parseBaseConfig,
  parseOverrideFile,
} from '../../../src/liveconfig/index.ts';
import { type GitFolder, gitFolder } from '../cli/git-folder.ts';
import { proposalFiles, proposalId } from './proposal-files.ts';

/** The float parameters of the shipped configuration that the policy lists. */
export const FLOAT_TARGETS = ['macro.regime_weight', 'portfolio.leverage', 'strategy.trigger_delay'] as const;
export type FloatTarget = (typeof FLOAT_TARGETS)[number];

/** How a change comes onto the base branch. */
export type MergeShape = 'merge' | 'squash' | 'fast-forward';

/** A governed repository whose history is made of real promotions: a folder each, and what it says in `auto.toml`. */
export class PromotedFolder {
  readonly folder: GitFolder;
  #count = 0;

  constructor(folder: GitFolder = gitFolder()) {
    this.folder = folder;
  }

  /** What live sessions load for a target at HEAD, as files say. */
  live(target: string): Scalar | undefined {
    return this.#effective().get(target)?.value;
  }

  /** Merges a promotion of these values, and answers its id. */
  promote(values: Partial<Record<FloatTarget, number>>, shape: MergeShape = 'merge'): string {
    this.#count += 1;
    const number = this.#count;
    const entries = Object.entries(values);
    const changes = entries.map(([target, value]) => ({
      target,
      old: this.live(target) as Scalar,
      new: value,
    }));
    const branch = `promotion-${number}`;
    this.folder.git('switch', '--quiet', '--create', branch);
    for (const [path, text] of Object.entries(proposalFiles({ number, changes })))
      this.folder.write(path, text);
    this.#override(new Map(entries.map(([target, value]) => [target, { type: 'float', value }])));
    this.folder.commitAll(`Promote ${number}`);
    this.folder.git('switch', '--quiet', 'main');
    this.merge(branch, shape);
    return proposalId(number);
  }

  /** Brings a branch onto `main`. */
  merge(branch: string, shape: MergeShape = 'merge'): void {
    if (shape === 'merge') this.folder.git('merge', '--quiet', '--no-ff', '--no-edit', branch);
    if (shape === 'fast-forward') this.folder.git('merge', '--quiet', '--ff-only', branch);
    if (shape === 'squash') {
      this.folder.git('merge', '--quiet', '--squash', branch);
      this.folder.git('commit', '--quiet', '--message', 'Something (#7)');
    }
  }

  #override(values: ReadonlyMap<string, Parameter>): void {
    const file = this.#overrides();
    this.folder.write(
      AUTO_TOML_PATH,
      formatOverrideFile({ ...file, overrides: new Map([...file.overrides, ...values]) }),
    );
  }

  #overrides() {
    const file = parseOverrideFile(this.folder.read(AUTO_TOML_PATH), 'auto_applied', AUTO_TOML_PATH);
    if (!file.ok) throw new Error('auto.toml is broken');
    return file.value;
  }

  #effective(): ReadonlyMap<string, Parameter> {
    const base = parseBaseConfig([{ file: BASE_CONFIG_PATH, text: this.folder.read(BASE_CONFIG_PATH) }]);
    if (!base.ok) throw new Error('the base configuration is broken');
    const raw = [...this.#overrides().overrides].map(
      ([target, { type, value }]) => [target, type === 'integer' ? BigInt(value as number) : value] as const,
    );
    const { applied } = checkOverrides(base.value, new Map(raw), AUTO_TOML_PATH);
    return new Map([...listParameters(base.value), ...applied.map((one) => [one.target, one] as const)]);
  }
}
