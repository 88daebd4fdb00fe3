import { decodeUtf8 } from '../kernel/text/decode-utf8.ts';
import { MAX_RECORD_BYTES, type StoredNote } from '../review/index.ts';
import type { CommitRecords, NoteFile } from './audit-port.ts';
import type { GitRepository } from './git-port.ts';

/** Reads the notes of the commits that are asked for. One that is too large is not read; of two for one commit, neither counts. */
export async function readNotes(
  git: CommitRecords & Pick<GitRepository, 'read'>,
  isAsked: (commit: string) => boolean,
): Promise<ReadonlyMap<string, StoredNote>> {
  const files = (await git.notes()).filter(({ commit }) => isAsked(commit));
  const notes = new Map<string, StoredNote>();
  const wanted = new Map<string, NoteFile>();
  for (const file of files) {
    const refused = refusalOf(file, notes.has(file.commit));
    notes.set(file.commit, { unread: refused ?? 'it is not UTF-8' });
    if (refused === null) wanted.set(file.commit, file);
    else wanted.delete(file.commit);
  }
  const blobs = await git.read([...wanted.values()].map(({ oid }) => oid));
  for (const [i, commit] of [...wanted.keys()].entries()) {
    const text = decodeUtf8(blobs[i] as Uint8Array);
    if (text !== null) notes.set(commit, { text });
  }
  return notes;
}

function refusalOf({ mode, sizeBytes }: NoteFile, isSecond: boolean): string | null {
  if (isSecond) return 'there is more than one';
  if (!mode.startsWith('100')) return 'it is no regular file';
  return sizeBytes > MAX_RECORD_BYTES ? `it has ${sizeBytes} bytes` : null;
}
