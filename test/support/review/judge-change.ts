import { openGitRepository } from '../../../src/adapters/git/index.ts';
import { ObjectMemory } from '../../../src/cycles/object-memory.ts';
import { readSnapshot } from '../../../src/cycles/read-snapshot.ts';
import { LOOPS } from '../../../src/cycles/rebuild.ts';
import { rememberRepository } from '../../../src/cycles/remember-repository.ts';
import {
  judge,
  type ReviewFinding,
  type RuleResult,
  type Snapshot,
  type Verdict,
} from '../../../src/review/index.ts';
import type { People } from '../../../src/review/people.ts';
import type { Change, GovernedRepo } from './governed-repo.ts';

/** A stranger's change that two operators have approved on its head. */
export function peopleOf(head: string, overrides: Partial<People> = {}): People {
  const approve = (id: number, login: string) => ({
    reviewer: { id, login },
    isUser: true,
    state: 'APPROVED' as const,
    commit: head,
    at: 0 as People['reviews'][number]['at'],
  });
  return {
    author: { id: 9, login: 'mallory' },
    isBotOwn: false,
    reviews: [approve(1, 'alice'), approve(2, 'bob')],
    commitAuthors: [{ commit: head, id: 9, isVerified: true }],
    operators: new Set([1, 2]),
    admins: new Set([3]),
    commanders: new Set(),
    ticks: 'none',
    isHeld: false,
    declined: [],
    earlierEffects: new Map(),
    ...overrides,
  };
}

/** One for all changes of a test file: what one of them leaves in it must not help another. */
const MEMORY = new ObjectMemory();

/** Reads a change as the judge does. */
export async function snapshotOf(repo: GovernedRepo, { base, head }: Change): Promise<Snapshot> {
  const git = await openGitRepository(repo.root);
  if (git === null) throw new Error('no repository');
  const [from, to] = await Promise.all([git.resolve(base), git.resolve(head)]);
  if (from === null || to === null) throw new Error(`no such ref: ${base} or ${head}`);
  const known = rememberRepository(git, MEMORY);
  return readSnapshot(known, { base: from, head: to, now: repo.now });
}

/** Judges a change with people and history given; by default, approved by two operators. */
export async function judgeChange(
  repo: GovernedRepo,
  change: Change,
  overrides: Partial<Snapshot> = {},
): Promise<Verdict> {
  const snapshot = await snapshotOf(repo, change);
  return judge({ ...snapshot, people: peopleOf(snapshot.head.id), ...overrides }, LOOPS);
}

/** Every code of some rules with its place, also of parts. */
export function codesOf(
  rules: readonly Pick<RuleResult, 'findings'>[],
  isCounted: (finding: ReviewFinding) => boolean = () => true,
): readonly string[] {
  const visit = (finding: ReviewFinding): readonly string[] => [
    ...(isCounted(finding)
      ? [finding.code, `${finding.code} ${finding.file}`, `${finding.code} ${finding.target}`]
      : []),
    ...(finding.children ?? []).flatMap(visit),
  ];
  return rules.flatMap(({ findings }) => findings.flatMap(visit));
}

/** Codes of what stands against the change. */
export function blockersOf(rules: readonly Pick<RuleResult, 'findings'>[]): readonly string[] {
  return [
    ...new Set(
      rules
        .flatMap(({ findings }) => findings)
        .filter(({ outcome }) => outcome !== 'noted')
        .map(({ code }) => code),
    ),
  ].sort();
}
