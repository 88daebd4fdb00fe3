import { findTargetFault } from '../../kernel/target.ts';
import { clipText } from '../../kernel/text/clip-text.ts';

/** What an operator asks the judge for (judge.md §6). A reason is text from outside: escape it for its sink. */
export type Command =
  | { readonly name: 'recheck' | 'explain' | 'release' }
  | { readonly name: 'hold' | 'rollback' | 'disable'; readonly reason: string | null }
  | { readonly name: 'decline'; readonly target: string; readonly reason: string }
  /** Addressed to the judge, and none of its commands: it is answered with their list, and does nothing else. */
  | { readonly name: 'help' };

/** Longest reason that is kept; it goes into a policy, a commit message or a comment. */
const MAX_REASON = 300;
/** No command needs a longer line; the rest of a comment is never looked at. */
const MAX_LINE = 1000;

/** What an unknown first line must start with to be answered at all. */
const ADDRESSED = /^\/peak(?:[ \t]|$)/;
/** The word of a command, and what stands behind it. Lower case and ASCII only: what only looks like a command is none. */
const COMMAND = /^\/peak[ \t]+([a-z]+)(?:[ \t]+(.*?))?[ \t]*$/;

/**
 * The command in the body of a newly created comment; null where it holds none. Only the first line counts, from its first
 * character on: so nothing that is quoted, fenced, indented, in an HTML comment or behind other text can be one. `release`,
 * `recheck` and `explain` take nothing behind them: "/peak release not before Monday" releases nothing.
 */
export function parseCommand(body: string): Command | null {
  const [line = ''] = body.slice(0, MAX_LINE + 1).split(/\r?\n/, 1);
  if (!ADDRESSED.test(line)) return null;
  if (line.length > MAX_LINE) return { name: 'help' };
  const [, name = '', rest = ''] = COMMAND.exec(line) ?? [];
  return readCommand(name, rest) ?? { name: 'help' };
}

function readCommand(name: string, rest: string): Command | null {
  switch (name) {
    case 'recheck':
    case 'explain':
    case 'release':
      return rest === '' ? { name } : null;
    case 'hold':
    case 'rollback':
    case 'disable':
      return { name, reason: rest === '' ? null : clipText(rest, MAX_REASON) };
    case 'decline':
      return readDecline(rest);
    default:
      return null;
  }
}

function readDecline(rest: string): Command | null {
  const [, target = '', reason = ''] = /^(\S+)[ \t]+(.+)$/.exec(rest) ?? [];
  if (reason === '' || findTargetFault(target) !== null) return null;
  return { name: 'decline', target, reason: clipText(reason, MAX_REASON) };
}

/** The command of a button of the check run, by its identifier (`requested_action`); null for one that is not ours. */
export function buttonCommand(identifier: string): Command | null {
  switch (identifier) {
    case 'recheck':
    case 'release':
      return { name: identifier };
    case 'hold':
    case 'disable':
      return { name: identifier, reason: null };
    default:
      return null;
  }
}
