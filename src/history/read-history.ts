import { AUTO_TOML_PATH, BASE_CONFIG_PATH, POLICY_PATH, PROPOSALS_PATH } from '../kernel/governed-paths.ts';
import { DAY_MS, formatInstant, type Instant, instantFromMs } from '../kernel/instant.ts';
import { type Problem, problem, warning } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { decodeUtf8 } from '../kernel/text/decode-utf8.ts';
import { HistoryBuilder, type PlacedCommit } from './build-events.ts';
import type { CommitChange, CommitLine, CommitLog, CommitRange, StoredFile } from './commit-log.ts';
import type { HistoryEvent } from './event.ts';
import { type BlobTexts, loadLayers } from './loaded-config.ts';
import type { ReadProposal } from './merged-proposal.ts';
import { placeInTime } from './place-in-time.ts';
import { isRecordText } from './proposal-records.ts';
import type { Ledgers } from './target-ledger.ts';

/** Where a history is read from: the line of commits, and what commits hold. */
export interface HistorySource extends CommitLog {
  /** Answers the files of a commit below the prefixes. */
  list(
    commit: string,
    prefixes: readonly string[],
  ): Promise<readonly (StoredFile & { readonly path: string })[]>;
  /** Answers the stored bytes of blobs, in the order asked. */
  read(oids: readonly string[]): Promise<readonly Uint8Array[]>;
}

export interface HistoryRequest {
  /** The base commit, a full id. */
  readonly head: string;
  /** No event is after it. */
  readonly now: Instant;
  /** Events from then on are needed; null: all. */
  readonly since: Instant | null;
  readonly readProposal: ReadProposal;
}

/** What happened to the governed files on the first-parent history of a commit. */
export interface History {
  /** In the order of the line. */
  readonly events: readonly HistoryEvent[];
  /** What stands at the end, target by target. */
  readonly ledgers: Ledgers;
}

const CONFIG_PATHS = [POLICY_PATH, BASE_CONFIG_PATH, AUTO_TOML_PATH];

/**
 * Reads the history of a commit: one walk over the line, one `git log --raw` over the part that is needed, one reading of all
 * texts that differ (and the same once more for configuration layers, where a policy names some). Fails with
 * HISTORY_TOO_SHALLOW where the clone does not hold what is needed. Warnings: HISTORY_REWRITTEN.
 */
export async function readHistory(source: HistorySource, request: HistoryRequest): Promise<Result<History>> {
  const { head, now, since } = request;
  const all = { after: null, until: head };
  const early = since === null ? source.changesAlong(all, [...CONFIG_PATHS, PROPOSALS_PATH]) : null;
  // It may fail while nobody waits for it yet, which would end the process; it is awaited below all the same.
  early?.catch(() => undefined);
  const line = await source.firstParents(head);
  const times = placeInTime(line.commits, now);
  const first = since === null ? 0 : firstFrom(times, since);
  if (line.isCut && first === 0) {
    // The reading that was begun must not fail unseen.
    await early;
    return fail(tooShallow(line, since));
  }
  const after = line.commits[first - 1]?.id ?? null;
  const range = { after, until: head };
  const changes = (await early) ?? (await source.changesAlong(range, [...CONFIG_PATHS, PROPOSALS_PATH]));
  const read = await readTexts(source, range, changes);
  const positions = new Map(line.commits.map(({ id }, index) => [id, index]));
  const builder = new HistoryBuilder({ ...read, ...request, hasPast: after !== null, positions });
  const commits = read.changes.map((change) => placed(change, positions, times));
  for (const commit of commits.sort((a, b) => a.index - b.index)) builder.add(commit);
  return ok(
    { events: builder.events, ledgers: builder.ledgers },
    findRewritten(builder.events, positions, line),
  );
}

/** The first position whose time is not before `since`. */
function firstFrom(times: readonly Instant[], since: Instant): number {
  const index = times.findIndex((time) => time >= since);
  return index === -1 ? times.length : index;
}

function placed(
  change: CommitChange,
  positions: ReadonlyMap<string, number>,
  times: readonly Instant[],
): PlacedCommit {
  const index = positions.get(change.id) ?? 0;
  return { ...change, index, time: times[index] as Instant };
}

interface ReadTexts {
  readonly changes: readonly CommitChange[];
  readonly start: ReadonlyMap<string, StoredFile>;
  readonly texts: BlobTexts;
}

async function readTexts(
  source: HistorySource,
  range: CommitRange,
  changes: readonly CommitChange[],
): Promise<ReadTexts> {
  const found = range.after === null ? [] : await source.list(range.after, CONFIG_PATHS);
  const texts = new Map<string, string | null>();
  await addTexts(source, [...found, ...textsOf(changes, isGovernedText)], texts);
  const layers = namedLayers([...found, ...storedFiles(changes)], texts);
  if (layers.length === 0) return { changes, start: mapOf(found), texts };
  const below = range.after === null ? [] : await source.list(range.after, layers);
  const layerChanges = await source.changesAlong(range, layers);
  await addTexts(source, [...below, ...textsOf(layerChanges, () => true)], texts);
  return { changes: merge(changes, layerChanges), start: mapOf([...found, ...below]), texts };
}

function isGovernedText(path: string): boolean {
  return CONFIG_PATHS.includes(path) || isRecordText(path);
}

type NamedFile = StoredFile & { readonly path: string };

function mapOf(files: readonly NamedFile[]): ReadonlyMap<string, StoredFile> {
  return new Map(files.map((file) => [file.path, file]));
}

function storedFiles(changes: readonly CommitChange[]): readonly NamedFile[] {
  return changes.flatMap(({ files }) =>
    files.flatMap(({ path, after }) => (after === null ? [] : [{ path, ...after }])),
  );
}

function textsOf(changes: readonly CommitChange[], wanted: (path: string) => boolean): readonly NamedFile[] {
  return storedFiles(changes).filter(({ path }) => wanted(path));
}

/** Every layer that any policy of the range names. */
function namedLayers(files: readonly NamedFile[], texts: BlobTexts): readonly string[] {
  const policies = new Map(files.filter(({ path }) => path === POLICY_PATH).map((file) => [file.oid, file]));
  const layers = [...policies.values()].flatMap((file) => loadLayers(file, texts) ?? []);
  return [...new Set(layers)].filter((path) => !CONFIG_PATHS.includes(path)).sort();
}

/** Each blob once, however often it comes back. */
async function addTexts(
  source: HistorySource,
  files: readonly NamedFile[],
  texts: Map<string, string | null>,
): Promise<void> {
  const oids = [...new Set(files.filter(({ mode }) => mode.startsWith('100')).map(({ oid }) => oid))];
  const blobs = await source.read(oids);
  for (const [i, oid] of oids.entries()) texts.set(oid, decodeUtf8(blobs[i] as Uint8Array));
}

/** One change a commit; the order is restored by position. */
function merge(a: readonly CommitChange[], b: readonly CommitChange[]): readonly CommitChange[] {
  const files = new Map(a.map((change) => [change.id, change]));
  for (const { id, files: more } of b) {
    const known = files.get(id);
    files.set(id, { id, files: [...(known?.files ?? []), ...more] });
  }
  return [...files.values()];
}

function tooShallow({ commits }: CommitLine, since: Instant | null): Problem {
  const reach = formatInstant(commits[0]?.claimed ?? instantFromMs(0));
  if (since === null) return problem('HISTORY_TOO_SHALLOW', { reach, since: 'its beginning', date: '' });
  // A day more: git goes by claimed times, and one commit from before has to be there, too.
  const date = formatInstant(instantFromMs(since - DAY_MS)).slice(0, 10);
  return problem('HISTORY_TOO_SHALLOW', { reach, since: formatInstant(since), date });
}

/** Proposals whose base commit is not on the line, although the whole line is known. */
function findRewritten(
  events: readonly HistoryEvent[],
  positions: ReadonlyMap<string, number>,
  { isCut }: CommitLine,
): readonly Problem[] {
  if (isCut) return [];
  return events.flatMap((event) =>
    event.kind !== 'promotion'
      ? []
      : event.proposals
          .filter(({ baseCommit }) => baseCommit !== null && !positions.has(baseCommit))
          .map(({ id, baseCommit }) =>
            warning(
              'HISTORY_REWRITTEN',
              { commit: (baseCommit ?? '').slice(0, 12) },
              { file: `${PROPOSALS_PATH}/${id}/proposal_meta.json` },
            ),
          ),
  );
}
