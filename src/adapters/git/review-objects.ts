import type { ReviewRepository } from '../../cycles/review-repository-port.ts';
import { readCommitChanges, readCommitLine } from './commit-log.ts';
import { createTreeComparison } from './compare-trees.ts';
import type { GitScope, RunGit } from './git-process.ts';
import { readBlobs } from './objects.ts';
import { readTreeFiles } from './tree-files.ts';

/** Binds the port to the objects of a repository; see there. */
export function bindReviewRepository(scope: GitScope): ReviewRepository {
  const { run } = scope;
  return {
    list: (commit, prefixes) => readTreeFiles(scope, commit, prefixes),
    read: (oids) => readBlobs(run, oids),
    firstParents: (commit) => readCommitLine(run, commit),
    changesAlong: (range, prefixes) => readCommitChanges(scope, range, prefixes),
    ...createTreeComparison(scope),
  };
}

/** A bare repository to judge in; its governed root is the top of its trees. */
export function bareRepository(run: RunGit): ReviewRepository {
  return bindReviewRepository({ run, prefix: '' });
}
