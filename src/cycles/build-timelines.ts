import type { HistoryEvent, LiveChange } from '../history/index.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Parameter } from '../kernel/scalar.ts';

/** A way back over a promotion, as it stands in the history. */
export interface TakenBack {
  readonly commit: string;
  readonly time: Instant;
}

/** One change of a target's live value. */
export interface TimelineEntry {
  readonly time: Instant;
  readonly kind: HistoryEvent['kind'];
  readonly from: Parameter | null;
  readonly to: Parameter | null;
  readonly commit: string;
  /** The proposal that set the value; for a rollback, those that it took back. */
  readonly proposals: readonly string[];
  readonly lane: 'auto' | 'manual' | null;
  /** For a promotion: when it was taken back on this target. */
  readonly takenBack: TakenBack | null;
  /** For an unexplained change: the later commit that explains it or takes it back, so that it counts as never live. */
  readonly settledBy: string | null;
}

/** Every live value that each target ever had, in the order of the history; targets sorted. */
export type Timelines = ReadonlyMap<string, readonly TimelineEntry[]>;

/** Turns events into one timeline a target. Pure. */
export function buildTimelines(events: readonly HistoryEvent[]): Timelines {
  const timelines = new Map<string, TimelineEntry[]>();
  const waysBack = indexWaysBack(events);
  for (const [i, event] of events.entries()) {
    for (const change of event.changes) {
      const entry = toEntry(event, change, (id) =>
        waysBack.get(keyOf(change.target, id))?.find(({ index }) => index > i),
      );
      const timeline = timelines.get(change.target);
      if (timeline === undefined) timelines.set(change.target, [entry]);
      else timeline.push(entry);
    }
  }
  return new Map([...timelines].sort(([a], [b]) => (a < b ? -1 : 1)));
}

type WayBackAt = TakenBack & { readonly index: number };

/** Every way back by target and promotion, oldest first. */
function indexWaysBack(events: readonly HistoryEvent[]): ReadonlyMap<string, readonly WayBackAt[]> {
  const found = new Map<string, WayBackAt[]>();
  for (const [index, event] of events.entries()) {
    if (event.kind !== 'rollback') continue;
    for (const { target, proposalId } of event.undone) {
      const key = keyOf(target, proposalId ?? '');
      found.set(key, [...(found.get(key) ?? []), { index, commit: event.commit, time: event.time }]);
    }
  }
  return found;
}

function keyOf(target: string, id: string): string {
  return `${target} ${id}`;
}

function toEntry(
  event: HistoryEvent,
  { target, before, after }: LiveChange,
  findWayBack: (id: string) => WayBackAt | undefined,
): TimelineEntry {
  const { kind, time, commit } = event;
  const entry = { kind, time, commit, from: before, to: after, lane: null, takenBack: null, settledBy: null };
  if (event.kind === 'promotion') {
    const own = event.proposals.findLast(({ changes }) => changes.some((change) => change.target === target));
    const way = own === undefined ? undefined : findWayBack(own.id);
    const takenBack = way === undefined ? null : { commit: way.commit, time: way.time };
    return { ...entry, proposals: own === undefined ? [] : [own.id], lane: own?.lane ?? null, takenBack };
  }
  const undone = event.kind === 'rollback' ? event.undone.filter((one) => one.target === target) : [];
  const proposals = undone.flatMap(({ proposalId }) => proposalId ?? []);
  return { ...entry, proposals, settledBy: event.kind === 'unexplained' ? event.settledBy : null };
}
