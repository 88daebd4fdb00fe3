import { EVIDENCE_PROBLEMS } from './evidence-problems.ts';
import { type ProblemArgs as Args, type ProblemWords, say } from './problem-words.ts';

/**
 * Every problem this product can report: code → words. Lower case, what – why; advice apart. Adding a code here is
 * all it takes to make it usable; removing one breaks the build where it is still used.
 */
const CATALOGUE = {
  ...EVIDENCE_PROBLEMS,
  // policy and configuration
  NOT_GOVERNED: (a: Args) =>
    say(
      'is no governed folder: it has neither config/promotion.toml nor config/config.toml nor config/live_overrides/auto.toml',
      a['above']
        ? `did you mean --root ${a['above']}?`
        : 'go to the governed folder, or name it with --root; peak init lays one out',
    ),
  TOML_INVALID: (a: Args) => say(`not valid TOML: ${a['reason']}`, a['hint']),
  POLICY_MISSING: () =>
    say('there is no policy; nothing is allowed without one', 'restore config/promotion.toml'),
  KEY_UNKNOWN: (a: Args) =>
    say(
      `unknown key "${a['key']}"`,
      a['suggestion'] ? `did you mean "${a['suggestion']}"?` : `known keys: ${a['known']}`,
    ),
  KEY_INVALID: (a: Args) => say(`"${a['key']}" ${a['reason']}`),
  HARD_LIMIT_WIDENED: (a: Args) =>
    say(
      `"${a['key']}" = ${a['observed']} is outside the compiled-in limit ${a['required']}`,
      'a policy may narrow a hard limit, never widen it',
    ),
  TOML_EDIT_REFUSED: (a: Args) =>
    say(`not edited: the key ${a['reason']}`, `edit the file by hand: ${a['edit']}`),
  MODE_LOOSER_THAN_POLICY: (a: Args) =>
    say(
      `mode ${a['requested']} was asked for, but the policy says ${a['policy']}`,
      `to allow it, set mode = "${a['requested']}" on this line and have the change approved`,
    ),
  BASE_MISSING: () =>
    say('there is no base configuration', 'create it, or name another with PEAK_TRADE_CONFIG_PATH'),
  BASE_HARD_LIMIT: (a: Args) =>
    say(
      `${a['target']} = ${a['observed']} breaks the compiled-in hard limit ${a['required']}; a live-like session must not start`,
      'lower the value in the base configuration',
    ),
  BASE_KEY_INVALID: (a: Args) => say(`the key ${a['key']} ${a['reason']}`),
  LAYERS_INVALID: (a: Args) =>
    say(`"layers" ${a['reason']}`, 'layers = ["config/extra.toml"], paths inside the repository'),
  OFFLINE_IN_LIVE: (a: Args) =>
    say(
      `offline overrides are refused: environment.mode is "${a['mode']}", a live-like mode`,
      'use --env paper for research runs',
    ),
  LIVE_TRADING_IN_PAPER: (a: Args) =>
    say(
      `environment.enable_live_trading is true in mode "${a['mode']}"; that is no licence to apply live overrides`,
    ),
  // overrides
  OVERRIDES_UNREADABLE: (a: Args) =>
    say(
      `${a['reason']}; no override is applied, the session runs on base values`,
      'repair it, or restore auto.toml.backup',
    ),
  OVERRIDES_TABLE_MISSING: (a: Args) => say(`has no [${a['table']}] table; no override applied`),
  OVERRIDES_NOT_A_TABLE: (a: Args) => say(`${a['table']} is not a table; no override applied`),
  OVERRIDE_UNKNOWN_TARGET: (a: Args) =>
    say(
      `${a['target']} is not in the base configuration; override ignored`,
      'add it to the base configuration first',
    ),
  OVERRIDE_WRONG_TYPE: (a: Args) =>
    say(`${a['target']} is ${a['found']}, the base configuration has ${a['expected']}; override ignored`),
  OVERRIDE_HARD_LIMIT: (a: Args) =>
    say(
      `${a['target']} = ${a['observed']} breaks the compiled-in hard limit ${a['required']}; override ignored`,
    ),
  OVERRIDE_NEVER: (a: Args) => say(`${a['target']} can never be overridden; override ignored`),
  OVERRIDE_AMBIGUOUS: (a: Args) =>
    say(`${a['target']} is set more than once; both ignored`, 'keep one line: "dotted.key" = value'),
  OVERRIDES_REFUSE_WRITE: (a: Args) =>
    say(
      `not rewritten, because ${a['reason']}`,
      'repair it by hand or restore auto.toml.backup, then run again',
    ),
  // artifacts and publishing
  ARTIFACT_INVALID: (a: Args) => say(`not a readable artifact: ${a['reason']}`),
  GOVERNED_FILE_MODIFIED: (a: Args) =>
    say(
      `differs from the commit${a['reason'] ? ` (${a['reason']})` : ''}; a published cycle derives from committed files`,
      'commit or restore it, then run again',
    ),
  EVIDENCE_CHANGED: (a: Args) =>
    say(
      `differs from the file of the same name on ${a['branch']}; evidence is only ever added`,
      'give it a new name',
    ),
  EVIDENCE_QUARANTINED: (a: Args) =>
    say(
      `not published: ${a['reason']}`,
      'remove the value from the evidence; if it is a real secret, revoke it',
    ),
  PUBLISH_LIMIT: (a: Args) =>
    say(
      `${a['observed']} ${a['what']}, over the limit of ${a['required']} for a published cycle`,
      'narrow the evidence, or run with --publish none',
    ),
  FOREIGN_COMMIT: (a: Args) =>
    say(
      `branch ${a['branch']} holds ${a['commit']}, which is not this tool's; hands off`,
      'merge or delete the branch, then run again',
    ),
  BRANCH_REFUSED: (a: Args) =>
    say(
      `GitHub refuses the branch ${a['branch']}, and nobody has it`,
      'a rule may protect it, or a branch is named like its folder: let the publisher write peak/**, and delete that branch; a change by hand on a branch of your own does the same',
    ),
  PROPOSAL_ON_BASE: (a: Args) =>
    say(
      `the base holds proposal ${a['id']} already, with the same clock and change set; merged proposals are never rewritten`,
      'run again with a later clock (SOURCE_DATE_EPOCH), or without one',
    ),
  CLOSER_UNKNOWN: (a: Args) =>
    say(
      `who closed ${a['pull']} could not be determined; its changes count as declined`,
      'let the publisher read issues and members of the organization',
    ),
  CLOSER_NOT_ASKED: (a: Args) =>
    say(
      `a run asks GitHub only so much: who closed ${a['pulls']} was not asked; their changes count as declined`,
      'delete branches below peak/ that are not needed any more; the next run may ask',
    ),
  STATE_UNREADABLE: (a: Args) =>
    say(
      `somebody has edited the state out of ${a['pulls']}; what operators declined there is not known any more`,
      'write "/peak decline" again on the open pull request, or close it',
    ),
  DECLINE_REFUSED: (a: Args) =>
    say(`${a['target']} cannot be declined on ${a['pull']}: ${a['reason']}`, a['hint']),
  REVIEWERS_REFUSED: (a: Args) =>
    say(
      `GitHub refused the reviewers ${a['reviewers']} of ${a['pull']}; it is published without them`,
      'only people and teams with access to the repository can review',
    ),
  LABELS_REFUSED: (a: Args) =>
    say(`GitHub refused the labels of ${a['pull']}; it is published without them`, a['hint']),
  CREDENTIALS_INVALID: (a: Args) => say(`${a['reason']}`, a['hint']),
  REPOSITORY_RENAMED: (a: Args) =>
    say(`${a['from']} is called ${a['to']} now`, `set GITHUB_REPOSITORY=${a['to']}`),
  REPOSITORY_EMPTY: (a: Args) =>
    say(
      `${a['repository']} on GitHub has no commit on its default branch ${a['branch']}`,
      'push the governed files first',
    ),
  REPOSITORY_READ_ONLY: (a: Args) => say(`${a['repository']} is archived: nothing can be published there`),
  CLONE_SHALLOW: () =>
    say(
      'the clone is shallow; its history is needed to tell which commits are new',
      'run "git fetch --unshallow", or check out with fetch-depth: 0',
    ),
  HEAD_NOT_ON_BASE: (a: Args) =>
    say(
      `HEAD has commits that ${a['branch']} on GitHub does not have; a published cycle derives from that branch`,
      `push them, or check out ${a['branch']}`,
    ),
  NOT_A_REPOSITORY: (a: Args) =>
    say(
      'this folder is in no Git repository',
      a['hint'] ?? 'it reads commits: go to the clone that holds them, or name it with --root',
    ),
  BRANCHES_UNKNOWN: (a: Args) => say(`its branches cannot be read: ${a['reason']}`, a['hint']),
  BASE_COMMIT_UNKNOWN: (a: Args) =>
    say(`${a['reason']}; this run does as outside of Git, and records no base commit`, a['hint']),
  NO_COMMIT: () => say('the repository has no commit yet', 'commit the governed files first'),
  HISTORY_TOO_SHALLOW: (a: Args) =>
    say(
      `this clone holds the history from ${a['reach']} on; it is needed from ${a['since']} on`,
      a['date'] === ''
        ? 'fetch all of it: git fetch --unshallow (actions/checkout: fetch-depth: 0)'
        : `git fetch --shallow-since=${a['date']}, or git fetch --unshallow (actions/checkout: fetch-depth: 0)`,
    ),
  CHANGED_MEANWHILE: () => say('was changed by another run just now; nothing was written', 'run again'),
  ROLLBACK_UNKNOWN: (a: Args) =>
    say(
      `${a['id']} is no promotion that was ever live on this branch`,
      a['known'] === '' ? 'no promotion stands' : `standing promotions: ${a['known']}`,
    ),
  ROLLBACK_FOREIGN: (a: Args) =>
    say(
      `${a['revision']} is no commit of this branch's first-parent history; nothing was ever live there`,
      'git log --first-parent lists the commits that were',
    ),
  ROLLBACK_NOT_BACK: (a: Args) =>
    say(
      `${a['target']} had its value of then taken back since; going there is a promotion, no rollback`,
      `leave it out: peak rollback --target for each of the others, or promote it again`,
    ),
  ROLLBACK_REBUILT: (a: Args) =>
    say(
      `cannot be read, so sessions run on base values now; ${a['count'] === '0' ? 'an empty one takes its place' : `it is rebuilt from the history with ${a['count']} override(s)`}`,
      a['count'] === '0'
        ? 'no override becomes live again'
        : 'whatever stands under "live after" becomes live again; --all makes it empty instead',
    ),
  ROLLBACK_RISKIER: (a: Args) =>
    say(
      `${a['target']} gets riskier: ${a['before']} → ${a['after']}`,
      'such a rollback needs the approvals of a manual promotion',
    ),
  ROLLBACK_DROPPED: (a: Args) =>
    say(`a session would ignore the former value of ${a['target']} now; it goes to its base value`),
  EFFECT_UNKNOWN: (a: Args) =>
    say(
      `the effect on live values is not known: the base configuration cannot be loaded (${a['reason']})`,
      'no live-like session can start on it either; repair it',
    ),
  HISTORY_REWRITTEN: (a: Args) =>
    say(
      `was derived from commit ${a['commit']}, which is not on this branch's first-parent history`,
      'the history was rewritten, or the proposal comes from another branch: compare with a clone from before',
    ),
  NOT_COMMITTED: () => say('is not committed', 'commit it; a published cycle derives from committed files'),
  // what sessions loaded
  ACK_DIFFERS: (a: Args) =>
    say(
      `session ${a['session']} says digest ${a['said']}; these files give ${a['here']}`,
      'the session loaded other files, an older state, or with other options',
    ),
  LOAD_INCIDENT: (a: Args) =>
    say(
      `session ${a['session']} does not run on what is merged, since ${a['since']}`,
      'restart it, or start it on base values: PEAK_NO_OVERRIDES=1',
    ),
  // command line
  // what the judge's process is told by its environment
  SETTING_INVALID: (a: Args) => say(`${a['setting']} ${a['reason']}`, a['hint']),
  ARGUMENT_INVALID: (a: Args) => say(`${a['argument']} ${a['reason']}`, a['hint']),
  NOT_FOUND: (a: Args) => say(`no ${a['what']} "${a['id']}"`, a['hint']),
} satisfies Record<string, (args: Args) => ProblemWords>;

/** The closed set of problem codes. */
export type ProblemCode = keyof typeof CATALOGUE;

/** The words for a problem. They may contain untrusted text; escape them for the sink they go to. */
export function describeProblem(code: ProblemCode, args: Args): ProblemWords {
  return CATALOGUE[code](args);
}
