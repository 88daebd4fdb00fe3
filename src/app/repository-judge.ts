import type { Logger } from 'probot';
import { autoMerge, isForAutoMerge } from '../cycles/auto-merge.ts';
import { evaluateGroup, type MergeGroup } from '../cycles/evaluate-group.ts';
import { type EvaluationRequest, evaluatePull } from '../cycles/evaluate-pull.ts';
import { isGoverned } from '../cycles/governed-branch.ts';
import type { JudgeDesk } from '../cycles/judge-desk.ts';
import type { OpenPull } from '../cycles/pull-reader-port.ts';
import { recordMerge } from '../cycles/record-merge.ts';
import { recordMissing } from '../cycles/record-missing.ts';
import { runCommand } from '../cycles/run-command.ts';
import { watchBase } from '../cycles/watch-base.ts';
import { watchSchedule } from '../cycles/watch-schedule.ts';
import { MINUTE_MS } from '../kernel/instant.ts';
import type { Asker, Intent } from './intents.ts';
import type { Metrics } from './metrics.ts';
import type { WorkQueue } from './work-queue.ts';

/** Lowest first (judge.md §7). */
const PRIORITY = { killswitch: 0, insider: 1, other: 2, background: 3 } as const;

/** Outsiders get one evaluation in so many milliseconds (judge.md §7). */
const OUTSIDER_MS = 5 * MINUTE_MS;

/** How long after a push the base is audited, in milliseconds: GitHub sends the push and the merge that made it in any order. */
const AUDIT_DELAY_MS = MINUTE_MS;

/** What a judge of one repository works with. */
export interface RepositoryJudgeOptions {
  readonly desk: JudgeDesk;
  readonly queue: WorkQueue;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Turns what webhooks and the clock ask for into jobs, and runs them: one at a time for a repository. */
export class RepositoryJudge {
  readonly #desk: JudgeDesk;
  readonly #queue: WorkQueue;
  readonly #metrics: Metrics;
  readonly #log: Logger;
  #hasListed = false;
  /** Pull requests whose base has changed, until that is said. */
  readonly #announcing = new Set<number>();
  /** Outsider → when their next evaluation may start, and which of their pull requests have one before them. */
  readonly #outsiders = new Map<number, { nextAt: number; readonly waiting: Set<number> }>();

  constructor({ desk, queue, metrics, log }: RepositoryJudgeOptions) {
    this.#desk = desk;
    this.#queue = queue;
    this.#metrics = metrics;
    this.#log = log.child({ repository: desk.name });
  }

  /** Numbers of the open pull requests whose head is this commit, as far as this instance knows. */
  readonly pullsAt = (head: string): readonly number[] =>
    [...this.#desk.memory.heads].flatMap(([number, sha]) => (sha === head ? [number] : []));

  /** Takes an intent of a delivery (its id, for the log); what has to be done is done later, by the queue. */
  handle(intent: Intent, delivery: string): void {
    switch (intent.kind) {
      case 'evaluate':
        if (intent.announces) this.#announcing.add(intent.number);
        return this.#asked(intent.number, intent.by, delivery);
      case 'evaluate_commit':
        return this.#evaluateCommit(intent.head, delivery);
      case 'merged':
        this.#add(`#${intent.number}:merged`, PRIORITY.insider, () =>
          this.#recordMerge(intent.number, delivery),
        );
        return;
      case 'base_moved':
        this.#add(`${intent.branch}:moved`, PRIORITY.killswitch, () => this.#sweep(intent.branch, delivery));
        return;
      case 'group':
        this.#add(`group:${intent.head}`, PRIORITY.insider, () => this.#judgeGroup(intent, delivery));
        return;
      case 'comment':
        return this.#command(`comment:${intent.commentId}`, intent, delivery);
      case 'button':
        return this.#command(`#${intent.number}:${intent.identifier}`, intent, delivery);
      case 'reconcile':
        this.reconcile();
    }
  }

  /** Goes through everything that is open, because GitHub never sends an event twice (judge.md §6). */
  reconcile(): void {
    this.#add('reconcile', PRIORITY.background, async () => {
      for (const { number } of await this.#listPulls())
        this.#evaluate(number, { priority: PRIORITY.background }, { isRoutine: true });
      this.#audit();
      // Before the evaluations, which run when this job is over: trust in evidence rests on notes.
      await this.#recordMissing();
      await watchSchedule(this.#desk);
    });
  }

  /** Verdicts are noted first: a merge whose webhook is on its way is no deviation. */
  #audit(delayMs = 0): void {
    this.#add('audit', PRIORITY.background, () => this.#watchBase(), delayMs);
  }

  async #watchBase(): Promise<void> {
    await this.#recordMissing();
    const open = await watchBase(this.#desk);
    if (open > 0) this.#log.warn({ deviations: open }, 'the base branch holds what nothing explains');
  }

  async #recordMissing(): Promise<void> {
    const recorded = await recordMissing(this.#desk);
    if (recorded > 0) this.#log.info({ merges: recorded }, 'merges recorded that no event told of');
  }

  async #judgeGroup(group: MergeGroup, delivery: string): Promise<void> {
    const verdict = await evaluateGroup(this.#desk, group);
    if (verdict === null) return;
    const { conclusion } = verdict;
    this.#log.info({ delivery, group: group.headRef, conclusion, head: group.head }, 'judged');
  }

  /** Every open pull request against a branch that has moved; what is green goes first, since it is the riskiest (issue 5). */
  async #sweep(branch: string, delivery: string): Promise<void> {
    if (!(await isGoverned(this.#desk, branch))) return;
    const { judged } = this.#desk.memory;
    const isGreen = ({ number }: OpenPull) => judged.get(number)?.verdict.conclusion === 'success';
    this.#audit(AUDIT_DELAY_MS);
    const pulls = (await this.#listPulls()).filter((pull) => pull.branch === branch);
    for (const pull of [...pulls.filter(isGreen), ...pulls.filter((one) => !isGreen(one))]) {
      const priority = pull.isByOutsider && !isGreen(pull) ? PRIORITY.other : PRIORITY.killswitch;
      this.#evaluate(pull.number, { priority, delivery });
    }
  }

  async #listPulls(): Promise<readonly OpenPull[]> {
    this.#hasListed = true;
    const pulls = await this.#desk.pulls.openPulls();
    const { heads } = this.#desk.memory;
    heads.clear();
    for (const { number, head } of pulls) heads.set(number, head);
    return pulls;
  }

  #evaluateCommit(head: string, delivery: string): void {
    const numbers = this.pullsAt(head);
    if (numbers.length === 0) this.reconcile();
    for (const number of numbers) this.#evaluate(number, { priority: PRIORITY.insider, delivery });
  }

  #evaluate(number: number, { delivery, ...urgency }: Urgency, request: EvaluationRequest = {}): void {
    this.#queue.add({
      ...urgency,
      key: `${this.#desk.name}#${number}`,
      lane: this.#desk.name,
      run: () => this.#judge(number, request, delivery),
    });
  }

  /** Without a delivery it was time that asked. */
  async #judge(number: number, request: EvaluationRequest, delivery: string | undefined): Promise<void> {
    const start = Date.now();
    // Whatever started it: a job that was asked for later can have taken the place of the one that waited.
    for (const { waiting } of this.#outsiders.values()) waiting.delete(number);
    // Whose head a commit is has to be known before anything is said about it.
    if (!this.#hasListed) await this.#listPulls();
    const announces = this.#announcing.delete(number);
    const judged = await evaluatePull(this.#desk, number, { ...request, announces });
    if (judged === null) return;
    const { conclusion, kind, lane, head, base, validUntil } = judged.verdict;
    this.#metrics.evaluated(conclusion, (Date.now() - start) / 1000);
    this.#log.info({ delivery, pull: number, conclusion, class: kind, lane, head, base }, 'judged');
    if (conclusion === 'success') {
      const delayMs = Math.max(1_000, validUntil - this.#desk.clock());
      this.#evaluate(number, { priority: PRIORITY.other, delayMs });
    }
    if (isForAutoMerge(judged)) this.#add(`#${number}:merge`, PRIORITY.insider, () => this.#merge(number));
  }

  async #merge(number: number): Promise<void> {
    const answer = await autoMerge(this.#desk, number);
    this.#metrics.merged(answer.state);
    this.#log.info({ pull: number, state: answer.state }, 'auto merge');
  }

  async #recordMerge(number: number, delivery: string): Promise<void> {
    const verdict = await recordMerge(this.#desk, number);
    if (verdict === null) return;
    this.#log.info({ delivery, pull: number, conclusion: verdict.conclusion }, 'merge recorded');
  }

  #command(key: string, intent: Order, delivery: string): void {
    this.#add(key, PRIORITY.insider, async () => {
      const outcome = await runCommand(this.#desk, intent);
      if (outcome === null) return;
      const { number, actor } = intent;
      this.#log.info({ delivery, pull: number, command: outcome, actor: actor.login }, 'command');
      this.#evaluate(number, { priority: PRIORITY.insider, delivery });
    });
  }

  /** Outsiders cannot keep the judge busy, however many pull requests they open, and however often they touch them. */
  #asked(number: number, by: Asker, delivery: string): void {
    if (by.kind !== 'outsider') return this.#evaluate(number, { priority: PRIORITY.insider, delivery });
    const now = Date.now();
    const known = this.#outsiders.get(by.id) ?? { nextAt: 0, waiting: new Set<number>() };
    if (known.waiting.has(number)) return;
    const startAt = Math.max(now, known.nextAt);
    known.nextAt = startAt + OUTSIDER_MS;
    known.waiting.add(number);
    this.#outsiders.set(by.id, known);
    this.#evaluate(number, { priority: PRIORITY.other, delayMs: startAt - now, delivery });
  }

  #add(name: string, priority: number, run: () => Promise<void>, delayMs = 0): void {
    this.#queue.add({ key: `${this.#desk.name}:${name}`, lane: this.#desk.name, priority, delayMs, run });
  }
}

type Order = Extract<Intent, { kind: 'comment' | 'button' }>;

interface Urgency {
  readonly priority: number;
  readonly delayMs?: number;
  /** The latest that asked, of several. */
  readonly delivery?: string;
}
