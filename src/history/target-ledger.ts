import type { Parameter } from '../kernel/scalar.ts';
import type { RawOverrides, TomlValue } from '../liveconfig/index.ts';
import { isSameOverride } from './loaded-config.ts';

/** An override as a file holds it; undefined is none. */
export type Override = TomlValue | undefined;

/** A change of one target that stands: taking it back leads to what was before. */
export interface Standing {
  /** Null for a value that somebody set by hand and that a later proposal was derived from. */
  readonly proposalId: string | null;
  readonly before: Override;
  readonly liveBefore: Parameter | null;
}

/** A value that came with a commit that nothing explains yet. */
interface Unsettled {
  readonly index: number;
  readonly override: Override;
  readonly onSettled: (commit: string) => void;
}

/** What is known of one target's override: the settled value, what nothing explains yet, and what can be taken back. */
export class TargetLedger {
  settled: Override;
  readonly standing: Standing[] = [];
  #unsettled: readonly Unsettled[] = [];

  constructor(settled: Override) {
    this.settled = settled;
  }

  get isUnsettled(): boolean {
    return this.#unsettled.length > 0;
  }

  /** Notes a value without an explanation; `onSettled` is called when a later commit settles it. */
  doubt(unsettled: Unsettled): void {
    this.#unsettled = [...this.#unsettled, unsettled];
  }

  /** A commit explains the override. Whatever nothing explained before it counts as never live. */
  settle(override: Override, commit: string): void {
    for (const { onSettled } of this.#unsettled) onSettled(commit);
    this.#unsettled = [];
    this.settled = override;
  }

  /**
   * Somebody has derived from the line as it was at `index`: what stood there unexplained was live. It becomes the settled value, and
   * the one before it what taking it back leads to.
   */
  adoptUntil(index: number, liveBefore: (override: Override) => Parameter | null): void {
    const adopted = this.#unsettled.filter((entry) => entry.index <= index);
    for (const { override } of adopted) {
      this.standing.push({ proposalId: null, before: this.settled, liveBefore: liveBefore(this.settled) });
      this.settled = override;
    }
    this.#unsettled = this.#unsettled.filter((entry) => entry.index > index);
  }

  /**
   * Removes a promotion whose going moves no value: one that a later one covers, so that taking the later one back now leads to what was before
   * both, or the latest, where what was before it is the same value.
   */
  uncover(proposalId: string): boolean {
    const at = this.standing.findIndex((entry) => entry.proposalId === proposalId);
    const [covered, cover] = [this.standing[at], this.standing[at + 1]];
    if (covered === undefined || (cover === undefined && !isSameOverride(covered.before, this.settled)))
      return false;
    if (cover === undefined) this.standing.pop();
    else this.standing.splice(at, 2, { ...covered, proposalId: cover.proposalId });
    return true;
  }
}

/** The ledgers of all targets; one that is asked for first begins with the override of the history's start. */
export class Ledgers {
  readonly #start: RawOverrides;
  readonly #byTarget = new Map<string, TargetLedger>();

  constructor(start: RawOverrides) {
    this.#start = start;
  }

  of(target: string): TargetLedger {
    let ledger = this.#byTarget.get(target);
    if (ledger === undefined) {
      ledger = new TargetLedger(this.#start.get(target));
      this.#byTarget.set(target, ledger);
    }
    return ledger;
  }

  /** Every target that something has happened to. */
  entries(): Iterable<readonly [string, TargetLedger]> {
    return this.#byTarget;
  }
}
