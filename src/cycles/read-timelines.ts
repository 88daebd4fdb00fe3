import {
  isNeverTarget,
  type PatchRecord,
  parsePatchesArtifact,
  parseRollbackRecord,
  type RollbackRecord,
} from '../governance/index.ts';
import { type HistorySource, liveParameter, readHistory } from '../history/index.ts';
import { sha256Hex } from '../kernel/digest.ts';
import { GOVERNED_FILES, PROPOSALS_PATH } from '../kernel/governed-paths.ts';
import type { Instant } from '../kernel/instant.ts';
import { type Problem, problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import type { Parameter } from '../kernel/scalar.ts';
import { listParameters, type TomlTable } from '../liveconfig/index.ts';
import { parseVerdictRecord, type VerdictRecord } from '../review/index.ts';
import type { CommitRecords } from './audit-port.ts';
import { buildTimelines, type TimelineEntry, type Timelines } from './build-timelines.ts';
import type { CommitSubjects } from './commit-subjects-port.ts';
import { readCommitted, type Texts } from './committed-files.ts';
import type { GitRepository } from './git-port.ts';
import { openCommitBase } from './operator-change.ts';
import { readMergedProposal } from './read-merged-proposal.ts';
import { readNotes } from './read-notes.ts';
import { namedLayers, readLiveState } from './standing-overrides.ts';
import { targetHint } from './target-hint.ts';

/** A repository whose history can be told. */
export type HistoryRepository = HistorySource &
  CommitRecords &
  CommitSubjects &
  Pick<GitRepository, 'resolve' | 'list' | 'read'>;

export interface TimelineRequest {
  readonly clock: Instant;
  /** Null: all. */
  readonly target: string | null;
  /** Entries from then on; null: all. What came before is read all the same, because it decides what a later change was. */
  readonly since: Instant | null;
}

/** What records at HEAD say about timelines. Whoever wrote them said it; digests tell whether evidence is still the same. */
export interface TimelineRecords {
  /** The number of the pull request that a commit's subject names: a hint, by commit. */
  readonly pullHints: ReadonlyMap<string, number>;
  /** What the note of a commit says about its merge: the word of whoever may write refs (ADR 0015). */
  readonly verdicts: ReadonlyMap<string, VerdictRecord>;
  /** What a proposal recorded about a target, by id and target. */
  readonly patchOf: (id: string, target: string) => PatchRecord | null;
  /** Why a promotion was taken back on a target. */
  readonly reasonOf: (id: string, target: string) => string | null;
}

export interface TimelineReport {
  readonly head: string;
  readonly timelines: Timelines;
  readonly records: TimelineRecords;
  /** What sessions load at HEAD; null where the base configuration cannot be loaded or has no such parameter. */
  readonly liveOf: (target: string) => { readonly base: Parameter | null; readonly live: Parameter | null };
  /** Whether the policy says that the target's values appear nowhere. */
  readonly isHidden: (target: string) => boolean;
}

/** Reads what every target had live, from the history of HEAD and the records that it holds. */
export async function readTimelines(
  git: HistoryRepository | null,
  { clock, target, since }: TimelineRequest,
): Promise<Result<TimelineReport>> {
  if (git === null) return fail(problem('NOT_A_REPOSITORY'));
  const head = await git.resolve('HEAD');
  if (head === null) return fail(problem('NO_COMMIT'));
  const history = await readHistory(git, { head, now: clock, since: null, readProposal: readMergedProposal });
  if (!history.ok) return history;
  const all = buildTimelines(history.value.events);
  const timelines = narrow(all, target, since);
  const base = await openCommitBase(git, head, {
    paths: GOVERNED_FILES,
    more: namedLayers,
  });
  const { tree, loaded, policy } = readLiveState(base);
  const isGoverned = GOVERNED_FILES.some((path) => base.read(path) !== null);
  if (all.size === 0 && !isGoverned) return fail(problem('NOT_GOVERNED'));
  const unknown = target === null ? null : findUnknown(target, all, tree);
  if (unknown !== null) return fail(unknown);
  const liveOf = (name: string) => ({
    base: liveParameter(tree, name, undefined),
    live: liveParameter(tree, name, loaded.get(name)),
  });
  const records = await readRecords(git, head, [...timelines.values()].flat());
  const isHidden = (name: string) => policy !== null && isNeverTarget(name, policy);
  return ok({ head, timelines, records, liveOf, isHidden }, history.problems);
}

/** That a mistyped target never changed would be true, and no answer. Where the base configuration cannot be read, it is not known. */
function findUnknown(target: string, all: Timelines, tree: TomlTable | null): Problem | null {
  const known = [...all.keys(), ...(tree === null ? [] : listParameters(tree).keys())];
  if (tree === null || known.includes(target)) return null;
  const hint = targetHint(target, known, 'peak history lists what was ever live');
  return problem('NOT_FOUND', { what: 'target', id: target, hint });
}

function narrow(timelines: Timelines, target: string | null, since: Instant | null): Timelines {
  const own = [...timelines].filter(([name]) => target === null || name === target);
  const cut = own.map(
    ([name, entries]) => [name, entries.filter(({ time }) => since === null || time >= since)] as const,
  );
  // That a parameter came into being is no change; every parameter has that.
  const changed = cut.filter(([, entries]) => entries.some(({ from }) => from !== null || target !== null));
  return new Map(changed);
}

async function readRecords(
  git: HistoryRepository,
  head: string,
  entries: readonly TimelineEntry[],
): Promise<TimelineRecords> {
  const ids = new Set(entries.flatMap(({ proposals }) => proposals));
  const { texts } = await readCommitted(git, head, [PROPOSALS_PATH], (path) => {
    const [, , folder = '', name] = path.split('/');
    return (name === 'config_patches.json' && ids.has(folder)) || name === 'rollback.json';
  });
  const commits = new Set(entries.map(({ commit }) => commit));
  const subjects = await git.subjects([...commits]);
  const notes = await readNotes(git, (commit) => commits.has(commit));
  const patches = new Map<string, readonly PatchRecord[]>();
  return {
    pullHints: new Map(
      [...subjects].flatMap(([commit, subject]) => hintIn(subject).map((hint) => [commit, hint])),
    ),
    verdicts: new Map(
      [...notes].flatMap(([commit, note]): [string, VerdictRecord][] => {
        const record = 'text' in note ? parseVerdictRecord(note.text) : null;
        return record?.merge === commit ? [[commit, record]] : [];
      }),
    ),
    patchOf: (id, target) => {
      const own = patches.get(id) ?? readPatches(texts, id);
      patches.set(id, own);
      return own.find((patch) => patch.target === target) ?? null;
    },
    reasonOf: reasonsIn(texts),
  };
}

/** `Merge pull request #12 from …`, and the `(#12)` that GitHub puts behind a squashed title. */
function hintIn(subject: string): readonly number[] {
  const found = /^Merge pull request #(\d{1,9}) from /.exec(subject) ?? / \(#(\d{1,9})\)$/.exec(subject);
  return found === null ? [] : [Number(found[1])];
}

function readPatches(texts: Texts, id: string): readonly PatchRecord[] {
  const file = `${PROPOSALS_PATH}/${id}/config_patches.json`;
  const parsed = parsePatchesArtifact(texts.get(file) ?? '', file);
  return parsed.ok ? parsed.value.patches : [];
}

function reasonsIn(texts: Texts): TimelineRecords['reasonOf'] {
  const records = [...texts].flatMap(([path, text]): readonly RollbackRecord[] => {
    const parsed = path.endsWith('/rollback.json') ? parseRollbackRecord(text, path) : null;
    return parsed?.ok ? [parsed.value] : [];
  });
  return (id, target) => {
    const own = records.filter(
      ({ proposals, targets }) => proposals.includes(id) && targets.some((entry) => entry.target === target),
    );
    const latest = own.reduce<RollbackRecord | null>(
      (best, one) => (best === null || one.generated_at > best.generated_at ? one : best),
      null,
    );
    return latest?.reason ?? null;
  };
}

/** Whether an evidence file at HEAD is what a proposal was derived from. */
export type EvidenceState = 'same' | 'changed' | 'missing';

/** Compares the files that a proposal names as its sources with what HEAD holds. */
export async function checkSources(
  git: HistoryRepository,
  head: string,
  sources: PatchRecord['evidence']['sources'],
): Promise<ReadonlyMap<string, EvidenceState>> {
  const wanted = new Map(sources.map(({ file, sha256 }) => [file, sha256]));
  const { texts } = await readCommitted(git, head, ['reports'], (path) => wanted.has(path));
  return new Map(
    [...wanted].map(([file, sha256]): [string, EvidenceState] => {
      const text = texts.get(file);
      return [file, text === undefined ? 'missing' : sha256Hex(text) === sha256 ? 'same' : 'changed'];
    }),
  );
}
