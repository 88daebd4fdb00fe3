/**
 * The promise of the auto lane: whatever is merged, rolled back and edited in between, no promotion that the auto lane lets
 * through breaks a bound, a step, a hard limit, or a budget of time, drift or group. Live values are those of the session loader.
 */
import fc from 'fast-check';
import '../support/fixed-seed.ts';
import { expect, test } from 'vitest';
import { loadLiveConfig } from '../../src/cycles/load-config.ts';
import { readHistoryView } from '../../src/cycles/read-history-view.ts';
import { readMergedProposal } from '../../src/cycles/read-merged-proposal.ts';
import {
  type AutoApplyPolicy,
  type Derivation,
  derive,
  formatProposalFolder,
  type Lane,
  tagsOf,
} from '../../src/governance/index.ts';
import { planRollback, readHistory } from '../../src/history/index.ts';
import { distance } from '../../src/kernel/decimal.ts';
import { AUTO_TOML_PATH, BASE_CONFIG_PATH, POLICY_PATH } from '../../src/kernel/governed-paths.ts';
import { DAY_MS, formatInstant, HOUR_MS, type Instant, instantFromMs } from '../../src/kernel/instant.ts';
import type { Parameter } from '../../src/kernel/scalar.ts';
import { formatOverrideFile, parseOverrideFile } from '../../src/liveconfig/index.ts';
import { buildEvidencePatch, buildHealthSignal, evidenceOf } from '../support/builders/evidence.ts';
import { buildPolicy } from '../support/builders/policy.ts';
import { MemoryLine } from '../support/history/memory-line.ts';

const BOUNDS: Readonly<Record<string, { min: number; max: number; step: number }>> = {
  'portfolio.leverage': { min: 1, max: 2, step: 0.25 },
  'hedge.leverage': { min: 1, max: 2, step: 0.25 },
  'strategy.trigger_delay': { min: 3, max: 15, step: 2 },
  'macro.regime_weight': { min: 0, max: 0.8, step: 0.1 },
};
const TARGETS = Object.keys(BOUNDS);
const START = Date.UTC(2026, 0, 1);

type Action =
  | { readonly kind: 'merge'; readonly lane: Lane; readonly wishes: readonly number[] }
  | { readonly kind: 'roll_back'; readonly nth: number }
  | { readonly kind: 'empty' }
  | { readonly kind: 'edit_base'; readonly target: number; readonly at: number }
  | { readonly kind: 'wait'; readonly hours: number };

interface Logged {
  readonly target: string;
  readonly from: number;
  readonly to: number;
  readonly at: Instant;
  readonly kind: 'promotion' | 'rollback' | 'base';
}

/** A governed branch on which things happen, and a log of its own of what was live. */
class Branch {
  readonly line = new MemoryLine();
  readonly log: Logged[] = [];
  readonly policy: AutoApplyPolicy;
  readonly #base = new Map<string, number>([
    ['portfolio.leverage', 1],
    ['hedge.leverage', 1.5],
    ['strategy.trigger_delay', 10],
    ['macro.regime_weight', 0.3],
  ]);
  now = instantFromMs(START);
  autoMerges = 0;

  constructor(policy: AutoApplyPolicy) {
    this.policy = policy;
    const files = {
      [BASE_CONFIG_PATH]: this.#baseText(),
      [POLICY_PATH]: '[promotion]\nmode = "bounded_auto"\n',
    };
    this.line.commit({ ...files, [AUTO_TOML_PATH]: '[auto_applied]\n' }, this.now);
  }

  async act(action: Action): Promise<void> {
    this.now = instantFromMs(this.now + (action.kind === 'wait' ? action.hours * HOUR_MS : 60_000));
    switch (action.kind) {
      case 'wait':
        return;
      case 'merge':
        return this.#merge(action.lane, action.wishes);
      case 'roll_back':
        return this.#rollBack(action.nth);
      case 'empty':
        return this.#commit({ [AUTO_TOML_PATH]: '[auto_applied]\n' }, 'rollback');
      case 'edit_base':
        return this.#editBase(TARGETS[action.target] as string, action.at);
    }
  }

  /** What the loader of a live session says. */
  live(): ReadonlyMap<string, number> {
    const config = loadLiveConfig((path) => this.line.text(path), { env: 'live' });
    if (!config.ok) throw new Error(JSON.stringify(config.problems));
    return new Map(TARGETS.map((target) => [target, config.value.get(target) as number]));
  }

  async #merge(lane: Lane, wishes: readonly number[]): Promise<void> {
    const derivation = await this.#derive(wishes);
    const proposal = derivation.proposals.find((found) => found.lane === lane);
    if (proposal === undefined) return;
    const before = this.live();
    if (lane === 'auto') {
      this.autoMerges += 1;
      for (const { target, old, new: next } of proposal.changes) {
        expect(old).toBe(before.get(target));
        this.#assertPermitted(target, old as number, next as number);
      }
    }
    const folder = Object.fromEntries(formatProposalFolder(proposal, this.policy));
    this.#commit(
      { ...folder, [AUTO_TOML_PATH]: formatOverrideFile(derivation.autoTomlAfter(lane)) },
      'promotion',
    );
    if (lane === 'auto') this.#assertBudgets(proposal.changes.map(({ target }) => target));
  }

  /** Of each target by itself: before the merge. */
  #assertPermitted(target: string, old: number, next: number): void {
    const { min, max, step } = BOUNDS[target] as (typeof BOUNDS)[string];
    expect(next).toBeGreaterThanOrEqual(min);
    expect(next).toBeLessThanOrEqual(max);
    expect(next).toBeLessThanOrEqual(target.includes('leverage') ? 3 : max);
    expect(distance(old, next).toNumber()).toBeLessThanOrEqual(step);
    const { window_days: days, max_drift_share: share, cooldown_hours: hours } = this.policy.budgets;
    const own = this.log.filter((entry) => entry.target === target);
    const past = own.filter(({ at }) => at > this.now - days * DAY_MS).map(({ from }) => from);
    for (const value of [...past, old])
      expect(distance(value, next).toNumber()).toBeLessThanOrEqual(share * (max - min) + 1e-12);
    const last = own.filter(({ kind }) => kind !== 'rollback').at(-1);
    if (last !== undefined) expect(this.now - last.at).toBeGreaterThanOrEqual(hours * HOUR_MS);
    expect(own.at(-1)?.kind).not.toBe('rollback');
  }

  /** Of all targets together: after the merge. */
  #assertBudgets(targets: readonly string[]): void {
    const { promotions_per_day, promotions_per_week, window_days, max_group_share } = this.policy.budgets;
    const day = (at: Instant) => Math.floor(at / DAY_MS);
    const promotions = this.log.filter(({ kind }) => kind === 'promotion');
    const since = (days: number) => promotions.filter(({ at }) => day(at) > day(this.now) - days).length;
    expect(since(1)).toBeLessThanOrEqual(promotions_per_day);
    expect(since(7)).toBeLessThanOrEqual(promotions_per_week);
    for (const tag of new Set(targets.flatMap((target) => tagsOf(target, [], this.policy)))) {
      const moves = this.log.filter(
        ({ target, at, kind }) =>
          kind !== 'rollback' &&
          at > this.now - window_days * DAY_MS &&
          tagsOf(target, [], this.policy).includes(tag),
      );
      const sum = moves.reduce((total, { target, from, to }) => {
        const { min, max } = BOUNDS[target] as (typeof BOUNDS)[string];
        return total + distance(from, to).toNumber() / (max - min);
      }, 0);
      expect(sum).toBeLessThanOrEqual(max_group_share + 1e-9);
    }
  }

  async #derive(wishes: readonly number[]): Promise<Derivation> {
    const parameters = new Map<string, Parameter>(
      [...this.#base].map(([target, value]) => [target, { type: 'float', value }]),
    );
    const live = new Map<string, Parameter>(
      [...this.live()].map(([target, value]) => [target, { type: 'float', value }]),
    );
    const auto = parseOverrideFile(this.line.text(AUTO_TOML_PATH) ?? '', 'auto_applied', AUTO_TOML_PATH);
    const history = await readHistoryView(this.line, this.line.head, this.policy, this.now);
    if (!auto.ok || !history.ok) throw new Error('the branch is broken');
    expect(history.problems).toEqual([]);
    const created = formatInstant(instantFromMs(this.now - 1000));
    const documents = wishes.flatMap((wish, i) => {
      const target = TARGETS[i] as string;
      const patch = {
        target,
        new_value: wish,
        old_value: undefined,
        id: target,
        generated_at: created,
        confidence_score: 0.8 + i / 20,
      };
      return wish < 0 ? [] : [[`${i}.json`, buildEvidencePatch(patch)] as const];
    });
    return derive({
      policy: this.policy,
      clock: this.now,
      parameters,
      live,
      autoToml: auto.value,
      learningOverride: null,
      evidence: evidenceOf(
        { ...Object.fromEntries(documents), 'health.json': buildHealthSignal(95, { created_at: created }) },
        this.now,
      ),
      effectiveMode: 'bounded_auto',
      requestedMode: null,
      baseCommit: this.line.head,
      published: true,
      history: history.value,
      declined: [],
      digests: () => ({
        policy: '0'.repeat(64),
        baseConfig: [],
        autoToml: null,
        learningOverride: null,
        evidenceFiles: 1,
        evidenceRoot: null,
      }),
    });
  }

  async #rollBack(nth: number): Promise<void> {
    const history = await readHistory(this.line, {
      head: this.line.head,
      now: this.now,
      since: null,
      readProposal: readMergedProposal,
    });
    if (!history.ok) throw new Error('the branch is broken');
    const ids = history.value.events.flatMap((event) =>
      event.kind === 'promotion' ? event.proposals.map(({ id }) => id) : [],
    );
    const id = ids[ids.length === 0 ? 0 : nth % ids.length];
    const file = parseOverrideFile(this.line.text(AUTO_TOML_PATH) ?? '', 'auto_applied', AUTO_TOML_PATH);
    if (id === undefined || !file.ok) return;
    const overrides = new Map(file.value.overrides);
    for (const [target, override] of planRollback(history.value, id).restore) {
      if (override === undefined) overrides.delete(target);
      else overrides.set(target, { type: 'float', value: Number(override) });
    }
    this.#commit({ [AUTO_TOML_PATH]: formatOverrideFile({ ...file.value, overrides }) }, 'rollback');
  }

  #editBase(target: string, share: number): void {
    const { min, max } = BOUNDS[target] as (typeof BOUNDS)[string];
    this.#base.set(target, Number((min + share * (max - min)).toFixed(3)));
    this.#commit({ [BASE_CONFIG_PATH]: this.#baseText() }, 'base');
  }

  #commit(files: Readonly<Record<string, string>>, kind: Logged['kind']): void {
    const before = this.live();
    this.line.commit(files, this.now);
    for (const [target, to] of this.live()) {
      const from = before.get(target) as number;
      if (from !== to) this.log.push({ target, from, to, at: this.now, kind });
    }
  }

  #baseText(): string {
    const tables = new Map<string, string[]>();
    for (const [target, value] of this.#base) {
      const [table, key] = target.split('.') as [string, string];
      tables.set(table, [
        ...(tables.get(table) ?? []),
        `${key} = ${Number.isInteger(value) ? value.toFixed(1) : value}`,
      ]);
    }
    return [...tables].map(([table, lines]) => `[${table}]\n${lines.join('\n')}\n`).join('\n');
  }
}

/** A wish for each target, near enough to be permitted now and then; below 0: none. */
const wishes = fc.tuple(
  ...TARGETS.map((target) => {
    const { min, max, step } = BOUNDS[target] as (typeof BOUNDS)[string];
    const steps = Math.round((max - min) / step) * 2;
    const value = fc
      .integer({ min: -1, max: steps + 1 })
      .map((n) => Number((min + (n * step) / 2).toFixed(3)));
    return fc.oneof({ weight: 3, arbitrary: value }, fc.constant(-1));
  }),
);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 8, arbitrary: wishes.map((all): Action => ({ kind: 'merge', lane: 'auto', wishes: all })) },
  { weight: 2, arbitrary: wishes.map((all): Action => ({ kind: 'merge', lane: 'manual', wishes: all })) },
  { weight: 1, arbitrary: fc.nat(20).map((nth): Action => ({ kind: 'roll_back', nth })) },
  { weight: 1, arbitrary: fc.constant<Action>({ kind: 'empty' }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.nat(TARGETS.length - 1), fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([target, at]): Action => ({ kind: 'edit_base', target, at })),
  },
  {
    weight: 8,
    arbitrary: fc.integer({ min: 1, max: 200 }).map((hours): Action => ({ kind: 'wait', hours })),
  },
);

test('no sequence of merges, rollbacks and base edits lets the auto lane break a bound, a step or a budget', {
  timeout: 300_000,
}, async () => {
  let merges = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { minLength: 10, maxLength: 40 }),
      fc.constantFrom('manual' as const, 'clamp' as const),
      fc.constantFrom(
        {},
        { promotions_per_week: 3 },
        { max_group_share: 0.4, cooldown_hours: 1 },
        { max_drift_share: 0.3 },
      ),
      async (actions, on_step_exceeded, budgets) => {
        const targets = { targets: TARGETS };
        const branch = new Branch(buildPolicy({ eligibility: targets, auto: { on_step_exceeded }, budgets }));
        for (const next of actions) await branch.act(next);
        merges += branch.autoMerges;
      },
    ),
    { numRuns: 80 },
  );
  // A lane that lets nothing through would pass, too.
  expect(merges).toBeGreaterThan(80);
});
