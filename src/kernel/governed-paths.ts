/** Where the governed files of a repository stand, relative to its root (product.md §2). */
export const POLICY_PATH = 'config/promotion.toml';
export const BASE_CONFIG_PATH = 'config/config.toml';
export const AUTO_TOML_PATH = 'config/live_overrides/auto.toml';
export const AUTO_TOML_BACKUP_PATH = 'config/live_overrides/auto.toml.backup';
/** What decides which values are live, layers aside: without all of them a folder governs nothing. */
export const GOVERNED_FILES = [POLICY_PATH, BASE_CONFIG_PATH, AUTO_TOML_PATH] as const;
export const LEARNING_OVERRIDE_PATH = 'config/auto/learning.override.toml';
export const EVIDENCE_PATH = 'reports/learning_snippets';
export const PROPOSALS_PATH = 'reports/live_promotion';
export const DECISIONS_PATH = 'reports/decisions';
/** Acknowledged deviations of an audit, `<commit>.json` each (judge.md §6). */
export const AUDIT_PATH = 'reports/audit';
/** Where sessions say what they loaded: local state, which Git ignores. */
export const ACKS_PATH = '.peak/acks';
