/** Ordinary changes that must pass where GitHub plays a part: what test/legit shows of the pure judge, over webhooks. */
import { describe, expect, test } from 'vitest';
import { changePolicy } from '../../src/cycles/change-policy.ts';
import { instantFromMs } from '../../src/kernel/instant.ts';
import {
  EVIDENCE,
  EVIDENCE_HEAD,
  POLICY,
  patch,
  withoutEvidence,
  withoutResearch,
} from '../support/github/evidence.ts';
import type { Clone } from '../support/github/github-place.ts';
import { type JudgePlace, judgePlace } from '../support/judge/judge-place.ts';

const AUTO_TOML = 'config/live_overrides/auto.toml';
const BASE_CONFIG = 'config/config.toml';
const LIVE = '[auto_applied]\n"portfolio.leverage" = 1.25\n';

type Files = Readonly<Record<string, string | null>>;

async function conclusion(place: JudgePlace, number: number): Promise<string | null> {
  return (await place.check(number)).conclusion;
}

/** Somebody pushes past the protection, which is lifted for it. */
async function pushAnyway(place: JudgePlace, files: Files): Promise<void> {
  const { forge, repository, operator } = place;
  const rules = repository.rulesets.splice(0);
  const pushed = await forge.push(repository, { author: operator, branch: 'main', files });
  repository.rulesets.push(...rules);
  expect(pushed.ok).toBe(true);
}

/** What people push is unverified, which asks for one approval more than the policy (judge.md §4.5). */
async function agreed(place: JudgePlace, number: number): Promise<void> {
  await place.review(number, place.operator);
  expect(await conclusion(place, number)).toBe('action_required');
  await place.review(number, place.second);
  expect(await conclusion(place, number)).toBe('success');
}

/** `peak disable --publish github`: the publisher opens it. */
async function disable(clone: Clone): Promise<number> {
  const publishing = await clone.publishing();
  if (!publishing.ok) throw new Error(JSON.stringify(publishing.problems));
  const request = { kind: 'mode', mode: 'disabled', reason: 'stop' } as const;
  const settings = { clock: instantFromMs(clone.place.now()), dryRun: false, log: null };
  const report = await changePolicy(
    { kind: 'github', ...publishing.value, askedBy: null },
    request,
    settings,
  );
  if (!report.ok) throw new Error(JSON.stringify(report.problems));
  return report.value.placed?.pull?.number ?? 0;
}

describe('passes on GitHub', { timeout: 120_000 }, () => {
  test('a promotion whose branch was updated keeps its approval, and is squashed', async () => {
    const place = await judgePlace({ change: withoutResearch });
    const { forge, repository, operator, stranger } = place;
    await (await place.clone()).published();
    const number = (await place.pulls())[0]?.number ?? 0;
    await place.review(number, operator);
    await place.tick(number, operator);
    expect(await conclusion(place, number)).toBe('success');
    const other = await place.open(stranger, 'words', { 'NOTES.md': 'words\n' });
    expect(await conclusion(place, other)).toBe('success');
    expect(await place.merge(other, stranger)).toBe(200);
    expect(await place.merge(number, operator)).toBe(405);
    const updated = await forge.as(operator).in(repository).put(`/pulls/${number}/update-branch`);
    expect(updated.status).toBe(202);
    expect(await conclusion(place, number)).toBe('success');
    expect(await place.merge(number, operator, 'squash')).toBe(200);
    const clone = await place.clone();
    expect(clone.read(AUTO_TOML)).toContain('"portfolio.leverage" = 1.25');
    await clone.fetch('+refs/notes/peak:refs/notes/peak');
    const note = clone.git('notes', '--ref', 'peak', 'show', repository.pulls.get(number)?.mergeCommit ?? '');
    expect(JSON.parse(note)).toMatchObject({ conclusion: 'success', approvals: [{ login: 'olivia' }] });
  });

  test('evidence, tightening, the killswitch, and a graduation', async () => {
    const place = await judgePlace({
      change: (folder) => {
        withoutEvidence(folder);
        folder.write(AUTO_TOML, LIVE);
      },
    });
    const { operator, stranger } = place;
    const clone = await place.clone();
    const evidence = await place.open(stranger, 'data', { [`${EVIDENCE}/mine.json`]: patch() });
    expect(await conclusion(place, evidence)).toBe('action_required');
    await agreed(place, evidence);

    clone.write(`${EVIDENCE}/weak.json`, patch({ confidence_score: 0.1 }));
    const { branches } = await clone.published();
    const own = branches.find(({ branch }) => branch === EVIDENCE_HEAD)?.pull?.number ?? 0;
    expect(await conclusion(place, own)).toBe('success');

    const policy = clone.read(POLICY);
    const narrow = { [POLICY]: policy.replace('max_step = 0.25', 'max_step = 0.2') };
    expect(await conclusion(place, await place.open(operator, 'narrow', narrow))).toBe('success');
    expect(await conclusion(place, await place.open(stranger, 'too-narrow', narrow))).toBe('action_required');

    const config = clone.read(BASE_CONFIG);
    const graduated = {
      [BASE_CONFIG]: config.replace(/^leverage = 1\.0/m, 'leverage = 1.25'),
      [AUTO_TOML]: '[auto_applied]\n',
    };
    expect(graduated[BASE_CONFIG]).not.toBe(config);
    expect(await conclusion(place, await place.open(stranger, 'graduate', graduated))).toBe('success');

    const killswitch = await disable(clone);
    expect(await conclusion(place, killswitch)).toBe('action_required');
    await place.review(killswitch, operator);
    expect(await conclusion(place, killswitch)).toBe('success');
    expect(await place.merge(killswitch, operator)).toBe(200);
  });

  test('a first policy that an admin approves, and a policy repaired by operators', async () => {
    let policy = '';
    const place = await judgePlace({
      change: (folder) => {
        folder.edit(POLICY, '"otto"]', '"otto", "odin"]');
        policy = folder.read(POLICY);
        folder.remove(POLICY);
      },
    });
    const { forge, repository, operator, second, stranger } = place;
    const admins = ['ada', 'abe'].map((login) => forge.createUser(login));
    for (const admin of admins) forge.setRole(repository, admin, 'admin');
    const third = forge.createUser('odin');
    forge.setRole(repository, third, 'write');
    const first = await place.open(stranger, 'first', { [POLICY]: policy });
    await place.review(first, operator);
    expect(await conclusion(place, first)).toBe('action_required');
    for (const person of admins) await place.review(first, person);
    expect(await conclusion(place, first)).toBe('success');
    expect(await place.merge(first, operator)).toBe(200);

    await pushAnyway(place, { [POLICY]: 'mode =' });
    const repair = await place.open(stranger, 'repair', { [POLICY]: policy });
    await place.review(repair, operator);
    await place.review(repair, second);
    expect(await conclusion(place, repair)).toBe('action_required');
    await place.review(repair, third);
    expect(await conclusion(place, repair)).toBe('success');
  });
});
