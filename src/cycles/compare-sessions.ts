import type { CommitLog } from '../history/index.ts';
import { AUTO_TOML_PATH, BASE_CONFIG_PATH, POLICY_PATH } from '../kernel/governed-paths.ts';
import { type Instant, instantFromMs, MINUTE_MS } from '../kernel/instant.ts';
import { isLiveLikeMode } from '../liveconfig/index.ts';
import type { GitRepository } from './git-port.ts';
import type { LoadAck } from './load-ack-schema.ts';
import { ackTime } from './load-acks.ts';
import { loadLiveConfig, type ReadConfigText } from './load-config.ts';
import { openCommitBase } from './operator-change.ts';
import { namedLayers } from './standing-overrides.ts';
import type { WorkTree } from './work-tree-port.ts';

/** What is merged: HEAD of the repository, or the files outside Git. */
export interface MergedState {
  readonly read: ReadConfigText;
  /** When it came to be; null where that is not known. */
  readonly since: Instant | null;
}

/**
 * A session against what is merged. `behind`: it differs, and may still be about to load; `incident`: it has differed for longer than the limit;
 * `undetermined`: nobody can load what is merged.
 */
export interface SessionState {
  readonly ack: LoadAck;
  readonly state: 'current' | 'behind' | 'incident' | 'undetermined';
  /** The digest that it should have; null where it is not determined. */
  readonly merged: string | null;
  /** Since when it differs; null where it does not, or that is not known. */
  readonly since: Instant | null;
}

/** Opens what is merged. */
export async function openMergedState(
  git: (GitRepository & CommitLog) | null,
  workTree: Pick<WorkTree, 'readText'>,
): Promise<MergedState> {
  const head = (await git?.resolve('HEAD')) ?? null;
  if (git === null || head === null) return { read: (path) => workTree.readText(path), since: null };
  const paths = [POLICY_PATH, BASE_CONFIG_PATH, AUTO_TOML_PATH];
  const base = await openCommitBase(git, head, { paths, more: namedLayers });
  const layers = namedLayers(base.read);
  const changes = await git.changesAlong({ after: null, until: head }, [
    BASE_CONFIG_PATH,
    AUTO_TOML_PATH,
    ...layers,
  ]);
  const { commits } = await git.firstParents(head);
  const since = commits.find(({ id }) => id === changes.at(-1)?.id)?.claimed ?? null;
  const read = (path: string) => {
    const text = base.read(path);
    return typeof text === 'object' ? null : text;
  };
  return { read, since };
}

/** Compares every session with what is merged. `maxLagMinutes`: for how long a difference is ordinary. */
export function compareSessions(
  acks: readonly LoadAck[],
  merged: MergedState,
  { now, maxLagMinutes }: { readonly now: Instant; readonly maxLagMinutes: number },
): readonly SessionState[] {
  return acks.map((ack) => {
    const force = !isLiveLikeMode(ack.mode) && (ack.applied ?? 0) > 0;
    const expected = loadLiveConfig(merged.read, { env: ack.mode ?? undefined, force });
    if (!expected.ok) return { ack, state: 'undetermined', merged: null, since: null };
    const { digest } = expected.value;
    if (digest === ack.digest) return { ack, state: 'current', merged: digest, since: null };
    const since = laterOf(ackTime(ack.loaded_at, now), merged.since, now);
    const isLong = now - since > maxLagMinutes * MINUTE_MS;
    return { ack, state: isLong ? 'incident' : 'behind', merged: digest, since };
  });
}

/** Where no time is known, the difference counts as old: nobody should miss it. */
function laterOf(loaded: Instant | null, merged: Instant | null, now: Instant): Instant {
  const known = [loaded, merged].flatMap((time) => (time === null || time > now ? [] : [time]));
  return instantFromMs(known.length === 0 ? 0 : Math.max(...known));
}
