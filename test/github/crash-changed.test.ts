/** A run that changes a proposal, and ends after any call. */
import { formatInstant, HOUR_MS, instantFromMs } from '../../src/kernel/instant.ts';
import { assertProposal, describeCrashes, type Stages } from '../support/github/crashes.ts';
import { EVIDENCE, patch, withoutResearch } from '../support/github/evidence.ts';
import { type GitHubPlace, githubPlace } from '../support/github/github-place.ts';

describeCrashes('a changed proposal', {
  open: openStages,
  // Before them: the App, its token, two lists of pull requests, what the branch adds. The last but one looks whether it is open still.
  writes: [5, 6, 7, 9],
  reads: [0, 1, 4, 8],
  assertStands: assertProposal,
});

/** One repository for all: what a stage leaves whole is the next one's start. */
async function openStages(): Promise<Stages> {
  const place = await githubPlace(withoutResearch);
  const clone = await place.clone();
  await clone.published();
  let value = 30;
  return async () => {
    value += 1;
    place.wait(HOUR_MS);
    clone.write(`${EVIDENCE}/slow-${value}.json`, slowFor(place, value));
    return clone;
  };
}

/** Evidence for one value, which counts until the next stage. */
function slowFor(place: GitHubPlace, value: number): string {
  const at = (ms: number) => formatInstant(instantFromMs(place.now() + ms));
  const dates = { generated_at: at(0), expires_at: at(HOUR_MS / 2) };
  return patch({ target: 'strategy.ma_slow_period', new_value: value, ...dates });
}
