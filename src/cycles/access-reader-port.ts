import type { Instant } from '../kernel/instant.ts';
import type { BranchRules } from '../review/index.ts';

/** What an account may do in the repository now. */
export interface Access {
  /** The account that has the name today; names can be given away. */
  readonly id: number;
  /** `maintain` is told as `write`, `triage` as `read`. */
  readonly permission: 'admin' | 'write' | 'read' | 'none';
}

/** The repository's own settings. */
export interface RepositoryFacts {
  readonly id: number;
  readonly defaultBranch: string;
  /** Where people find it, without a slash at the end. */
  readonly webUrl: string;
  /** Merge methods that it allows: `merge`, `squash`, `rebase`. */
  readonly mergeMethods: readonly string[];
}

/** Who may do what in a repository. Rejects with an `AppError` (`GITHUB_*`). */
export interface AccessReader {
  repository(): Promise<RepositoryFacts>;
  /** Answers null for nobody, and for somebody who is no user. */
  access(login: string): Promise<Access | null>;
  /** Answers whether somebody is an active member of a team, or of one below it; null when this App may not know. */
  isTeamMember(team: { readonly org: string; readonly slug: string }, login: string): Promise<boolean | null>;
  /** Answers what protects a branch; null when this App may not know. */
  branchRules(branch: string): Promise<BranchRules | null>;
  /** Answers when the latest successful run of a workflow file ended; `never` for none; null when this App may not know. */
  latestRun(workflow: string): Promise<Instant | 'never' | null>;
}
