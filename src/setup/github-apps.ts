/** A GitHub App to create, as its manifest says; a test holds the two equal. */
export interface AppManifest {
  readonly name: string;
  readonly permissions: Readonly<Record<string, 'read' | 'write'>>;
  readonly events: readonly string[];
}

/** Opens pull requests (judge.md §1); its key is a secret of an environment. */
export const PUBLISHER_APP: AppManifest = {
  name: 'peak-publisher',
  permissions: {
    contents: 'write',
    // Who closed and reopened a pull request.
    issues: 'read',
    pull_requests: 'write',
    metadata: 'read',
    members: 'read',
  },
  events: [],
};

/** Posts the check and merges (judge.md §1); its key is never in Actions. */
export const JUDGE_APP: AppManifest = {
  name: 'peak-judge',
  permissions: {
    // Whether the nightly cycle still runs.
    actions: 'read',
    checks: 'write',
    contents: 'write',
    issues: 'write',
    pull_requests: 'write',
    metadata: 'read',
    members: 'read',
    merge_queues: 'read',
  },
  events: [
    'check_run',
    'check_suite',
    'issue_comment',
    'merge_group',
    'pull_request',
    'pull_request_review',
    'push',
    'repository_dispatch',
  ],
};

/** Who an App belongs to, and where GitHub sends its events. */
export interface AppPlace {
  /** e.g. `https://github.com` */
  readonly server: string;
  /** An organization; null: the person who creates it. */
  readonly owner: string | null;
  /** Null where it is not known yet. */
  readonly webhook: string | null;
}

/** The longest name of an App (GitHub: registering a GitHub App). */
const MAX_NAME = 34;

/** Names of Apps are unique on all of GitHub, so each owner's begins with the owner. */
export function appPrefix(owner: string | null): string {
  if (owner === null) return '';
  return `${owner.slice(0, MAX_NAME - `-${PUBLISHER_APP.name}`.length).replace(/-+$/, '')}-`;
}

/**
 * The page at which a person creates the App, filled in (GitHub: registering a GitHub App using URL parameters). An App that is not public
 * can be installed by its owner alone, so an organization's repository needs an App of the organization.
 */
export function appPage(
  { name, permissions, events }: AppManifest,
  { server, owner, webhook }: AppPlace,
): string {
  const isCalled = events.length > 0;
  const parameters = [
    ['name', `${appPrefix(owner)}${name}`],
    ['url', server],
    ['public', 'false'],
    ['webhook_active', String(isCalled)],
    ...(isCalled && webhook !== null ? [['webhook_url', webhook]] : []),
    ...Object.entries(permissions),
    ...events.map((event) => ['events[]', event]),
  ];
  const place = owner === null ? '' : `/organizations/${owner}`;
  return `${server}${place}/settings/apps/new?${parameters
    .map(([key = '', value = '']) => `${key}=${encodeURIComponent(value)}`)
    .join('&')}`;
}
