import { type HistoryView, parsePolicy, parseProposalMeta } from '../governance/index.ts';
import { type History, type HistoryEvent, type HistorySource, readHistory } from '../history/index.ts';
import {
  AUTO_TOML_PATH,
  DECISIONS_PATH,
  EVIDENCE_PATH,
  LEARNING_OVERRIDE_PATH,
  POLICY_PATH,
  PROPOSALS_PATH,
} from '../kernel/governed-paths.ts';
import { type Instant, parseInstant } from '../kernel/instant.ts';
import type { Scalar } from '../kernel/scalar.ts';
import { parameterTypeOf, type TomlValue, toScalar } from '../liveconfig/index.ts';
import type { MergedFile, ReviewHistory, Side, Snapshot, StandingPromotion } from '../review/index.ts';
import type { TreeComparison } from './comparison-port.ts';
import { readHistoryView } from './read-history-view.ts';
import { readMergedProposal } from './read-merged-proposal.ts';

/** The trees whose past is asked for. */
type PastRequest = Pick<Snapshot, 'base' | 'head' | 'mergeBase' | 'own' | 'now'>;

const META = /^reports\/live_promotion\/[^/]+\/proposal_meta\.json$/;

/** The past that both loops depend on, read only where a proposal is added; null where the clone does not hold it. */
export async function readPasts(git: HistorySource, request: PastRequest): Promise<Snapshot['pasts']> {
  if (findAdded(request) === undefined) return { recorded: null, now: null };
  const { base, now } = request;
  const [recorded, current] = await Promise.all([readRecordedPast(git, request), readView(git, base, now)]);
  return { recorded, now: current };
}

/** The part of it that a proposal was derived with: that of the merge base, at the recorded clock. */
export function readRecordedPast(
  git: HistorySource,
  request: Pick<PastRequest, 'own' | 'head' | 'mergeBase'>,
): Promise<HistoryView | null> {
  const path = findAdded(request)?.path ?? '';
  const meta = parseProposalMeta(request.head.texts.get(path) ?? '', path);
  const clock = meta.ok ? parseInstant(meta.value.generated_at) : null;
  return clock === null ? Promise.resolve(null) : readView(git, request.mergeBase, clock);
}

function findAdded({ own }: Pick<PastRequest, 'own'>) {
  return own.find(({ path, before, after }) => before === null && after !== null && META.test(path));
}

async function readView(git: HistorySource, side: Side, clock: Instant): Promise<HistoryView | null> {
  const policy = parsePolicy(side.texts.get(POLICY_PATH) ?? null);
  if (!policy.ok) return null;
  const view = await readHistoryView(git, side.id, policy.value, clock);
  return view.ok ? view.value : null;
}

/** What stands on the base, read only where `auto.toml` changes without a proposal; null where the clone does not hold it. */
export async function readReviewHistory(
  git: HistorySource & TreeComparison,
  { own, base, now }: PastRequest,
): Promise<ReviewHistory | null> {
  const isWayBack =
    own.some(({ path }) => path === AUTO_TOML_PATH) &&
    !own.some(({ path, after }) => after !== null && META.test(path));
  if (!isWayBack) return null;
  const history = await readHistory(git, {
    head: base.id,
    now,
    since: null,
    readProposal: readMergedProposal,
  });
  if (!history.ok) return null;
  const merges = new Merges(
    git,
    base.id,
    own.some(({ path }) => isRecord(path)),
  );
  const standing = new Map<string, StandingPromotion>();
  for (const [target, ledger] of history.value.ledgers.entries()) {
    const top = ledger.standing.at(-1);
    const event = top === undefined ? undefined : promotionOf(history.value, top.proposalId);
    if (top === undefined || top.proposalId === null || event === undefined) continue;
    const merge = await merges.of(event.commit);
    standing.set(target, {
      proposalId: top.proposalId,
      before: scalarOf(top.before),
      mergedAt: event.time,
      merge,
    });
  }
  return { standing, former: formerValues(history.value.events) };
}

/** Paths that a way back may only change as the exact inverse of a merge. */
function isRecord(path: string): boolean {
  const folders = [PROPOSALS_PATH, EVIDENCE_PATH, DECISIONS_PATH];
  return path === LEARNING_OVERRIDE_PATH || folders.some((folder) => path.startsWith(`${folder}/`));
}

type Promotion = Extract<HistoryEvent, { kind: 'promotion' }>;

function promotionOf({ events }: History, proposalId: string | null): Promotion | undefined {
  return events.findLast(
    (event): event is Promotion =>
      event.kind === 'promotion' && event.proposals.some(({ id }) => id === proposalId),
  );
}

function scalarOf(override: TomlValue | undefined): Scalar | null {
  return parameterTypeOf(override) === null ? null : toScalar(override as TomlValue);
}

/** Values that were live by an explained change; what nothing explains is no value to go back to (ADR 0009). */
function formerValues(events: readonly HistoryEvent[]): ReadonlyMap<string, ReadonlySet<Scalar>> {
  const former = new Map<string, Set<Scalar>>();
  for (const event of events) {
    if (event.kind === 'policy' || event.kind === 'unexplained') continue;
    for (const { target, before, after } of event.changes) {
      const values = former.get(target) ?? new Set<Scalar>();
      former.set(target, values);
      for (const parameter of [before, after]) if (parameter !== null) values.add(parameter.value);
    }
  }
  return former;
}

/** What merges did against their first parents; looked up only where other paths change, too. */
class Merges {
  readonly #git: HistorySource & TreeComparison;
  readonly #base: string;
  readonly #isAsked: boolean;
  readonly #known = new Map<string, ReadonlyMap<string, MergedFile>>();

  constructor(git: HistorySource & TreeComparison, base: string, isAsked: boolean) {
    this.#git = git;
    this.#base = base;
    this.#isAsked = isAsked;
  }

  async of(commit: string): Promise<ReadonlyMap<string, MergedFile>> {
    if (!this.#isAsked) return new Map();
    const found = this.#known.get(commit) ?? (await this.#read(commit));
    this.#known.set(commit, found);
    return found;
  }

  async #read(commit: string): Promise<ReadonlyMap<string, MergedFile>> {
    const { commits } = await this.#git.firstParents(this.#base);
    const parent = commits[commits.findIndex(({ id }) => id === commit) - 1];
    if (parent === undefined) return new Map();
    const changes = await this.#git.diff(parent.id, commit);
    return new Map(
      changes.map(({ path, before, after }) => [
        path,
        { before: before?.oid ?? null, after: after?.oid ?? null },
      ]),
    );
  }
}
