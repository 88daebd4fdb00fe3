import { INSIDERS } from '../cycles/pull-reader-port.ts';

/** What a webhook asks for. */
export type Intent =
  | { readonly kind: 'evaluate'; readonly number: number; readonly announces: boolean; readonly by: Asker }
  /** A new commit, whose pull requests are not named. */
  | { readonly kind: 'evaluate_commit'; readonly head: string }
  | { readonly kind: 'merged' | 'closed'; readonly number: number }
  | { readonly kind: 'base_moved'; readonly branch: string }
  | {
      readonly kind: 'group';
      readonly headRef: string;
      readonly head: string;
      readonly base: string;
      readonly branch: string;
    }
  | {
      readonly kind: 'comment';
      readonly number: number;
      readonly commentId: number;
      readonly body: string;
      readonly actor: Actor;
    }
  | {
      readonly kind: 'button';
      readonly number: number;
      readonly identifier: string;
      /** Of the evaluation whose check has the button. */
      readonly stamp: string;
      readonly actor: Actor;
    }
  | { readonly kind: 'reconcile' };

/** Who caused an event. */
export interface Actor {
  readonly id: number;
  readonly login: string;
  readonly isUser: boolean;
}

/** For whom it is judged: outsiders wait longer (judge.md §7). */
export type Asker = { readonly kind: 'bot' | 'insider' } | { readonly kind: 'outsider'; readonly id: number };

/** A webhook, as far as it is looked at: GitHub signed it, and everything in it is read again before anything is decided. */
export interface WebhookEvent {
  readonly name: string;
  readonly payload: Payload;
}

interface User {
  readonly id: number;
  readonly login: string;
  readonly type: string;
}

interface PullPayload {
  readonly number: number;
  readonly merged?: boolean;
  readonly user: User | null;
  readonly author_association: string;
}

interface Payload {
  readonly action?: string;
  readonly ref?: string;
  readonly sender?: User;
  readonly changes?: { readonly base?: unknown };
  readonly pull_request?: PullPayload;
  readonly issue?: { readonly number: number; readonly pull_request?: unknown };
  readonly comment?: {
    readonly id: number;
    readonly body: string;
    readonly user: User | null;
    readonly author_association: string;
  };
  readonly check_run?: { readonly head_sha: string; readonly name: string; readonly external_id?: string };
  readonly check_suite?: { readonly head_sha: string };
  readonly requested_action?: { readonly identifier: string };
  readonly merge_group?: {
    readonly head_sha: string;
    readonly head_ref: string;
    readonly base_sha: string;
    readonly base_ref: string;
  };
}

/** Actions of `pull_request` that can change a verdict (judge.md §6). */
const PULL_ACTIONS: readonly string[] = ['opened', 'reopened', 'synchronize', 'edited', 'ready_for_review'];
const REVIEW_ACTIONS: readonly string[] = ['submitted', 'dismissed', 'edited'];
const HEADS = 'refs/heads/';

/** What an event asks for; null for nothing. A button's pull request is found by the commit of its check. */
export function intentOf(
  { name, payload }: WebhookEvent,
  pullsAt: (head: string) => readonly number[],
): readonly Intent[] {
  switch (name) {
    case 'pull_request':
      return pullIntents(payload);
    case 'pull_request_review':
      return REVIEW_ACTIONS.includes(payload.action ?? '') ? evaluate(payload, false) : [];
    case 'issue_comment':
      return commentIntents(payload);
    case 'check_run':
      return checkRunIntents(payload, pullsAt);
    case 'check_suite':
      return payload.action === 'rerequested' && payload.check_suite !== undefined
        ? [{ kind: 'evaluate_commit', head: payload.check_suite.head_sha }]
        : [];
    case 'push':
      return payload.ref?.startsWith(HEADS) === true
        ? [{ kind: 'base_moved', branch: payload.ref.slice(HEADS.length) }]
        : [];
    case 'merge_group':
      return groupIntents(payload);
    case 'repository_dispatch':
      return [{ kind: 'reconcile' }];
    default:
      return [];
  }
}

function pullIntents(payload: Payload): readonly Intent[] {
  const { action = '', pull_request: pull, changes } = payload;
  if (pull === undefined) return [];
  if (action === 'closed') return [{ kind: pull.merged === true ? 'merged' : 'closed', number: pull.number }];
  return PULL_ACTIONS.includes(action) ? evaluate(payload, changes?.base !== undefined) : [];
}

function evaluate({ pull_request: pull }: Payload, announces: boolean): readonly Intent[] {
  return pull === undefined ? [] : [{ kind: 'evaluate', number: pull.number, announces, by: askerOf(pull) }];
}

function askerOf({
  user,
  author_association: association,
}: Pick<PullPayload, 'user' | 'author_association'>): Asker {
  if (user?.type === 'Bot') return { kind: 'bot' };
  return INSIDERS.includes(association) ? { kind: 'insider' } : { kind: 'outsider', id: user?.id ?? 0 };
}

/** Only a new comment is a command; an edited or deleted one can only make a hold unknown. */
function commentIntents({ action, issue, comment }: Payload): readonly Intent[] {
  if (issue?.pull_request === undefined || comment === undefined) return [];
  const { number } = issue;
  const actor = actorOf(comment.user);
  if (action !== 'created') return [{ kind: 'evaluate', number, announces: false, by: askerOf(comment) }];
  return [{ kind: 'comment', number, commentId: comment.id, body: comment.body, actor }];
}

function checkRunIntents(
  { action, check_run: run, requested_action: requested, sender }: Payload,
  pullsAt: (head: string) => readonly number[],
): readonly Intent[] {
  if (run === undefined) return [];
  if (action === 'rerequested') return [{ kind: 'evaluate_commit', head: run.head_sha }];
  if (action !== 'requested_action' || requested === undefined) return [];
  const actor = actorOf(sender ?? null);
  return pullsAt(run.head_sha).map((number) => ({
    kind: 'button',
    number,
    identifier: requested.identifier,
    stamp: run.external_id ?? '',
    actor,
  }));
}

function groupIntents({ action, merge_group: group }: Payload): readonly Intent[] {
  if (action !== 'checks_requested' || group === undefined) return [];
  const branch = group.base_ref.replace(HEADS, '');
  return [
    {
      kind: 'group',
      headRef: group.head_ref.replace(HEADS, ''),
      head: group.head_sha,
      base: group.base_sha,
      branch,
    },
  ];
}

function actorOf(user: User | null): Actor {
  return { id: user?.id ?? 0, login: user?.login ?? 'ghost', isUser: user?.type === 'User' };
}
