/** Operators' changes on a local GitHub: one pull request each, and nothing here moves. */
import { describe, expect, test } from 'vitest';
import { changePolicy } from '../../src/cycles/change-policy.ts';
import type { PlacedChange } from '../../src/cycles/operator-change.ts';
import { rollback } from '../../src/cycles/rollback.ts';
import { instantFromMs } from '../../src/kernel/instant.ts';
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
  return { kind: 'github', ...publishing.value } as const;
}

/** Switches promotion off on GitHub, and answers what became of it. */
async function disable(clone: Clone, reason: string): Promise<PlacedChange | null> {
  const request = { kind: 'mode', mode: 'disabled', reason } as const;
  const settings = { clock: instantFromMs(clone.place.now()), dryRun: false, log: null };
  const report = await changePolicy(await openPlace(clone), request, settings);
  if (!report.ok) throw new Error(JSON.stringify(report.problems));
  return report.value.placed;
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
    await disable(clone, 'stop');
    await expect(disable(clone, 'stop')).rejects.toMatchObject({ code: 'GIT_REF_MOVED' });
    expect(await place.pulls()).toHaveLength(1);
  });

  test('gets no pull request for what somebody else put on a branch of the same name', async () => {
    const { place, clone } = await overridden();
    // Whoever can run the same command elsewhere knows the name.
    const planned = (await disable(clone, 'stop'))?.branch ?? '';
    const { stranger, forge, repository } = place;
    const planted = { 'config/live_overrides/auto.toml': '[auto_applied]\n"portfolio.leverage" = 2.9\n' };
    for (const files of [
      planted,
      { ...planted, 'config/promotion.toml': clone.read('config/promotion.toml') },
    ]) {
      await closePull(place, place.operator, 1);
      await forge.as(stranger).in(repository).delete(`/git/refs/heads/${planned}`);
      const pushed = await forge.push(repository, { author: stranger, branch: planned, from: 'main', files });
      expect(pushed.ok).toBe(true);
      await expect(disable(clone, 'stop')).rejects.toThrow('FOREIGN_COMMIT');
      expect(await place.pulls()).toHaveLength(1);
    }
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
