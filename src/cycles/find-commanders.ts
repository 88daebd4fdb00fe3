import { editPolicy, parseRollbackRecord } from '../governance/index.ts';
import { POLICY_PATH } from '../kernel/governed-paths.ts';
import { HOUR_MS, type Instant } from '../kernel/instant.ts';
import { type Command, parseAskedBy, parseCommand, type Snapshot } from '../review/index.ts';
import { findMergedProposal } from './find-merge.ts';
import { findOperators } from './find-operators.ts';
import { isGoverned } from './governed-branch.ts';
import type { JudgeDesk } from './judge-desk.ts';
import type { PullRequest } from './pull-reader-port.ts';
import { readModeChanges } from './read-mode-changes.ts';
import { isPublishers, type PullFacts } from './read-people.ts';

/** A command stands behind what it asked for so long, in milliseconds; who still wants it after that says so again. */
const COMMAND_MS = 24 * HOUR_MS;

/** What has been asked for, as far as it matters whose wish it is. */
export interface AskedChange {
  readonly facts: PullFacts;
  readonly snapshot: Pick<Snapshot, 'now' | 'own' | 'mergeBase' | 'head'>;
  /** Of the policy that judges. */
  readonly operators: readonly string[];
}

/**
 * The operator whose `/peak disable` or `/peak rollback` a pull request of the publisher's carries out, as a set of ids. The body only says
 * where to look: the comment has to stand there as an operator wrote it, within a day, where the judge takes commands, and what the
 * publisher made of it has to be what it asks for (judge.md §5), and not to have been done since: everybody who may write can ask again.
 */
export async function findCommanders(
  desk: JudgeDesk,
  { facts, snapshot, operators }: AskedChange,
): Promise<ReadonlySet<number>> {
  const asked = parseAskedBy(facts.pull.body);
  if (asked === null || !(await isPublishers(desk, facts))) return new Set();
  const asking = await desk.pulls.read(asked.pull);
  const comment = asking?.comments.find(({ id }) => id === asked.comment);
  if (comment === undefined || comment.isEdited || !comment.author.isUser) return new Set();
  if (comment.at > snapshot.now || snapshot.now - comment.at > COMMAND_MS) return new Set();
  if (asking === null || !(await isGoverned(desk, asking.pull.base.branch))) return new Set();
  const order = { facts, snapshot, pull: asking.pull, saidAt: comment.at };
  const isDone = await isCarriedOut(desk, parseCommand(comment.body), order);
  return isDone ? findOperators(desk, operators, [comment.author]) : new Set();
}

interface Order extends Pick<AskedChange, 'facts' | 'snapshot'> {
  /** Below which it was asked for. */
  readonly pull: PullRequest;
  readonly saidAt: Instant;
}

async function isCarriedOut(
  desk: JudgeDesk,
  command: Command | null,
  { facts, snapshot, pull, saidAt }: Order,
): Promise<boolean> {
  switch (command?.name) {
    case 'disable':
      return isKillswitch(snapshot) && !(await isModeMoved(facts, saidAt));
    case 'rollback': {
      // Another stage's values are not what was asked about.
      if (pull.base.branch !== facts.pull.base.branch) return false;
      const undone = proposalTakenBack(snapshot);
      const merged = await findMergedProposal(desk, pull);
      // What was asked for before the merge was refused.
      return merged !== null && merged.id === undone && saidAt >= merged.mergedAt;
    }
    default:
      return false;
  }
}

/** Nothing but what `peak disable` writes. */
function isKillswitch({ now, own, mergeBase, head }: AskedChange['snapshot']): boolean {
  if (own.length !== 1 || own[0]?.path !== POLICY_PATH) return false;
  const before = mergeBase.texts.get(POLICY_PATH) ?? null;
  const edit = editPolicy(before, { kind: 'mode', mode: 'disabled' }, now);
  return edit.ok && edit.value.after === head.texts.get(POLICY_PATH);
}

/** Whether the mode on the base has been another since: it was done, or operators have decided anew. */
async function isModeMoved({ git, tip }: PullFacts, since: Instant): Promise<boolean> {
  const { commits } = await git.firstParents(tip);
  const after = commits.findLast(({ claimed }) => claimed <= since)?.id ?? null;
  const changes = await readModeChanges(git, { after, until: tip });
  return changes.some((change) => change.before !== change.after);
}

/** The one proposal that the one added `rollback.json` takes back; the rules compare what it does with the history. */
function proposalTakenBack({ own, head }: AskedChange['snapshot']): string | null {
  const [path, ...more] = own.flatMap((change) =>
    change.before === null && change.path.endsWith('/rollback.json') ? [change.path] : [],
  );
  if (path === undefined || more.length > 0) return null;
  const record = parseRollbackRecord(head.texts.get(path) ?? '', path);
  return record.ok && record.value.scope.kind === 'proposal' ? record.value.scope.value : null;
}
