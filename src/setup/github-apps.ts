/** A GitHub App to create, as its manifest says; a test holds the two equal. */
export interface AppManifest {
  readonly name: string;
  readonly permissions: Readonly<Record<string, 'read' | 'write'>>;
  readonly events: readonly string[];
}

/** Opens pull requests (judge.md §1); its key is a secret of an environment. */
export const PUBLISHER_APP: AppManifest = {
  name: 'peak-publisher',
  permissions: { contents: 'write', pull_requests: 'write', metadata: 'read', members: 'read' },
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

/**
 * The page at which a person creates the App, filled in (GitHub: registering a GitHub App using URL parameters). `server` is
 * e.g. `https://github.com`. For an organization, `/organizations/ORG` comes before `/settings`.
 */
export function appPage({ name, permissions, events }: AppManifest, server: string): string {
  const parameters = [
    ['name', name],
    ['url', server],
    ['public', 'false'],
    ['webhook_active', String(events.length > 0)],
    ...Object.entries(permissions),
    ...events.map((event) => ['events[]', event]),
  ];
  return `${server}/settings/apps/new?${parameters
    .map(([key = '', value = '']) => `${key}=${encodeURIComponent(value)}`)
    .join('&')}`;
}
