/**
 * Every attack of the folders beside this one again, past the App: pushed over HTTP by a writer who is no operator, opened as a pull
 * request, approved by three deceived operators, judged after signed webhooks and again by a reconciliation, and tried to be merged. Its
 * honest twin becomes green and is merged, so that the App does not refuse everything.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AttackStage, type Staged, type Staging } from '../../support/judge/attack-stage.ts';
import type { Attack } from '../../support/review/attack.ts';
import { type Change, GovernedRepo } from '../../support/review/governed-repo.ts';
import { loadAttacks } from '../../support/review/load-attacks.ts';

const ATTACKS = await loadAttacks();

/** Attacks on what only the App has: a mirror, limits on what it fetches, and the state of a branch. */
const IN_FULL = new Set(['too-large', 'promotion-while-disabled', 'links-and-modes', 'no-common-history']);

/** Attacks that GitHub itself does not let become a pull request. */
const REFUSED_BY_GITHUB = new Set(['no-common-history: an orphan']);

/** Twins that are green although the base has moved on: GitHub merges them once the publisher has brought them up to date. */
const BEHIND = new Set(['stale-after-another-merge']);

const cleanings: (() => Promise<void>)[] = [];
const staged = new Map<string, Staged | null>();
const twins = new Map<string, Twin>();
const answers = new Map<Staged, readonly (string | number | null)[]>();
let stage: AttackStage;

/** An honest change, which may be that of several attacks; its check, and what GitHub said to merging it. */
interface Twin {
  readonly pull: Staged;
  answer: readonly (string | number | null)[];
}

/** The variants that are tried; the others differ in what the pure judge reads, and are tried there and by `peak check`. */
function tried(folder: string, { variants }: Attack): readonly string[] {
  return Object.keys(variants).slice(0, IN_FULL.has(folder) ? undefined : 1);
}

function ids(repo: GovernedRepo, { base, head }: Change): Omit<Staging, 'isApproved'> {
  const id = (ref: string) => repo.git('rev-parse', `${ref}^{commit}`);
  return { base: id(base), head: id(head) };
}

/** Attacks of one base share a repository; merging a twin moves its base, so each other twin has one of its own. */
async function collect(repo: GovernedRepo) {
  const groups = new Map<string, (Staging & { readonly name: string })[]>();
  const honest = new Map<string, Staging & { readonly names: string[] }>();
  for (const [folder, attack] of ATTACKS) {
    for (const variant of tried(folder, attack)) {
      const change = ids(repo, await (attack.variants[variant] ?? attack.twin)(repo));
      const group = groups.get(change.base) ?? [];
      const name = `${folder}: ${variant}`;
      groups.set(change.base, [...group, { ...change, isApproved: attack.isApproved ?? true, name }]);
    }
    const twin = ids(repo, await attack.twin(repo));
    const key = `${twin.base} ${repo.git('rev-parse', `${twin.head}^{tree}`)}`;
    const known = honest.get(key) ?? { ...twin, isApproved: true, names: [] };
    known.names.push(folder);
    honest.set(key, known);
  }
  return { groups, honest };
}

beforeAll(async () => {
  const repo = await GovernedRepo.create({ more: 'carol' });
  cleanings.push(async () => repo.destroy());
  stage = await AttackStage.start(repo, (clean) => cleanings.push(clean));
  const { groups, honest } = await collect(repo);
  for (const group of groups.values()) {
    const pulls = await stage.open(group);
    for (const [i, { name }] of group.entries()) staged.set(name, pulls[i] ?? null);
  }
  for (const twin of honest.values()) {
    const [pull] = await stage.open([twin]);
    if (pull == null) throw new Error(`GitHub refuses the twin of ${twin.names}`);
    const found: Twin = { pull, answer: [] };
    for (const name of twin.names) twins.set(name, found);
  }
  await stage.release();
  for (const twin of new Set(twins.values()))
    twin.answer = [await stage.conclusion(twin.pull), await stage.merge(twin.pull)];
  const pulls = [...staged.values()].filter((pull) => pull !== null);
  for (const pull of pulls) answers.set(pull, [await stage.conclusion(pull), await stage.merge(pull)]);
  await stage.judge.reconcile();
  await stage.settled();
}, 600_000);

afterAll(async () => {
  for (const clean of cleanings.toReversed()) await clean();
});

const TRIED = ATTACKS.flatMap(([folder, attack]) =>
  tried(folder, attack).map((variant) => [`${folder}: ${variant}`, attack] as const),
);

test.each(TRIED)('%s is neither green nor merged', async (name, attack) => {
  const pull = staged.get(name);
  if (pull == null) return expect(REFUSED_BY_GITHUB).toContain(name);
  // Where an attack supposes another past, this repository has none that could excuse it.
  const expected = attack.history === undefined ? attack.conclusion : 'failure';
  expect(answers.get(pull)).toEqual([expected, 405]);
  expect(await stage.conclusion(pull)).toBe(expected);
  expect(await stage.merge(pull)).toBe(405);
});

test.each(ATTACKS)('%s: its honest twin is green, and merged', async (folder) => {
  const twin = twins.get(folder);
  if (twin === undefined) throw new Error('no twin');
  expect(twin.answer).toEqual(['success', BEHIND.has(folder) ? 405 : 200]);
});
