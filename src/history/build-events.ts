import { AUTO_TOML_PATH, PROPOSALS_PATH } from '../kernel/governed-paths.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Problem } from '../kernel/problem.ts';
import { isSameParameter, type Parameter } from '../kernel/scalar.ts';
import type { CommitChange, StoredFile } from './commit-log.ts';
import type { HistoryEvent, LiveChange, UndoneChange, Unexplained } from './event.ts';
import {
  type Explanation,
  explainOverrides,
  type OverrideChange,
  type TargetReason,
} from './explain-overrides.ts';
import { type ConfigChange, GovernedState } from './governed-state.ts';
import { type BlobTexts, isSameOverride, liveParameter } from './loaded-config.ts';
import type { MergedProposal, ReadProposal } from './merged-proposal.ts';
import { ProposalRecords, type RecordChange } from './proposal-records.ts';
import { Ledgers, type Override, type TargetLedger } from './target-ledger.ts';

/** A commit of the line that touches governed files. */
export interface PlacedCommit extends CommitChange {
  /** Its position in the whole line, from 0. */
  readonly index: number;
  readonly time: Instant;
}

/** What events are built from. */
export interface HistoryInputs {
  /** Governed configuration files right before the first commit. */
  readonly start: ReadonlyMap<string, StoredFile>;
  /** Whether something lies before the first commit; what it was is not looked at. */
  readonly hasPast: boolean;
  readonly texts: BlobTexts;
  readonly readProposal: ReadProposal;
  /** Position of every commit of the line. */
  readonly positions: ReadonlyMap<string, number>;
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Turns commits, told from the oldest to the newest, into events (ADR 0009). Pure. */
export class HistoryBuilder {
  readonly #inputs: HistoryInputs;
  readonly #state: GovernedState;
  readonly #records: ProposalRecords;
  readonly #events: HistoryEvent[] = [];
  readonly #doubtful = new Set<string>();
  readonly ledgers: Ledgers;
  #isGoverned: boolean;

  constructor(inputs: HistoryInputs) {
    this.#inputs = inputs;
    this.#state = new GovernedState(inputs.start, inputs.texts);
    this.#records = new ProposalRecords(inputs.texts, inputs.readProposal);
    this.ledgers = new Ledgers(this.#state.loaded.overrides.raw);
    this.#isGoverned = inputs.hasPast;
  }

  /** In the order of the line. A later commit can still settle an unexplained one. */
  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  /** Takes the next commit of the line. */
  add(commit: PlacedCommit): void {
    const records = this.#records.read(commit);
    this.#adopt(records.added);
    const config = this.#state.advance(commit.files);
    const step: Step = { commit, config, records, targets: this.#changedTargets(config) };
    const facts = { commit: commit.id, time: commit.time };
    if (config.isPolicyTouched) this.#events.push({ kind: 'policy', ...facts, changes: [] });
    if (config.isBaseTouched) {
      const moved = [...config.movedParameters].filter((target) => !step.targets.includes(target)).sort();
      const changes = this.#liveChanges(config, moved);
      this.#events.push({ kind: 'configuration', ...facts, changes, problems: config.baseProblems });
    }
    if (this.#isGoverned) this.#addOverrides(step);
    else this.#acceptGenesis(step);
    this.#isGoverned ||= this.#state.hasPolicy;
  }

  /** What stood before there was a policy was governed by nobody: history begins with it as it is. */
  #acceptGenesis({ commit, targets, config }: Step): void {
    for (const target of targets)
      this.ledgers.of(target).settle(config.after.overrides.raw.get(target), commit.id);
  }

  /** A proposal names the commit that it was derived from: what stood there was a state that others could see, not a passage. */
  #adopt(added: readonly MergedProposal[]): void {
    if (this.#doubtful.size === 0) return;
    for (const { baseCommit } of added) {
      const index = baseCommit === null ? undefined : this.#inputs.positions.get(baseCommit);
      if (index === undefined) continue;
      for (const target of this.#doubtful) {
        const ledger = this.ledgers.of(target);
        ledger.adoptUntil(index, (override) => this.#liveOf(target, override));
        if (!ledger.isUnsettled) this.#doubtful.delete(target);
      }
    }
  }

  /** Targets whose override is another one now; after an unreadable file, than it last was, or than what is settled. */
  #changedTargets({ isAutoTouched, before, after }: ConfigChange): readonly string[] {
    if (!isAutoTouched) return [];
    const next = after.overrides.raw;
    const wasReadable = before.overrides.isReadable;
    const old = wasReadable ? before.overrides.raw : before.readable;
    return [...new Set([...old.keys(), ...next.keys()])]
      .filter(
        (target) =>
          !isSameOverride(old.get(target), next.get(target)) ||
          (!wasReadable && this.ledgers.of(target).isUnsettled),
      )
      .sort();
  }

  #addOverrides(step: Step): void {
    const { config, records, targets } = step;
    const { isReadable, problems } = config.after.overrides;
    if (!isReadable && config.isAutoTouched) return this.#doubt(step, { targets, problems });
    const isSilent = targets.length === 0 && records.added.length === 0;
    const explanation = isSilent ? NOTHING : this.#explain(step);
    if (explanation === null) return this.#doubt(step, { targets, problems: [] });
    const undone = this.#settle(step, explanation);
    const open = records.added.filter((proposal) => !explanation.proposals.includes(proposal));
    const isInverse = (folder: string) =>
      undone.some(({ proposalId }) => proposalId === null || proposalId === folder);
    const touched = new Map([...records.touched].filter(([folder]) => !isInverse(folder)));
    const left: Step = { ...step, records: { ...records, added: open, touched } };
    if (open.length > 0 || touched.size > 0 || records.unreadable.length > 0)
      this.#doubt(left, { targets: [], problems: [] });
  }

  #explain({ config, records, targets }: Step): Explanation | null {
    const { before, after, movedParameters } = config;
    const change: OverrideChange = {
      targets,
      after: (target) => after.overrides.raw.get(target),
      live: (target, override) => liveParameter(after.tree, target, override),
      liveBefore: (target) => liveParameter(before.tree, target, before.overrides.raw.get(target)),
      isBaseMoved: (target) => movedParameters.has(target),
    };
    const open = this.#records.openFor(new Set([...targets, ...this.#doubtful]));
    return explainOverrides(change, { added: records.added, open }, this.ledgers);
  }

  /** Books an explained change, as up to one promotion and one rollback; answers what was taken back. */
  #settle(step: Step, { reasons, proposals }: Explanation): readonly UndoneChange[] {
    const { commit, records } = step;
    const promoted: LiveChange[] = [];
    const rolledBack: LiveChange[] = [];
    const undone: UndoneChange[] = [];
    for (const [target, reason] of [...reasons].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const booked = this.#book(step, target, reason);
      if (reason.kind === 'promoted') promoted.push(booked.change);
      else if (!isSameParameter(booked.change.before, booked.change.after)) rolledBack.push(booked.change);
      undone.push(...booked.undone);
    }
    undone.push(...this.#uncover(records.rolledBack, reasons));
    for (const { id } of proposals) this.#records.close(id, commit.id);
    const facts = { commit: commit.id, time: commit.time };
    if (proposals.length > 0)
      this.#events.push({ kind: 'promotion', ...facts, changes: promoted, proposals });
    const isWayBack = undone.length > 0 || [...reasons.values()].some(({ kind }) => kind === 'restored');
    if (isWayBack) this.#events.push({ kind: 'rollback', ...facts, changes: rolledBack, undone });
    return undone;
  }

  /** Takes one explained target into its ledger. Its change counts from the settled value on. */
  #book(
    { commit, config }: Step,
    target: string,
    reason: TargetReason,
  ): { readonly change: LiveChange; readonly undone: readonly UndoneChange[] } {
    const ledger = this.ledgers.of(target);
    const override = config.after.overrides.raw.get(target);
    const before = this.#liveOf(target, ledger.settled);
    if (reason.kind === 'promoted')
      ledger.standing.push({ proposalId: reason.proposal.id, before: ledger.settled, liveBefore: before });
    if (reason.kind === 'graduated') ledger.standing.length = 0;
    const undone = reason.kind === 'rolled_back' ? takeBack(ledger, target, reason.depth) : [];
    ledger.settle(override, commit.id);
    this.#doubtful.delete(target);
    return { change: { target, before, after: this.#liveOf(target, override) }, undone };
  }

  /** A rollback of a promotion that a later one covers moves no value; it says so itself. */
  #uncover(ids: readonly string[], reasons: Explanation['reasons']): readonly UndoneChange[] {
    if (ids.length === 0) return [];
    return [...this.ledgers.entries()].flatMap(([target, ledger]) =>
      ids
        .filter((id) => !reasons.has(target) && ledger.uncover(id))
        .map((proposalId) => ({ target, proposalId })),
    );
  }

  /** Names what nothing explains, and waits for a later commit that does. */
  #doubt(
    { commit, config, records }: Step,
    { targets, problems }: { readonly targets: readonly string[]; readonly problems: readonly Problem[] },
  ): void {
    const { added, touched, unreadable } = records;
    const metas = added.map(({ id }) => `${PROPOSALS_PATH}/${id}/proposal_meta.json`);
    const isAuto = targets.length > 0 || problems.length > 0;
    const event: Draft<Unexplained> = {
      kind: 'unexplained',
      commit: commit.id,
      time: commit.time,
      changes: this.#liveChanges(config, targets),
      files: [
        ...(isAuto ? [AUTO_TOML_PATH] : []),
        ...metas,
        ...unreadable,
        ...[...touched.values()].flat(),
      ].sort(),
      problems,
      settledBy: null,
    };
    let waiting = targets.length + added.length;
    const isFinal = touched.size > 0 || unreadable.length > 0;
    const onSettled = (by: string): void => {
      waiting -= 1;
      if (waiting === 0 && !isFinal) event.settledBy = by;
    };
    for (const target of targets) {
      const override = config.after.overrides.raw.get(target);
      this.ledgers.of(target).doubt({ index: commit.index, override, onSettled });
      this.#doubtful.add(target);
    }
    for (const proposal of added) this.#records.leaveOpen(proposal, onSettled);
    this.#events.push(event);
  }

  #liveChanges({ before, after }: ConfigChange, targets: readonly string[]): readonly LiveChange[] {
    return targets
      .map((target) => ({
        target,
        before: liveParameter(before.tree, target, before.overrides.raw.get(target)),
        after: liveParameter(after.tree, target, after.overrides.raw.get(target)),
      }))
      .filter((change) => !isSameParameter(change.before, change.after));
  }

  #liveOf(target: string, override: Override): Parameter | null {
    return liveParameter(this.#state.loaded.tree, target, override);
  }
}

/** One commit, and what it did. */
interface Step {
  readonly commit: PlacedCommit;
  readonly config: ConfigChange;
  readonly records: RecordChange;
  readonly targets: readonly string[];
}

const NOTHING: Explanation = { reasons: new Map(), proposals: [] };

/** Removes the promotions that a way back takes back; a target without a known one is named all the same. */
function takeBack(ledger: TargetLedger, target: string, depth: number): readonly UndoneChange[] {
  const taken = ledger.standing.splice(ledger.standing.length - depth, depth);
  return taken.length === 0
    ? [{ target, proposalId: null }]
    : taken.map(({ proposalId }) => ({ target, proposalId }));
}
