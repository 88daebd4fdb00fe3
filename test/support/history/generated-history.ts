import {
  AUTO_TOML_PATH,
  BASE_CONFIG_PATH,
  POLICY_PATH,
  PROPOSALS_PATH,
} from '../../../src/kernel/governed-paths.ts';
import type { FastImport } from './fast-import.ts';
import type { Files } from './memory-line.ts';
import { autoToml, proposalFiles, proposalId, type TestProposal } from './proposal-files.ts';

/** What the generator did, in the words of history: the commit, the kind, and what became of live values. */
export interface ExpectedEvent {
  readonly commit: string;
  readonly kind: string;
  /** `target before→after`, sorted. */
  readonly changes: readonly string[];
  readonly settled: boolean;
}

interface Standing {
  readonly number: number;
  readonly before: number | undefined;
}

/** Answers a whole number from 0 to below `limit`. */
export type Draw = (limit: number) => number;

const TARGETS = Array.from({ length: 12 }, (_, i) => `group${i % 3}.p${String(i).padStart(2, '0')}`).sort();
const START_SECONDS = 1_700_000_000;

/** Makes a governed repository with mixed events, and knows what each of them was. */
export class GeneratedHistory {
  readonly expected: ExpectedEvent[] = [];
  readonly values = new Map<string, number>();
  readonly #base = new Map(TARGETS.map((target) => [target, 1]));
  readonly #standing = new Map<string, Standing[]>(TARGETS.map((target) => [target, []]));
  /** Targets that a push has changed, with the commit of the push, until somebody derives from it. */
  readonly #pushed = new Map<string, { index: number; before: number | undefined }>();
  #import: FastImport;
  readonly #draw: Draw;
  #seconds = START_SECONDS;
  #count = 0;
  head = '';

  constructor(importer: FastImport, draw: Draw) {
    this.#import = importer;
    this.#draw = draw;
  }

  get seconds(): number {
    return this.#seconds;
  }

  /** What a live session would load for a target. */
  live(target: string): number {
    return this.values.get(target) ?? this.#base.get(target) ?? Number.NaN;
  }

  /** Ids of promotions of which something stands. */
  get standing(): readonly string[] {
    const numbers = new Set([...this.#standing.values()].flat().map(({ number }) => number));
    return [...numbers].sort((a, b) => a - b).map(proposalId);
  }

  /** Goes on with another import into the same repository. */
  continueWith(importer: FastImport): void {
    this.#import = importer;
  }

  /** Base configuration, policy and an empty `auto.toml`. */
  async start(): Promise<void> {
    const head = await this.#commit([], {
      [BASE_CONFIG_PATH]: this.#baseText(),
      [POLICY_PATH]: '[promotion]\nmode = "manual_only"\n',
      ...this.#auto(),
    });
    this.#expect(head, 'policy', []);
    this.#expect(
      head,
      'configuration',
      TARGETS.map((target) => `${target} undefined→1`),
    );
  }

  /** One event of a random kind. */
  async step(): Promise<void> {
    const acts: readonly (() => Promise<void>)[] = [
      () => this.promoteBy('merge'),
      () => this.promoteBy('squash'),
      () => this.promoteBy('octopus'),
      () => this.promoteBy('rebase'),
      () => this.revert(),
      () => this.restoreBackup(),
      () => this.emptyTable(),
      () => this.push(),
      () => this.takePushBack(),
      () => this.editBase(),
      () => this.editPolicy(),
      () => this.breakAndRepair(),
      () => this.editElsewhere(),
    ];
    // Promotions and the usual ways back come twice as often.
    await acts[this.#draw(acts.length + 6) % acts.length]?.();
    await this.#import.drain();
  }

  async promoteBy(shape: 'merge' | 'squash' | 'octopus' | 'rebase'): Promise<void> {
    const free = this.#shuffled().filter((target) => !this.#pushed.has(target) || shape !== 'rebase');
    const sizes = shape === 'octopus' ? [1, 2] : [1 + this.#draw(3)];
    const proposals = sizes.map((size) => this.#proposal(free.splice(0, size)));
    const before = this.#liveOf(proposals);
    if (shape === 'rebase') await this.#pass(proposals[0] as TestProposal);
    const sides: string[] = [];
    for (const proposal of proposals) {
      this.#carryOut(proposal);
      if (shape === 'merge' || shape === 'octopus')
        sides.push(this.#side({ ...proposalFiles(proposal), ...this.#auto() }));
    }
    const files = Object.assign({}, ...proposals.map(proposalFiles), this.#auto()) as Files;
    const head = await this.#commit([this.head, ...sides], files);
    this.#expect(head, 'promotion', this.#changed(before));
  }

  /** `git revert`: the values of one promotion that nothing covers, and its folder. */
  async revert(): Promise<void> {
    const tops = [...this.#standing].flatMap(([target, all]) =>
      all.length > 0 && !this.#pushed.has(target) ? [[target, all.at(-1) as Standing] as const] : [],
    );
    const number = tops[this.#draw(Math.max(tops.length, 1))]?.[1].number;
    const all = [...this.#standing].filter(([, standing]) =>
      standing.some((entry) => entry.number === number),
    );
    if (number === undefined || all.some(([, standing]) => standing.at(-1)?.number !== number))
      return this.editElsewhere();
    if (all.some(([target]) => this.#pushed.has(target))) return this.editElsewhere();
    await this.#rollBack(
      all.map(([target]) => target),
      deletedFolder(number),
    );
  }

  /** Values go back, and no record says so. */
  async restoreBackup(): Promise<void> {
    const target = this.#shuffled().find(
      (name) => this.#standing.get(name)?.length && !this.#pushed.has(name),
    );
    if (target === undefined) return this.editElsewhere();
    await this.#rollBack([target], {});
  }

  async emptyTable(): Promise<void> {
    if (this.values.size === 0 || this.#pushed.size > 0) return this.editElsewhere();
    const before = new Map([...this.values.keys()].map((target) => [target, this.live(target)]));
    for (const target of this.values.keys()) this.#standing.set(target, []);
    this.values.clear();
    const head = await this.#commit([this.head], { [AUTO_TOML_PATH]: '[auto_applied]\n' });
    this.#expect(head, 'rollback', this.#changed(before));
  }

  async push(): Promise<void> {
    const target = this.#shuffled().find((name) => !this.#pushed.has(name)) as string;
    const before = new Map([[target, this.live(target)]]);
    const override = this.values.get(target);
    this.values.set(target, this.#other(target));
    const head = await this.#commit([this.head], this.#auto());
    this.#pushed.set(target, { index: this.expected.length, before: override });
    this.#expect(head, 'unexplained', this.#changed(before));
  }

  /** The way back from a push moves nothing: both count as never live. */
  async takePushBack(): Promise<void> {
    const [found] = this.#pushed;
    if (found === undefined) return this.editElsewhere();
    const [target, { index, before }] = found;
    if (before === undefined) this.values.delete(target);
    else this.values.set(target, before);
    const head = await this.#commit([this.head], this.#auto());
    this.#pushed.delete(target);
    this.expected[index] = { ...(this.expected[index] as ExpectedEvent), settled: true };
    this.#expect(head, 'rollback', []);
  }

  async editBase(): Promise<void> {
    const target = TARGETS[this.#draw(TARGETS.length)] as string;
    const before = new Map([[target, this.live(target)]]);
    this.#base.set(target, Number(((this.#base.get(target) ?? 1) + 0.05).toFixed(2)));
    const head = await this.#commit([this.head], { [BASE_CONFIG_PATH]: this.#baseText() });
    this.#expect(head, 'configuration', this.#changed(before));
  }

  async editPolicy(): Promise<void> {
    const text = `# ${this.#count}\n[promotion]\nmode = "manual_only"\n`;
    this.#expect(await this.#commit([this.head], { [POLICY_PATH]: text }), 'policy', []);
  }

  async breakAndRepair(): Promise<void> {
    if (this.#pushed.size > 0) return this.editElsewhere();
    const broken = await this.#commit([this.head], { [AUTO_TOML_PATH]: `[auto_applied # ${this.#count}\n` });
    const changes = [...this.values].filter(([target, value]) => this.#base.get(target) !== value);
    const told = changes.map(([target, value]) => `${target} ${value}→${this.#base.get(target)}`).sort();
    this.expected.push({ commit: broken, kind: 'unexplained', changes: told, settled: this.values.size > 0 });
    const head = await this.#commit([this.head], this.#auto());
    if (this.values.size > 0) this.#expect(head, 'rollback', []);
  }

  async editElsewhere(): Promise<void> {
    await this.#commit([this.head], { [`src/file${this.#draw(50)}.txt`]: `${this.#count}\n` });
  }

  /** Takes one proposal back key by key, with a record, as the plan says. */
  async takeBack(id: string, restore: ReadonlyMap<string, unknown>): Promise<void> {
    for (const standing of this.#standing.values()) {
      const at = standing.findIndex(({ number }) => proposalId(number) === id);
      const [own, cover] = [standing[at], standing[at + 1]];
      if (own === undefined) continue;
      if (cover !== undefined) standing.splice(at, 2, { number: cover.number, before: own.before });
      else standing.splice(at, 1);
    }
    for (const [target, value] of restore) {
      if (value === undefined) this.values.delete(target);
      else this.values.set(target, Number(value));
    }
    const record = JSON.stringify({ schema_version: 1, proposals: [id] });
    await this.#commit([this.head], {
      ...this.#auto(),
      [`${PROPOSALS_PATH}/rollback_${id}/rollback.json`]: record,
    });
  }

  /** What every target goes back to when one proposal is taken back: this is the model that plans are held against. */
  expectedRestore(id: string): ReadonlyMap<string, number | undefined> {
    return new Map(
      [...this.#standing].flatMap(([target, standing]) => {
        const top = standing.at(-1);
        return top !== undefined && proposalId(top.number) === id ? [[target, top.before] as const] : [];
      }),
    );
  }

  async #rollBack(targets: readonly string[], files: Files): Promise<void> {
    const before = new Map(targets.map((target) => [target, this.live(target)]));
    for (const target of targets) {
      const override = this.#standing.get(target)?.pop()?.before;
      if (override === undefined) this.values.delete(target);
      else this.values.set(target, override);
    }
    const head = await this.#commit([this.head], { ...files, ...this.#auto() });
    this.#expect(head, 'rollback', this.#changed(before));
  }

  /** The commits of a pull request that a rebase merge puts on the line before the one that counts. */
  async #pass({ changes }: TestProposal): Promise<void> {
    const kept = new Map(this.values);
    for (let i = 1 + this.#draw(2); i > 0; i -= 1) {
      const before = new Map(changes.map(({ target }) => [target, this.live(target)]));
      for (const { target } of changes) this.values.set(target, 2.5 + i / 4);
      const commit = await this.#commit([this.head], this.#auto());
      this.expected.push({ commit, kind: 'unexplained', changes: this.#changed(before), settled: true });
    }
    this.values.clear();
    for (const [target, value] of kept) this.values.set(target, value);
  }

  #proposal(targets: readonly string[]): TestProposal {
    this.#count += 1;
    const changes = targets.map((target) => ({ target, old: this.live(target), new: this.#other(target) }));
    return { number: this.#count, changes, baseCommit: this.head };
  }

  /** A value that the target does not have, and that is none of those it could go back to. */
  #other(target: string): number {
    return Number(
      (1 + (this.#draw(10_000) + 1) / 10_000 + (this.live(target) > 1.5 ? 0 : 0.00001)).toFixed(5),
    );
  }

  /** A proposal is derived from the head, so what pushes left there was live: taking it back leads to what was before. */
  #adoptAll(): void {
    for (const [target, { before }] of this.#pushed) {
      this.#standing.get(target)?.push({ number: -1, before });
    }
    this.#pushed.clear();
  }

  #carryOut({ number, changes }: TestProposal): void {
    this.#adoptAll();
    for (const { target, new: next } of changes) {
      this.#standing.get(target)?.push({ number, before: this.values.get(target) });
      this.values.set(target, next as number);
    }
  }

  #liveOf(proposals: readonly TestProposal[]): ReadonlyMap<string, number> {
    return new Map(
      proposals.flatMap(({ changes }) => changes.map(({ target }) => [target, this.live(target)])),
    );
  }

  #changed(before: ReadonlyMap<string, number>): readonly string[] {
    return [...before]
      .filter(([target, value]) => value !== this.live(target))
      .map(([target, value]) => `${target} ${value}→${this.live(target)}`)
      .sort();
  }

  #expect(commit: string, kind: string, changes: readonly string[]): void {
    this.expected.push({ commit, kind, changes, settled: false });
  }

  #auto(): Files {
    return { [AUTO_TOML_PATH]: autoToml(TARGETS, this.values) };
  }

  #baseText(): string {
    const groups = [0, 1, 2].map((group) => {
      const own = TARGETS.filter((target) => target.startsWith(`group${group}.`));
      const lines = own.map((target) => `${target.split('.')[1]} = ${this.#base.get(target)?.toFixed(2)}`);
      return `[group${group}]\n${lines.join('\n')}\n`;
    });
    return groups.join('\n');
  }

  #shuffled(): string[] {
    const from = this.#draw(TARGETS.length);
    return [...TARGETS.slice(from), ...TARGETS.slice(0, from)];
  }

  #side(files: Files): string {
    this.#seconds += 60;
    return this.#import.commit({ branch: 'side', parents: [this.head], files, seconds: this.#seconds });
  }

  async #commit(parents: readonly string[], files: Files): Promise<string> {
    this.#count += 1;
    this.#seconds += 60;
    const mark = this.#import.commit({ branch: 'main', parents, files, seconds: this.#seconds });
    this.head = await this.#import.idOf(mark);
    return this.head;
  }
}

function deletedFolder(number: number): Files {
  return Object.fromEntries(Object.keys(proposalFiles({ number, changes: [] })).map((path) => [path, null]));
}
