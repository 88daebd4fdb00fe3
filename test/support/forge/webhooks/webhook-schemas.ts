/** Events that the forge emits, by the names of GitHub's OpenAPI description (`x-webhooks`). */
export const WEBHOOK_SCHEMAS = [
  'check-run-completed',
  'check-run-created',
  'check-run-requested-action',
  'check-run-rerequested',
  'check-suite-requested',
  'check-suite-rerequested',
  'installation-created',
  'issue-comment-created',
  'issue-comment-deleted',
  'issue-comment-edited',
  'issues-closed',
  'issues-edited',
  'issues-labeled',
  'issues-opened',
  'issues-reopened',
  'issues-unlabeled',
  'merge-group-checks-requested',
  'pull-request-closed',
  'pull-request-edited',
  'pull-request-labeled',
  'pull-request-opened',
  'pull-request-ready-for-review',
  'pull-request-reopened',
  'pull-request-review-dismissed',
  'pull-request-review-edited',
  'pull-request-review-submitted',
  'pull-request-review-requested',
  'pull-request-synchronize',
  'pull-request-unlabeled',
  'push',
  'repository-dispatch-sample.collected',
] as const;

/** GitHub's description has a sample in place of a repository's own event types. */
const DISPATCH_SCHEMA = 'repository-dispatch-sample.collected';

/** The schema of an event with an action, by its name in GitHub's description. */
export function webhookSchemaName(event: string, action: unknown): string {
  if (event === 'repository_dispatch') return DISPATCH_SCHEMA;
  const words = typeof action === 'string' ? `${event}-${action}` : event;
  return words.replaceAll('_', '-');
}
