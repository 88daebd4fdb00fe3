import type { CommitLog } from '../history/index.ts';
import type { TreeComparison } from './comparison-port.ts';
import type { GitRepository } from './git-port.ts';

/** A repository that changes are judged in, from objects alone: no work tree, no branch and no name plays a part. */
export type ReviewRepository = Pick<GitRepository, 'list' | 'read'> & TreeComparison & CommitLog;
