/** The stages of seed.md §9, strictest last. */
export const PROFILES = ['development', 'staging', 'production'] as const;
/** Which of the shipped policies a new repository starts with. */
export type Profile = (typeof PROFILES)[number];

/**
 * `environment.mode` of the sample configuration. Staging is watched in a shadow session; production starts as a dry run, because
 * nothing that a template lays may send an order.
 */
export const PROFILE_ENVIRONMENTS: Readonly<Record<Profile, string>> = {
  development: 'paper',
  staging: 'shadow',
  production: 'live_dry_run',
};
