import { escapeMarkdown, markdownLineCode } from '../../kernel/text/escape-markdown.ts';
import type { Command } from './command.ts';
import { formatMarker } from './marker.ts';

/** What became of a command. */
export type CommandOutcome =
  | { readonly state: 'done' }
  /** The judge's own record of it is the answer. */
  | { readonly state: 'recorded' }
  /** It stood so already. */
  | { readonly state: 'unchanged' }
  /** The judge may write no branch: the workflow that acts as the publisher has been asked to open the pull request. */
  | { readonly state: 'asked' }
  | { readonly state: 'refused'; readonly reason: Refusal }
  /** `reference` is where it stands in the judge's logs. */
  | { readonly state: 'failed'; readonly reference: string };

/** Why a command is not obeyed. */
export type Refusal = keyof typeof REFUSALS;

const REFUSALS = {
  NOT_AN_OPERATOR:
    'only operators that the policy of the base branch names can do this, with write access now.',
  NOT_A_PROMOTION: 'this pull request is no open promotion.',
  NOT_MERGED: 'there is nothing to undo: this pull request is not merged. To decline it, close it.',
  NO_PROPOSAL:
    "this pull request brought no proposal; what it did can be undone with GitHub's Revert button.",
  TARGET_NOT_HERE: 'this pull request does not change that target.',
  NOT_THE_BOTS: "this promotion is not the bot's: nobody would rebuild it. Close it, or ask for changes.",
  VALUE_TOO_LONG: 'that value is too long to be declined alone. Close the pull request to decline all of it.',
  NOTHING_STANDS: 'nothing of it stands any more: it is undone already.',
  POLICY_UNREADABLE: 'the policy of the base branch cannot be read, so nobody is known to be an operator.',
} as const;

const DONE: Readonly<Record<Command['name'], string>> = {
  recheck: 'Judged again; the check has the answer.',
  explain: 'The explanation stands in a comment of its own.',
  hold: 'Held: this promotion cannot be merged until an operator writes `/peak release`.',
  release: 'Released: the hold is over, and this promotion is judged again.',
  rollback: 'Rolled back.',
  disable: 'Disabled: no promotion can be merged.',
  decline: 'Declined: the publisher rebuilds without it.',
  help: '',
};

const UNCHANGED: Readonly<Partial<Record<Command['name'], string>>> = {
  hold: 'It is held already.',
  release: 'Nobody holds it.',
  disable: 'The mode is `disabled` already.',
  decline: 'That value is declined already.',
};

const ASKED: Readonly<Partial<Record<Command['name'], string>>> = {
  rollback: 'brings the values back that were live before',
  disable: 'sets the mode to `disabled`; nothing is stopped before it is merged',
};

const HELP = [
  'That is none of the commands. The first line of a new comment can be:',
  '',
  '- `/peak recheck`: judge again now',
  '- `/peak explain`: everything that the verdict rests on',
  '- `/peak hold [reason]`, `/peak release`: stop this promotion, and let it go on',
  '- `/peak decline TARGET reason`: no to one value of it',
  '- `/peak rollback [reason]`: open the pull request that undoes this merged one',
  '- `/peak disable [reason]`: open the pull request of the killswitch',
].join('\n');

/**
 * The answer to a command, as the body of a comment; `comment` is the id of the one that asked. Its marker lets each comment be
 * answered once, also after a restart.
 */
export function buildReply(command: Command, outcome: CommandOutcome, comment: number): string {
  const quoted =
    'reason' in command && command.reason !== null ? `\n\nReason: ${escapeMarkdown(command.reason)}` : '';
  const subject = command.name === 'decline' ? `${markdownLineCode(command.target)}: ` : '';
  return `${formatMarker({ kind: 'reply', comment })}\n${subject}${describe(command, outcome)}${outcome.state === 'refused' ? '' : quoted}\n`;
}

function describe({ name }: Command, outcome: CommandOutcome): string {
  switch (outcome.state) {
    case 'done':
    case 'recorded':
      return name === 'help' ? HELP : DONE[name];
    case 'unchanged':
      return UNCHANGED[name] ?? 'Nothing changed.';
    case 'asked':
      return `The publisher has been asked for the pull request that ${ASKED[name] ?? 'does it'}; look for it in a minute, and at the run of \`operator-command.yml\` if it does not come.`;
    case 'refused':
      return `Not done: ${REFUSALS[outcome.reason]}`;
    case 'failed':
      return `Not done: an internal error, reference ${markdownLineCode(outcome.reference.slice(0, 80))}. Nothing is known to have changed; look before you try again.`;
  }
}
