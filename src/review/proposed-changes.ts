import { type Change, parseProposalMeta } from '../governance/index.ts';
import { findProposalFolders, metaPathOf } from './proposal-in.ts';
import { placeAll } from './rules/structure.ts';
import type { Snapshot } from './snapshot.ts';

/** The changes of the one proposal that a head adds, as its content says; none where it adds none that can be read. */
export function listProposedChanges(snapshot: Snapshot): readonly Change[] {
  const places = placeAll(snapshot.own, { layers: [], machinery: [] });
  const [id, ...others] = findProposalFolders(snapshot, places).added;
  if (id === undefined || others.length > 0) return [];
  const path = metaPathOf(id);
  const meta = parseProposalMeta(snapshot.head.texts.get(path) ?? '', path);
  return meta.ok ? meta.value.changes : [];
}
