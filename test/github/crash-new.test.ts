/** A run that opens a proposal, and ends after any call. */
import { assertProposal, describeCrashes } from '../support/github/crashes.ts';
import { withoutResearch } from '../support/github/evidence.ts';
import { githubPlace } from '../support/github/github-place.ts';

describeCrashes('a new proposal', {
  open: async () => async () => (await githubPlace(withoutResearch)).clone(),
  // Before them: the App, its token, two lists of pull requests, the repository.
  writes: [5, 6, 7, 8, 9, 10],
  reads: [0, 1, 4],
  assertStands: assertProposal,
});
