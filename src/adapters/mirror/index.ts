// What it answers: what GitHub holds of a repository, as objects on this disk, with strangers' objects apart from ours.
// Invariants: everything that arrives lands in a folder of its own, is checked by git and cut off at its limits; only a base's and the
// notes' objects move on into the mirror; the token is in the environment of one process for one call, and nowhere else.
// Not here: what a change means (review/), how git is run and what its answers say (adapters/git), and GitHub's API.
export { MIRROR_LIMITS, type MirrorLimits } from './limits.ts';
export { openMirror } from './open-mirror.ts';
