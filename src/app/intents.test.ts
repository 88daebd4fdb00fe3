import { describe, expect, test } from 'vitest';
import { intentOf, type WebhookEvent } from './intents.ts';

type Payload = WebhookEvent['payload'];

const ADA = { id: 5, login: 'ada', type: 'User' };
const BOT = { id: 6, login: 'peak[bot]', type: 'Bot' };
const PULL = { number: 7, user: ADA, author_association: 'MEMBER' } as const;
const COMMENT = { id: 9, body: '/peak hold', user: ADA, author_association: 'NONE' } as const;
const RUN = { head_sha: 'abc', name: 'peak/governance' } as const;

function intents(name: string, payload: Payload, pulls: readonly number[] = []) {
  return intentOf({ name, payload }, () => pulls);
}

describe('intentOf', () => {
  test.each(['opened', 'reopened', 'synchronize', 'edited', 'ready_for_review'])(
    'evaluates a pull request that was %s',
    (action) => {
      expect(intents('pull_request', { action, pull_request: PULL })).toEqual([
        { kind: 'evaluate', number: 7, announces: false, by: { kind: 'insider' } },
      ]);
    },
  );

  test('announces a change of the base, and of nothing else', () => {
    const edited = (changes: Payload['changes'] & object) =>
      intents('pull_request', { action: 'edited', pull_request: PULL, changes });
    expect(edited({ base: {} })).toMatchObject([{ announces: true }]);
    expect(edited({})).toMatchObject([{ announces: false }]);
  });

  test('tells the bot, insiders and outsiders apart', () => {
    const by = (pull: object) =>
      intents('pull_request', { action: 'opened', pull_request: { ...PULL, ...pull } });
    expect(by({ user: BOT, author_association: 'NONE' })).toMatchObject([{ by: { kind: 'bot' } }]);
    expect(by({ author_association: 'CONTRIBUTOR' })).toMatchObject([{ by: { kind: 'outsider', id: 5 } }]);
    expect(by({ author_association: 'OWNER' })).toMatchObject([{ by: { kind: 'insider' } }]);
    expect(by({ user: null, author_association: 'NONE' })).toMatchObject([{ by: { id: 0 } }]);
  });

  test('records a merge, and forgets what was only closed', () => {
    const closed = (merged: boolean) =>
      intents('pull_request', { action: 'closed', pull_request: { ...PULL, merged } });
    expect(closed(true)).toEqual([{ kind: 'merged', number: 7 }]);
    expect(closed(false)).toEqual([{ kind: 'closed', number: 7 }]);
  });

  test.each(['submitted', 'dismissed', 'edited'])('evaluates after a review was %s', (action) => {
    expect(intents('pull_request_review', { action, pull_request: PULL })).toMatchObject([{ number: 7 }]);
  });

  test('takes a new comment of a pull request for a command, and an edit for a reason to look again', () => {
    const issue = { number: 7, pull_request: {} };
    expect(intents('issue_comment', { action: 'created', issue, comment: COMMENT })).toEqual([
      {
        kind: 'comment',
        number: 7,
        commentId: 9,
        body: '/peak hold',
        actor: { id: 5, login: 'ada', isUser: true },
      },
    ]);
    for (const action of ['edited', 'deleted'])
      expect(intents('issue_comment', { action, issue, comment: COMMENT })).toMatchObject([
        { kind: 'evaluate', by: { kind: 'outsider' } },
      ]);
    expect(intents('issue_comment', { action: 'created', issue: { number: 7 }, comment: COMMENT })).toEqual(
      [],
    );
  });

  test('finds the pull requests of a button, and takes the sender for who pressed it', () => {
    const payload = { action: 'requested_action', check_run: RUN, sender: ADA } as const;
    const pressed = { ...payload, requested_action: { identifier: 'hold' } };
    expect(intents('check_run', pressed, [7, 8])).toMatchObject([
      { kind: 'button', number: 7, identifier: 'hold', stamp: '', actor: { id: 5, isUser: true } },
      { number: 8 },
    ]);
    expect(intents('check_run', pressed)).toEqual([]);
    expect(intents('check_run', payload, [7])).toEqual([]);
  });

  test('judges a commit again whose check or suite is asked for', () => {
    const again = [{ kind: 'evaluate_commit', head: 'abc' }];
    expect(intents('check_run', { action: 'rerequested', check_run: RUN })).toEqual(again);
    expect(intents('check_suite', { action: 'rerequested', check_suite: RUN })).toEqual(again);
    expect(intents('check_suite', { action: 'completed', check_suite: RUN })).toEqual([]);
    expect(intents('check_run', { action: 'completed', check_run: RUN })).toEqual([]);
  });

  test('hears of pushed branches, not of tags', () => {
    expect(intents('push', { ref: 'refs/heads/feature/x' })).toEqual([
      { kind: 'base_moved', branch: 'feature/x' },
    ]);
    expect(intents('push', { ref: 'refs/tags/v1' })).toEqual([]);
  });

  test('judges a merge group, and is poked by a dispatch', () => {
    const group = {
      head_sha: 'h',
      head_ref: 'refs/heads/gh-readonly-queue/main/pr-7-b',
      base_sha: 'b',
      base_ref: 'refs/heads/main',
    };
    expect(intents('merge_group', { action: 'checks_requested', merge_group: group })).toEqual([
      { kind: 'group', headRef: 'gh-readonly-queue/main/pr-7-b', head: 'h', base: 'b', branch: 'main' },
    ]);
    expect(intents('merge_group', { action: 'destroyed', merge_group: group })).toEqual([]);
    expect(intents('repository_dispatch', {})).toEqual([{ kind: 'reconcile' }]);
  });

  test.each([
    'star',
    'pull_request',
    'pull_request_review',
    'issue_comment',
    'check_run',
    'check_suite',
    'push',
  ])('makes nothing of a %s without content', (name) => {
    expect(intents(name, {})).toEqual([]);
  });
});
