// What it answers: what a local git repository holds at a commit, what differs from it or from another commit, and how one
// commit gets onto a branch.
// Invariants: bytes in are bytes out; no name, path or message becomes an option, a pattern or a command; git's environment,
// hooks, replace refs and optional locks cannot redirect or disturb a call; a branch moves by compare-and-swap or not at all.
// Not here: which files are governed, what a commit says, what happens after a lost race (cycles/), and GitHub (adapters/github/).
// One git process per question, through simple-git; everything that parses or formats is a pure function beside it.

export { openCheckout } from './checkout.ts';
export { createCommitRecords } from './commit-records.ts';
// For the mirror, which fetches with the same care.
export { createGitRunner, type GitOutput, gitFailure, gitOutput, type RunGit } from './git-process.ts';
export { openGitRemote } from './git-remote.ts';
export { openGitRepository, readScope } from './git-repository.ts';
export { readGitVersion } from './git-version.ts';
export { localBranches } from './local-branches.ts';
export { isRefName } from './ref-name.ts';
export { readRef } from './refs.ts';
export { FETCH, remoteSettings } from './remote-settings.ts';
export { bareRepository } from './review-objects.ts';
