/** Operators' changes on a local GitHub: one pull request each, and nothing here moves. */
import { describe, expect, test } from 'vitest';
import { changePolicy } from '../../src/cycles/change-policy.ts';
import type { PlacedChange } from '../../src/cycles/operator-change.ts';
import { rollback } from '../../src/cycles/rollback.ts';
import { instantFromMs } from '../../src/kernel/instant.ts';
import { runPeak } from '../support/cli/run-peak.ts';
import { type Clone, closePull, type GitHubPlace, githubPlace } from '../support/github/github-place.ts';

const AUTO = 'config/live_overrides/auto.toml';

async function overridden(): Promise<{ place: GitHubPlace; clone: Clone }> {
  const place = await githubPlace((folder) =>
    folder.write(AUTO, '[auto_applied]\n"portfolio.leverage" = 1.25\n'),
  );
  return { place, clone: await place.clone() };
}

async function openPlace(clone: Clone) {
  const publishing = await clone.publishing();
  if (!publishing.ok) throw new Error(JSON.stringify(publishing.problems));
  return { kind: 'github', ...publishing.value, askedBy: null } as const;
}

/** Switches promotion off on GitHub, and answers what became of it. */
async function disable(clone: Clone, reason: string): Promise<PlacedChange | null> {
  const request = { kind: 'mode', mode: 'disabled', reason } as const;
  const settings = { clock: instantFromMs(clone.place.now()), dryRun: false, log: null };
  const report = await changePolicy(await openPlace(clone), request, settings);
  if (!report.ok) throw new Error(JSON.stringify(report.problems));
  return report.value.placed;
}

/** Somebody else takes the name of a branch, or its place. */
async function squat(place: GitHubPlace, branch: string, files: Record<string, string>): Promise<void> {
  const { forge, repository, stranger } = place;
  await forge.as(stranger).in(repository).delete(`/git/refs/heads/${branch}`);
  const pushed = await forge.push(repository, { author: stranger, branch, from: 'main', files });
  expect(pushed.ok).toBe(true);
}

describe('an operator on GitHub', () => {
  test('switches off by a pull request that changes one word', async () => {
    const { place, clone } = await overridden();
    const before = clone.snapshot();
    const placed = await disable(clone, '@everyone <b>stop</b>');
    expect(clone.snapshot()).toEqual(before);
    const number = placed?.pull?.number ?? 0;
    const pull = await place.pull(number);
    expect(pull).toMatchObject({ state: 'open', head: { ref: placed?.branch }, base: { ref: 'main' } });
    expect(pull.body).not.toMatch(/@everyone|<b>/);
    expect(await place.filesOf(number)).toEqual(['config/promotion.toml']);
    expect(await place.commit(pull.head.sha)).toMatchObject({ commit: { verification: { verified: true } } });
  });

  test('who asks twice hears of the open one', async () => {
    const { place, clone } = await overridden();
    const first = await disable(clone, 'stop');
    expect(await disable(clone, 'stop')).toEqual({
      ...first,
      state: 'kept',
      pull: { ...first?.pull, isNew: false },
    });
    expect(await place.pulls()).toHaveLength(1);
  });

  test('by command hears of the open one, with exit code 0', async () => {
    const { place, clone } = await overridden();
    const run = () =>
      runPeak(clone, ['disable', '--publish', 'github', '--json'], {
        env: { ...clone.variables(), SOURCE_DATE_EPOCH: String(place.now() / 1000) },
      });
    const answers = [await run(), await run()];
    expect(answers.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    expect(answers.map(({ stdout }) => JSON.parse(stdout).pull_request)).toMatchObject([
      { number: 1, state: 'opened' },
      { number: 1, state: 'already_open' },
    ]);
  });

  test('gets through when somebody else has a branch of that name, and opens nothing for theirs', async () => {
    const { place, clone } = await overridden();
    // Whoever can run the same command elsewhere knows the name.
    const planned = (await disable(clone, 'stop'))?.branch ?? '';
    await closePull(place, place.operator, 1);
    const planted = { 'config/live_overrides/auto.toml': '[auto_applied]\n"portfolio.leverage" = 2.9\n' };
    const more = { ...planted, 'config/promotion.toml': clone.read('config/promotion.toml') };
    for (const [number, files] of [
      [2, planted],
      [3, more],
    ] as const) {
      await squat(place, planned, files);
      place.wait(1000);
      const placed = await disable(clone, 'stop');
      expect(placed?.branch).not.toBe(planned);
      expect(placed).toMatchObject({ state: 'committed', pull: { number, isNew: true } });
      expect(await place.filesOf(number)).toEqual(['config/promotion.toml']);
    }
    expect(await place.pulls()).toHaveLength(3);
  });

  test('gets through when a branch is in the way of all those names, or a pull request of somebody else', async () => {
    const { place, clone } = await overridden();
    await squat(place, 'peak/policy', {});
    const placed = await disable(clone, 'stop');
    expect(placed).toMatchObject({ state: 'committed', pull: { number: 1, isNew: true } });
    expect(placed?.branch).toMatch(/^peak\/policy-disable-/);
    const people = place.forge.as(place.stranger).in(place.repository);
    await people.delete('/git/refs/heads/peak/policy');
    const opened = await disable(clone, 'stop');
    await closePull(place, place.operator, opened?.pull?.number ?? 0);
    await people.post('/pulls', { title: 'Mine', head: opened?.branch, base: 'main' });
    place.wait(1000);
    expect(await disable(clone, 'stop')).toMatchObject({ pull: { number: 4, isNew: true } });
  });

  test('is stopped neither by squatted lanes, nor by a shallow clone, nor by commits of its own', async () => {
    const { place, clone } = await overridden();
    for (const branch of ['peak/promotion/manual', 'peak/evidence']) await squat(place, branch, { x: 'x\n' });
    clone.write('config/config.toml', `${clone.read('config/config.toml')}# mine\n`);
    clone.git('-c', 'user.name=o', '-c', 'user.email=o@o', 'commit', '--quiet', '--all', '--message', 'mine');
    const head = clone.git('rev-parse', 'HEAD');
    clone.write('.git/shallow', `${head}\n`);
    const placed = await disable(clone, 'stop');
    expect(placed).toMatchObject({ state: 'committed', pull: { number: 1 } });
    expect(await place.filesOf(1)).toEqual(['config/promotion.toml']);
  });

  test('is told so when GitHub takes no branch at all', async () => {
    const { place, clone } = await overridden();
    place.forge.faults.plan({ path: /\/git\/refs/, method: 'POST', times: 9, effect: { status: 422 } });
    await expect(disable(clone, 'stop')).rejects.toThrow('BRANCH_REFUSED');
    expect(await place.pulls()).toEqual([]);
  });

  test('rolls everything back by a pull request that changes just that', async () => {
    const { place, clone } = await overridden();
    const target = await openPlace(clone);
    const report = await rollback(target, target.git, {
      aim: { kind: 'all', value: null },
      reason: 'drawdown',
      clock: instantFromMs(place.now()),
      dryRun: false,
    });
    const pull = report.ok ? report.value.placed?.pull : null;
    const changed = await place.filesOf(pull?.number ?? 0);
    expect(changed.map((path) => path.split('/').at(-1)).sort()).toEqual(['auto.toml', 'rollback.json']);
  });
});
