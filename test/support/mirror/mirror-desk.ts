import { MIRROR_LIMITS, type MirrorLimits, openMirror } from '../../../src/adapters/mirror/index.ts';
import type { RepositoryMirror } from '../../../src/cycles/mirror-port.ts';
import { temporaryFolder } from '../cli/governed-folder.ts';
import { type Desk, startDesk } from '../forge/testing/desk.ts';

/** A local GitHub with one repository, and a folder for mirrors of it. */
export interface MirrorDesk extends Desk {
  readonly folder: string;
  readonly url: string;
  /** The token that mirrors fetch with. */
  readonly token: string;
  /** Another instance on the same folder. */
  open(change?: MirrorChange): RepositoryMirror;
}

/** What to open a mirror with instead. */
export interface MirrorChange {
  readonly url?: string;
  readonly token?: string;
  readonly folder?: string;
  readonly limits?: Partial<MirrorLimits>;
}

/** Starts it; everything is gone after the test. */
export async function mirrorDesk(files?: Record<string, string>): Promise<MirrorDesk> {
  const desk = await startDesk(files === undefined ? {} : { files });
  const token = await desk.forge.workflowTokenOf(desk.repository, { contents: 'read' });
  const folder = temporaryFolder();
  const url = `${desk.forge.serverUrl}/desk/config.git`;
  return {
    ...desk,
    folder,
    url,
    token,
    open: (change = {}) => {
      const limits = { ...MIRROR_LIMITS, ...change.limits };
      const place = { id: 7, url: change.url ?? url, token: async () => change.token ?? token };
      return openMirror(change.folder ?? folder, place, limits);
    },
  };
}
