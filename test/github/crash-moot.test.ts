/** A run that takes the evidence of a moot proposal along and closes it, and ends after any call. */
import { expect } from 'vitest';
import { parseState } from '../../src/review/index.ts';
import { describeCrashes } from '../support/github/crashes.ts';
import {
  EVIDENCE,
  EVIDENCE_HEAD,
  MANUAL,
  POLICY,
  patch,
  withoutEvidence,
} from '../support/github/evidence.ts';
import { type Clone, githubPlace } from '../support/github/github-place.ts';

describeCrashes('a proposal that has become moot', {
  open: async () => openMoot,
  // A tree, a commit, a branch, a pull request, its labels; then the old one is looked at, and closed.
  writes: [5, 6, 7, 8, 9, 10, 12],
  reads: [0, 1, 4, 11],
  proven: [0, 1, 4, 5, 6, 7],
  assertStands,
});

/** The base does not list the target any more. */
async function openMoot(): Promise<Clone> {
  const place = await githubPlace(withoutEvidence);
  const night = await place.clone();
  night.write(`${EVIDENCE}/new.json`, patch());
  await night.published();
  const files = { [POLICY]: night.read(POLICY).replace('"portfolio.leverage",', '') };
  await place.forge.push(place.repository, { author: place.operator, branch: 'main', files });
  place.wait(60_000);
  return place.clone();
}

async function assertStands(clone: Clone): Promise<void> {
  await clone.published();
  const { place } = clone;
  const [evidence, moot, ...more] = await place.pulls();
  expect(more).toEqual([]);
  expect(moot).toMatchObject({ number: 1, state: 'closed', head: { ref: MANUAL } });
  expect(parseState(moot?.body ?? '')?.closed).toBe('moot');
  expect(evidence).toMatchObject({ number: 2, state: 'open', head: { ref: EVIDENCE_HEAD } });
  expect(parseState(evidence?.body ?? '')?.head).toBe(evidence?.head.sha);
  expect(evidence?.labels).not.toEqual([]);
  expect(await place.filesOf(2)).toContain(`${EVIDENCE}/new.json`);
}
