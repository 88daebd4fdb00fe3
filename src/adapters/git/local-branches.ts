import { type GitRepository, PEAK_COMMITTER } from '../../cycles/git-port.ts';
import type { PublishingPort } from '../../cycles/publishing-port.ts';
import { problem } from '../../kernel/problem.ts';
import { fail, ok } from '../../kernel/result.ts';
import { OUR_BRANCHES } from '../../review/index.ts';

/** Publishes to branches of a clone: one commit each, no pull requests. The base is HEAD. */
export function localBranches(git: GitRepository): PublishingPort {
  return {
    survey: async () => {
      const base = await git.resolve('HEAD');
      if (base === null) return fail(problem('NO_COMMIT'));
      const heads = new Map<string, string>();
      for (const branch of OUR_BRANCHES) {
        const head = await git.resolve(`refs/heads/${branch}`);
        if (head === null) continue;
        // Whoever works in this clone is there to be asked, so one foreign commit stops the run.
        if ((await git.committer(head)) !== PEAK_COMMITTER)
          return fail(problem('FOREIGN_COMMIT', { branch, commit: head.slice(0, 12) }));
        heads.set(branch, head);
      }
      const publisher = { kind: 'local', login: PEAK_COMMITTER } as const;
      return ok({ publisher, base, heads, others: new Map(), handsOff: [], open: new Map() });
    },
    commit: (request) => git.commit(request),
    pulls: null,
    calls: () => [],
  };
}
