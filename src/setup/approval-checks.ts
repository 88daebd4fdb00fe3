import type { AutoApplyPolicy } from '../governance/index.ts';
import { type Check, fine, type Known, wrong } from './check.ts';

/** Whose pull requests of each kind are usual: the bot can open the first two, people open the others. */
const KINDS = [
  { key: 'manual', byOperator: false },
  { key: 'evidence', byOperator: false },
  { key: 'policy_loosening', byOperator: true },
  { key: 'policy_tightening', byOperator: true },
  { key: 'rollback', byOperator: true },
] as const;

/**
 * Whether each number of approvals that the policy asks for can be reached by people with write access (judge.md §4.5). A number
 * that nobody can reach locks everybody out; one that an operator's own pull request cannot reach is a warning, since authors do not count.
 */
export function checkApprovals(
  { approvals }: AutoApplyPolicy,
  approvers: ReadonlyMap<string, Known<readonly string[]>>,
): readonly Check[] {
  const people = new Set<string>();
  const unread: string[] = [];
  const without: string[] = [];
  for (const operator of approvals.operators) {
    const found = approvers.get(operator) ?? { known: false, reason: 'nobody asked' };
    if (!found.known) unread.push(`${operator}: ${found.reason}`);
    else if (found.value.length === 0) without.push(operator);
    else for (const login of found.value) people.add(login.toLowerCase());
  }
  return [
    ...without.map((operator) => wrong('OPERATOR_ACCESS', 'warning', { operator })),
    ...unread.map((reason): Check => ({ code: 'OPERATOR_ACCESS', level: 'error', args: {}, unread: reason })),
    ...(people.size > 0 ? [fine('OPERATOR_ACCESS', { count: String(people.size) })] : []),
    ...KINDS.map(({ key, byOperator }) =>
      checkCount({ key, needed: approvals[key], byOperator, count: people.size, unread: unread.join('; ') }),
    ),
  ];
}

interface Count {
  readonly key: string;
  readonly needed: number;
  readonly byOperator: boolean;
  readonly count: number;
  /** Who could not be read; '' when everybody was. */
  readonly unread: string;
}

function checkCount({ key, needed, byOperator, count, unread }: Count): Check {
  const others = byOperator ? count - 1 : count;
  const args = { key, needed: String(needed), count: String(count), author: '' };
  if (needed <= Math.max(others, 0)) return fine('APPROVALS', args);
  if (unread !== '') return { ...wrong('APPROVALS', 'error', args), unread };
  return needed <= count
    ? wrong('APPROVALS', 'warning', { ...args, author: 'operator' })
    : wrong('APPROVALS', 'error', args);
}
