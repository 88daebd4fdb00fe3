import { type Mode, modeOf } from '../governance/index.ts';
import type { CommitLog } from '../history/index.ts';
import { POLICY_PATH } from '../kernel/governed-paths.ts';
import { decodeUtf8 } from '../kernel/text/decode-utf8.ts';
import type { GitRepository } from './git-port.ts';

/** The modes that two versions of the policy say, one after the other; null where there is none that is known. */
export interface ModeChange {
  readonly before: Mode | null;
  readonly after: Mode | null;
}

/** What changes of the policy on a first-parent line made of its mode, oldest first; most leave it as it is. */
export async function readModeChanges(
  log: Pick<CommitLog, 'changesAlong'> & Pick<GitRepository, 'read'>,
  line: Parameters<CommitLog['changesAlong']>[0],
): Promise<readonly ModeChange[]> {
  const files = (await log.changesAlong(line, [POLICY_PATH])).flatMap((change) => change.files);
  const versions = files.flatMap(({ before, after }) => [before, after]);
  const oids = [...new Set(versions.flatMap((file) => file?.oid ?? []))];
  const blobs = await log.read(oids);
  const modes = new Map(oids.map((oid, i) => [oid, modeOf(decodeUtf8(blobs[i] ?? new Uint8Array()) ?? '')]));
  const modeAt = (file: { readonly oid: string } | null) => modes.get(file?.oid ?? '') ?? null;
  return files.map(({ before, after }) => ({ before: modeAt(before), after: modeAt(after) }));
}
