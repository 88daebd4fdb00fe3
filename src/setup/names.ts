/** Names that workflow, templates, doctor and people share. */
export const PUBLISHER_ENVIRONMENT = 'peak-publish';
export const KEY_SECRET = 'PEAK_PRIVATE_KEY';
export const APP_ID_SECRET = 'PEAK_APP_ID';
export const WORKFLOW_PATH = '.github/workflows/promotion-cycle.yml';
export const ADVICE_PATH = '.github/workflows/governance.yml';
export const COMMAND_PATH = '.github/workflows/operator-command.yml';
/** Where Probot listens for events by default. */
export const WEBHOOK_PATH = '/api/github/webhooks';
export const WORKFLOWS_FOLDER = '.github/workflows';
export const RULESET_PATH = '.github/peak/ruleset.json';
/** Where GitHub looks for code owners, in this order; the first file found is the only one that counts. */
export const CODEOWNERS_PATHS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const;
/** A commit that nobody has: the workflow cannot start before somebody says which copy of the action to trust. */
export const UNSET_ACTION = `OWNER/peak-trade-gitops@${'0'.repeat(40)}`;
