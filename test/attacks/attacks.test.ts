/**
 * Every folder beside this file is an attack on the judge: a complete change, made with real git, that must be refused for the right
 * reason by the pure judge and by `peak check`, and its honest twin, which must pass, so that no rule refuses everything.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runHere } from '../support/cli/run-here.ts';
import type { Attack } from '../support/review/attack.ts';
import { type Change, GovernedRepo } from '../support/review/governed-repo.ts';
import { blockersOf, codesOf, judgeChange, peopleOf, snapshotOf } from '../support/review/judge-change.ts';
import { loadAttacks } from '../support/review/load-attacks.ts';

const ATTACKS = await loadAttacks();

let repo: GovernedRepo;

beforeAll(async () => {
  repo = await GovernedRepo.create();
});

afterAll(() => repo.destroy());

async function check({ base, head }: Change) {
  const env = { SOURCE_DATE_EPOCH: '' };
  const run = await runHere(repo, ['check', '--base', base, '--head', head, '--json'], { env });
  const answer = JSON.parse(run.stdout) as { conclusion: string; rules: Parameters<typeof codesOf>[0] };
  return { exitCode: run.exitCode, ...answer };
}

async function approvals(change: Change, { isApproved = true }: Attack) {
  const { head } = await snapshotOf(repo, change);
  return peopleOf(head.id, isApproved ? {} : { reviews: [] });
}

test('the attacks are found', () => {
  expect(ATTACKS.length).toBeGreaterThan(30);
});

describe.each(ATTACKS)('%s', (_, attack) => {
  const past = () => (attack.history === undefined ? {} : { history: attack.history(repo) });

  test.each(Object.entries(attack.variants))('%s: is refused', async (name, attempt) => {
    const change = await attempt(repo);
    const people = await approvals(change, attack);
    const verdict = await judgeChange(repo, change, { people, ...past() });
    const required = [...attack.codes, ...(attack.also?.[name] ?? [])];
    expect(codesOf(verdict.rules)).toEqual(expect.arrayContaining(required));
    expect(verdict.conclusion).toBe(attack.conclusion);

    const answer = await check(change);
    const local = required.filter(
      (code) => !attack.needsHistory?.includes(code) && !code.startsWith('APPROVALS'),
    );
    expect(codesOf(answer.rules)).toEqual(expect.arrayContaining(local));
    expect(answer.exitCode).toBe(1);
    expect(answer.conclusion).not.toBe('success');
  });

  test('its honest twin passes', async () => {
    const change = await attack.twin(repo);
    const verdict = await judgeChange(repo, change, past());
    expect(blockersOf(verdict.rules)).toEqual([]);
    expect(verdict.conclusion).toBe('success');

    const answer = await check(change);
    const unknown = attack.unknownLocally ?? ['APPROVALS_UNKNOWN'];
    expect(blockersOf(answer.rules)).toEqual(unknown);
    expect(answer.exitCode).toBe(unknown.length === 0 ? 0 : 1);
  });
});
