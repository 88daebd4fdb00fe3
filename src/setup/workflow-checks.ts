import { type Check, fine, wrong } from './check.ts';
import { APP_ID_SECRET, KEY_SECRET, PUBLISHER_ENVIRONMENT, UNSET_ACTION } from './names.ts';

/** `uses:` wherever YAML allows it to stand, in block and in flow style, quoted or not. */
const USES = /(?:^|[\s{,])["']?uses["']?\s*:\s*["']?([^\s"',}#]+)/g;
const PINNED = /^(?:\.\/.*|docker:\/\/[^@]+@sha256:[0-9a-f]{64}|[^@]+@[0-9a-f]{40})$/;

/** Whether workflows run code that somebody else can move, or a pull request's own with this repository's rights. */
export function checkWorkflows(workflows: ReadonlyMap<string, string | null>): readonly Check[] {
  // Where there is nothing to look at, nothing is in order.
  if (workflows.size === 0)
    return WORKFLOW_CHECKS.map((code) => ({
      code,
      level: 'warning',
      args: {},
      unread: 'there is no workflow',
    }));
  const unread = [...workflows].filter(([, text]) => text === null).map(([file]) => unreadable(file));
  const texts = [...workflows].map(([file, text]): [string, string] => [file, withoutComments(text ?? '')]);
  const unset = texts.filter(([, text]) => text.includes(UNSET_ACTION));
  const targets = texts.filter(([, text]) => namesHeadInTarget(text));
  const unpinned = texts.flatMap(([file, text]) => listUnpinned(file, text));
  return [
    ...unread,
    ...(unpinned.length + unread.length === 0 ? [fine('WORKFLOW_PINS')] : unpinned),
    ...(unset.length === 0
      ? [fine('ACTION_UNSET')]
      : unset.map(([file]) => wrong('ACTION_UNSET', 'error', { file }))),
    ...(targets.length === 0
      ? [fine('HEAD_IN_TARGET')]
      : targets.map(([file]) => wrong('HEAD_IN_TARGET', 'error', { file }))),
  ];
}

const WORKFLOW_CHECKS = ['WORKFLOW_PINS', 'ACTION_UNSET', 'HEAD_IN_TARGET'] as const;

function unreadable(file: string): Check {
  return { code: 'WORKFLOW_PINS', level: 'error', args: { file }, unread: file };
}

function withoutComments(text: string): string {
  return text.replaceAll(/(^|\s)#.*$/gm, '$1');
}

/** A moved tag in the workflow that can read the publisher's key is worse than in any other. */
function listUnpinned(file: string, text: string): readonly Check[] {
  const hasKey = [PUBLISHER_ENVIRONMENT, KEY_SECRET, APP_ID_SECRET].some((name) => text.includes(name));
  return [...text.matchAll(USES)]
    .map(([, uses = '']) => uses)
    .filter((uses) => !PINNED.test(uses))
    .map((uses) => wrong('WORKFLOW_PINS', hasKey ? 'error' : 'warning', { file, uses }));
}

/** A head fetched into a ref of its own is objects only, as long as nothing makes files of them. */
const FETCHED_AS_OBJECTS = /\bgit fetch\b[^\n]*\+refs\/pull\/[^\s"':]+:refs\/peak\/[^\s"']+/g;
const MAKES_FILES =
  /\bgit\b[^\n]*\b(?:checkout|switch|worktree|merge|rebase|reset|restore|cherry-pick|read-tree|checkout-index|archive|apply|show|cat-file)\b/;

/** `pull_request_target` runs with this repository's rights; the head is the pull request author's code. */
function namesHeadInTarget(text: string): boolean {
  if (!/\bpull_request_target\b/.test(text)) return false;
  const rest = text.replaceAll(FETCHED_AS_OBJECTS, '');
  const isFetched = rest !== text;
  return (
    /github\.head_ref|github\.event\.pull_request\.head|refs\/pull\//.test(rest) ||
    (isFetched && (MAKES_FILES.test(rest) || /^\s*(?:- )?(?:ref|repository):.*refs\/peak\//m.test(rest)))
  );
}
