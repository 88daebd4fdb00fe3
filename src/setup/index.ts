/**
 * Is a repository set up as the judge demands (judge.md §1), and what does a new one start with?
 *
 * Invariants: what could not be read is never OK; a template and this repository's own file are the same text; nothing here
 * opens anything by itself. Does not belong here: reading settings (adapters), writing files (cycles), judging (review).
 */
export { type Check, type Known, wrong } from './check.ts';
export { describeCheck } from './check-words.ts';
export { JUDGE_APP, PUBLISHER_APP } from './github-apps.ts';
export { checkGitHub } from './github-checks.ts';
export type {
  BypassActor,
  ExpectedApps,
  GovernedSettings,
  PublisherEnvironment,
} from './governed-settings.ts';
export { type InitOptions, listLaidFiles, renderTemplate } from './laid-files.ts';
export {
  CONVERTING_ATTRIBUTES,
  checkLocally,
  EXPECTED_FILES,
  governedSamples,
  LOCAL_STATE,
  type PathAttribute,
} from './local-checks.ts';
export {
  CODEOWNERS_PATHS,
  PUBLISHER_ENVIRONMENT,
  UNSET_ACTION,
  WEBHOOK_PATH,
  WORKFLOWS_FOLDER,
} from './names.ts';
export { PROFILES, type Profile } from './profile.ts';
export { listRemainingSteps, type RemainingStep } from './remaining-steps.ts';
