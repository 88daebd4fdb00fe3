/** The state of the local GitHub: plain records, changed only by `api/`, `git/` and the control surface. */
import type { GitStore } from '../git/git-store.ts';

/** JSON as it goes over the wire. */
export type Json = Readonly<Record<string, unknown>>;

/** Milliseconds since 1970, by the forge's clock. */
export type Millis = number;

export interface Account {
  readonly id: number;
  login: string;
  readonly type: 'User' | 'Organization' | 'Bot';
  /** Commits with this address are shown as this account's: GitHub asks for no proof. */
  readonly email: string;
}

/** What somebody may do in a repository; each includes the ones before. */
export const ROLES = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** App permissions by GitHub's names (`contents`, `pull_requests`, `checks`, …). */
export type Permissions = Readonly<Record<string, 'read' | 'write'>>;

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly owner: Account;
  readonly bot: Account;
  /** PEM, PKCS#1, as GitHub hands it out. */
  readonly privateKey: string;
  readonly publicKey: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  webhook: { url: string; secret: string } | null;
  readonly createdAt: Millis;
}

export interface Installation {
  readonly id: number;
  readonly app: App;
  readonly account: Account;
  readonly permissions: Permissions;
  /** Ids; `all` is every repository of the account. */
  readonly repositories: ReadonlySet<number> | 'all';
  suspendedAt: Millis | null;
  readonly createdAt: Millis;
}

export interface Token {
  readonly value: string;
  readonly account: Account;
  /** Null for a user's own token. */
  readonly installation: Installation | null;
  readonly permissions: Permissions;
  readonly repositories: ReadonlySet<number> | 'all';
  /** The `GITHUB_TOKEN` of a workflow run. */
  readonly workflow: boolean;
  expiresAt: Millis | null;
}

export interface Team {
  readonly id: number;
  readonly organization: Account;
  readonly slug: string;
  readonly members: Map<number, 'active' | 'pending'>;
}

export interface Ruleset {
  readonly id: number;
  readonly name: string;
  readonly enforcement: 'active' | 'disabled' | 'evaluate';
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly rules: readonly { readonly type: string; readonly parameters?: Json }[];
  readonly bypassApps: readonly number[];
  readonly createdAt: Millis;
}

/** Classic branch protection, by the names of GitHub's REST API. */
export interface Protection {
  readonly required_status_checks: {
    readonly strict: boolean;
    readonly checks: readonly { readonly context: string; readonly app_id: number | null }[];
  } | null;
  readonly required_pull_request_reviews: {
    readonly required_approving_review_count: number;
    readonly dismiss_stale_reviews: boolean;
    readonly require_code_owner_reviews: boolean;
    readonly require_last_push_approval: boolean;
  } | null;
  readonly enforce_admins: boolean;
  readonly allow_force_pushes: boolean;
  readonly allow_deletions: boolean;
  readonly required_linear_history: boolean;
}

export interface Environment {
  readonly id: number;
  readonly name: string;
  readonly secrets: readonly string[];
  /** `null`: every branch may deploy. `protected`: protected branches. Else name patterns. */
  readonly branches: null | 'protected' | readonly string[];
  readonly createdAt: Millis;
}

export interface Label {
  readonly id: number;
  name: string;
  color: string;
  description: string;
}

/** An issue, or the issue half of a pull request: they share numbers. */
export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly author: Account;
  readonly byApp: App | null;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: string | null;
  labels: string[];
  assignees: Account[];
  readonly createdAt: Millis;
  updatedAt: Millis;
  closedAt: Millis | null;
  closedBy: Account | null;
  readonly events: IssueEvent[];
}

export interface IssueEvent {
  readonly id: number;
  readonly event: string;
  readonly actor: Account;
  readonly at: Millis;
  readonly label: string | null;
  readonly commit: string | null;
}

export interface Pull {
  readonly id: number;
  readonly issue: Issue;
  readonly head: { readonly repository: Repository; readonly ref: string; sha: string };
  /** `sha`: the base branch's tip when the head last moved; GitHub lets it grow stale. */
  readonly base: { ref: string; sha: string };
  draft: boolean;
  mergedAt: Millis | null;
  mergedBy: Account | null;
  mergeCommit: string | null;
  reviewers: Account[];
  teams: Team[];
  readonly reviews: Review[];
  /** As git counted it when head or base last moved. */
  size: PullSize;
  /** Who moved the head last: `require_last_push_approval` wants somebody else's approval. */
  lastPusher: Account;
}

export interface PullSize {
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
}

export interface Review {
  readonly id: number;
  readonly author: Account;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';
  body: string;
  readonly commit: string;
  readonly submittedAt: Millis;
}

export interface Comment {
  readonly id: number;
  readonly issue: Issue;
  readonly author: Account;
  readonly byApp: App | null;
  body: string;
  readonly createdAt: Millis;
  updatedAt: Millis;
  /** Null while nobody has changed its text. */
  editedAt: Millis | null;
  readonly reactions: Reaction[];
}

export interface Reaction {
  readonly id: number;
  readonly author: Account;
  readonly content: string;
  readonly createdAt: Millis;
}

export interface CheckSuite {
  readonly id: number;
  readonly app: App;
  readonly sha: string;
  branch: string | null;
  readonly before: string | null;
  readonly createdAt: Millis;
}

export interface CheckRun {
  readonly id: number;
  readonly suite: CheckSuite;
  readonly name: string;
  readonly sha: string;
  status: string;
  conclusion: string | null;
  detailsUrl: string | null;
  externalId: string;
  output: { title: string | null; summary: string | null; text: string | null };
  readonly annotations: Json[];
  actions: readonly Json[];
  startedAt: Millis;
  completedAt: Millis | null;
}

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly context: string;
  readonly state: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly author: Account;
  readonly createdAt: Millis;
}

export interface RepositorySettings {
  allow_merge_commit: boolean;
  allow_squash_merge: boolean;
  allow_rebase_merge: boolean;
  allow_auto_merge: boolean;
  allow_update_branch: boolean;
  delete_branch_on_merge: boolean;
}

/** A run of a workflow that has ended; `path` from the top of the repository. */
export interface WorkflowRun {
  readonly id: number;
  readonly path: string;
  readonly conclusion: string;
  readonly updatedAt: Millis;
}

export interface Repository {
  readonly id: number;
  readonly owner: Account;
  name: string;
  /** Former `name`s in lower case: GitHub redirects from them. */
  readonly formerNames: Set<string>;
  readonly git: GitStore;
  private: boolean;
  archived: boolean;
  defaultBranch: string;
  readonly parent: Repository | null;
  readonly settings: RepositorySettings;
  readonly actions: { enabled: boolean; permissions: 'read' | 'write'; mayApprove: boolean };
  readonly roles: Map<number, Role>;
  readonly rulesets: Ruleset[];
  readonly protections: Map<string, Protection>;
  readonly environments: Environment[];
  secrets: string[];
  /** What a test says has run. */
  readonly workflowRuns: WorkflowRun[];
  readonly labels: Label[];
  readonly issues: Map<number, Issue>;
  readonly pulls: Map<number, Pull>;
  readonly comments: Comment[];
  readonly suites: CheckSuite[];
  readonly checkRuns: CheckRun[];
  readonly statuses: CommitStatus[];
  /** Ref → object, as last announced by events. */
  refs: ReadonlyMap<string, string>;
  readonly createdAt: Millis;
  pushedAt: Millis;
}
