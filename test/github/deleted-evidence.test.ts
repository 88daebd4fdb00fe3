/** Evidence that people took off the base stays away, however old a head still has it. */
import { describe, expect, test } from 'vitest';
import { EVIDENCE, EVIDENCE_HEAD, MANUAL, patch, withoutEvidence } from '../support/github/evidence.ts';
import { type GitHubPlace, githubPlace } from '../support/github/github-place.ts';

const [BAD, GOOD] = [`${EVIDENCE}/bad.json`, `${EVIDENCE}/good.json`];

/** Takes a file off the default branch, as a merged pull request would. */
async function remove(place: GitHubPlace, path: string): Promise<void> {
  const push = { author: place.operator, branch: 'main', files: { [path]: null } };
  expect(await place.forge.push(place.repository, push)).toMatchObject({ ok: true });
  place.wait(60_000);
}

/** Files that a branch of ours has now. */
async function filesOn(place: GitHubPlace, branch: string): Promise<readonly string[]> {
  const names = await place.repository.git.text(['ls-tree', '-r', '--name-only', `refs/heads/${branch}`]);
  return names.split('\n').filter((name) => name.startsWith(`${EVIDENCE}/`));
}

describe('evidence that the base has deleted', () => {
  test('is not carried on from a head that was built on it, while the rest of that head is', async () => {
    const place = await githubPlace((folder) => {
      withoutEvidence(folder);
      folder.write(BAD, patch({ new_value: 1.25, id: 'bad' }));
    });
    const clone = await place.clone();
    clone.write(GOOD, patch({ target: 'strategy.ma_slow_period', new_value: 31 }));
    await clone.published();
    await remove(place, BAD);
    const { newEvidence, derivation } = await (await place.clone()).published();
    expect(newEvidence).toEqual([GOOD]);
    expect(derivation.proposals.flatMap(({ changes }) => changes.map(({ target }) => target))).toEqual([
      'strategy.ma_slow_period',
    ]);
    expect(await filesOn(place, MANUAL)).toEqual([GOOD]);
  });

  test.each(['merge', 'squash'])('is not carried on from the head that brought it, by %s', async (method) => {
    const place = await githubPlace(withoutEvidence);
    const clone = await place.clone();
    clone.write(BAD, patch({ target: 'risk.max_position', new_value: 0.11 }));
    await clone.published();
    expect(await filesOn(place, EVIDENCE_HEAD)).toEqual([BAD]);
    const people = place.forge.as(place.operator).in(place.repository);
    expect((await people.put('/pulls/1/merge', { merge_method: method })).status).toBe(200);
    await remove(place, BAD);
    const next = await place.clone();
    expect((await next.published()).newEvidence).toEqual([]);
    next.write(GOOD, patch({ target: 'risk.max_position', new_value: 0.12 }));
    expect((await next.published()).newEvidence).toEqual([GOOD]);
    expect(await filesOn(place, EVIDENCE_HEAD)).toEqual([GOOD]);
  });

  test('does not take another file of that name along', async () => {
    const place = await githubPlace((folder) => {
      withoutEvidence(folder);
      folder.write(BAD, patch({ new_value: 1.25 }));
    });
    await remove(place, BAD);
    const clone = await place.clone();
    clone.write(BAD, patch({ new_value: 1.2, id: 'again' }));
    await clone.published();
    place.wait(60_000);
    const { newEvidence, branches } = await (await place.clone()).published();
    expect(newEvidence).toEqual([BAD]);
    expect(branches).toMatchObject([{ branch: MANUAL, state: 'unchanged' }]);
  });
});
