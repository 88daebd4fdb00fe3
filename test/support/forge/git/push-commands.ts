import type { RefChange } from './settle-refs.ts';

/** The ref changes that the body of a push asks for: https://git-scm.com/docs/pack-protocol#_reference_update_request_and_packfile_transfer. */
export function readCommands(body: Buffer): readonly RefChange[] {
  const changes: RefChange[] = [];
  for (let at = 0; at + 4 <= body.length; ) {
    const length = Number.parseInt(body.toString('latin1', at, at + 4), 16);
    // a flush packet ends the list
    if (!(length > 4)) break;
    const line = body.toString('utf8', at + 4, at + length).split('\0')[0] ?? '';
    const [before, after, ref] = line.trimEnd().split(' ');
    if (before !== undefined && after !== undefined && ref !== undefined)
      changes.push({ ref, before, after });
    at += length;
  }
  return changes;
}
