import type { BranchRules } from '../review/index.ts';
import type { Known } from './check.ts';

/** Somebody whom a rule does not hold. `app` is set for an App. */
export interface BypassActor {
  readonly label: string;
  readonly app: number | null;
}

/** An Actions environment. `branches`: what it is limited to; `any`: not limited, `protected`: every protected branch. */
export interface PublisherEnvironment {
  readonly branches: 'any' | 'protected' | readonly string[];
  readonly secrets: Known<readonly string[]>;
}

/** A repository's settings on GitHub, as far as judge.md §1 asks for them. */
export interface GovernedSettings {
  readonly repository: string;
  readonly defaultBranch: string;
  readonly allowsRebaseMerge: Known<boolean>;
  /** Whether GitHub deletes a branch when its pull request is merged. */
  readonly deletesMergedBranches: Known<boolean>;
  readonly rules: Known<BranchRules>;
  readonly bypass: Known<readonly BypassActor[]>;
  readonly actionsMayOpenPullRequests: Known<boolean>;
  /** Names of the repository's own secrets, which every workflow of it can read. */
  readonly repositorySecrets: Known<readonly string[]>;
  /** Null: there is none. */
  readonly environment: Known<PublisherEnvironment | null>;
  /** Operator of the policy → logins of the people behind it who have write access. */
  readonly approvers: ReadonlyMap<string, Known<readonly string[]>>;
}

/** Which Apps are meant; null: nobody said. */
export interface ExpectedApps {
  readonly judge: number | null;
  readonly publisher: number | null;
}
