/** `peak cycle --publish github` against a local GitHub: the life of the bot's pull requests. */
import { expect, test } from 'vitest';
import { githubPlace } from '../support/github/github-place.ts';

test('a first run opens one pull request', async () => {
  const place = await githubPlace();
  const clone = await place.clone();
  const report = await clone.published();
  console.info(JSON.stringify(report.branches, null, 1), report.calls);
  console.info(
    place.forge.requests.map((r) => `${r.status} ${r.method} ${r.path}${r.query} ${r.operation}`).join('\n'),
  );
  console.info(place.forge.violations);
  const pull = (await place.forge.as(place.operator).in(place.repository).get('/pulls/1')).body;
  console.info(pull.title, pull.user.login, pull.labels, pull.requested_reviewers);
  console.info(pull.body);
  expect(1).toBe(1);
});
