import { parsePolicy } from '../governance/index.ts';
import {
  type CommitChange,
  type CommitLine,
  type History,
  type HistoryEvent,
  placeInTime,
  type StoredFile,
} from '../history/index.ts';
import { AUTO_TOML_PATH, BASE_CONFIG_PATH, POLICY_PATH } from '../kernel/governed-paths.ts';
import type { Instant } from '../kernel/instant.ts';
import { decodeUtf8 } from '../kernel/text/decode-utf8.ts';
import type { AuditedCommit, StoredNote } from '../review/index.ts';
import type { CommitClaims, CommitRecords } from './audit-port.ts';
import { readNotes } from './read-notes.ts';
import type { ReviewRepository } from './review-repository-port.ts';

/** A repository that can be audited. */
export type AuditRepository = ReviewRepository & CommitRecords;

/** A first-parent line with everything that an audit looks at, read once. */
export interface AuditedLine {
  /** The commit that added the first policy. */
  readonly genesis: string;
  /** From the genesis on: commits that did something below the governed root, or that carry a note. */
  readonly commits: readonly AuditedCommit[];
  /** The same from the very beginning, for following files. */
  readonly steps: readonly { readonly commit: AuditedCommit; readonly isGoverned: boolean }[];
  /** The text of a configuration file, by object id. */
  readonly textOf: (oid: string) => string | null;
  /** Of every commit of the line. */
  readonly positions: ReadonlyMap<string, number>;
  /** Number of commits from the genesis on. */
  readonly length: number;
}

/** What has been read already. */
interface LineRequest {
  readonly head: string;
  readonly now: Instant;
  readonly history: History;
}

/** Reads the line of a commit: everything that changed, versions of the configuration, notes. Null where it never had a policy. */
export async function readAuditedLine(
  git: AuditRepository,
  { head, now, history }: LineRequest,
): Promise<AuditedLine | null> {
  const [line, changes] = await Promise.all([
    git.firstParents(head),
    git.changesAlong({ after: null, until: head }, ['']),
  ]);
  const positions = new Map(line.commits.map(({ id }, index) => [id, index]));
  const texts = await readConfiguration(git, changes);
  const notes = await readNotes(git, (commit) => positions.has(commit));
  const claims = await git.claims([...notes.keys()]);
  const commits = buildCommits({ line, changes, now, events: history.events, texts, notes, claims });
  const at = commits.findIndex(({ policy }) => policy.after !== null);
  const genesis = commits[at];
  if (genesis === undefined) return null;
  return {
    genesis: genesis.id,
    commits: commits.slice(at),
    steps: commits.map((commit, index) => ({ commit, isGoverned: index >= at })),
    textOf: (oid) => texts.get(oid) ?? null,
    positions,
    length: line.commits.length - (positions.get(genesis.id) ?? 0),
  };
}

type Texts = ReadonlyMap<string, string>;

/** Every version of the files that a session loads; policies first, for they name the layers. */
async function readConfiguration(git: AuditRepository, changes: readonly CommitChange[]): Promise<Texts> {
  const policies = await readVersions(git, changes, new Set([POLICY_PATH]));
  const layers = [...policies.values()].flatMap((text) => {
    const policy = parsePolicy(text);
    return policy.ok ? policy.value.config.layers : [];
  });
  const others = await readVersions(git, changes, new Set([BASE_CONFIG_PATH, AUTO_TOML_PATH, ...layers]));
  return new Map([...policies, ...others]);
}

async function readVersions(
  git: AuditRepository,
  changes: readonly CommitChange[],
  paths: ReadonlySet<string>,
): Promise<Texts> {
  const stored = changes.flatMap(({ files }) =>
    files.flatMap(({ path, after }) => (paths.has(path) && isRegular(after) ? [after.oid] : [])),
  );
  const oids = [...new Set(stored)];
  const blobs = await git.read(oids);
  return new Map(
    oids.flatMap((oid, i): [string, string][] => {
      const text = decodeUtf8(blobs[i] as Uint8Array);
      return text === null ? [] : [[oid, text]];
    }),
  );
}

function isRegular(file: StoredFile | null): file is StoredFile {
  return file?.mode.startsWith('100') === true;
}

interface LineParts {
  readonly line: CommitLine;
  readonly changes: readonly CommitChange[];
  readonly now: Instant;
  readonly events: readonly HistoryEvent[];
  readonly texts: Texts;
  readonly notes: ReadonlyMap<string, StoredNote>;
  readonly claims: ReadonlyMap<string, CommitClaims>;
}

function buildCommits(parts: LineParts): readonly AuditedCommit[] {
  const { line, notes, claims } = parts;
  const times = placeInTime(line.commits, parts.now);
  const changes = new Map(parts.changes.map(({ id, files }) => [id, files]));
  const events = new Map<string, HistoryEvent[]>();
  for (const event of parts.events) events.set(event.commit, [...(events.get(event.commit) ?? []), event]);
  let policy: string | null = null;
  return line.commits.flatMap(({ id }, index): AuditedCommit[] => {
    const files = changes.get(id) ?? [];
    const before = policy;
    policy = policyAfter(files, before, parts.texts);
    if (files.length === 0 && !notes.has(id)) return [];
    return [
      {
        id,
        time: times[index] as Instant,
        previous: line.commits[index - 1]?.id ?? null,
        merged: (claims.get(id)?.parents ?? []).slice(1),
        files,
        events: events.get(id) ?? [],
        note: notes.get(id) ?? null,
        policy: { before, after: policy },
      },
    ];
  });
}

/** A policy that is a link, or not UTF-8, is one that cannot be read. */
function policyAfter(files: CommitChange['files'], before: string | null, texts: Texts): string | null {
  const change = files.find(({ path }) => path === POLICY_PATH);
  if (change === undefined) return before;
  if (change.after === null) return null;
  return isRegular(change.after) ? (texts.get(change.after.oid) ?? UNREADABLE) : UNREADABLE;
}

/** No policy has this text, and none can be read from it. */
const UNREADABLE = '\u0000';
