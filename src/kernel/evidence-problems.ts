import { type ProblemArgs as Args, say } from './problem-words.ts';

/** The part of the problem catalogue that is about evidence: reading it, and taking over that of another job. */
export const EVIDENCE_PROBLEMS = {
  // learning: reading evidence
  JSON_INVALID: (a: Args) =>
    say(`not valid JSON: ${a['reason']}`, 'fix or remove it; the other evidence was read'),
  JSON_TOO_MANY_VALUES: (a: Args) =>
    say(
      `one JSON text of over ${a['limit']} values`,
      'write one signal a line (*.jsonl); the other evidence was read',
    ),
  JSON_TRUNCATED: () =>
    say('the last line is cut off', 'let the tool that writes it finish; the lines above were read'),
  JSON_NON_FINITE: (a: Args) => say(`${a['count']} NaN or Infinity token(s) read as "not measured"`),
  UTF8_INVALID: () => say('not valid UTF-8', 'write evidence as UTF-8'),
  FILE_TOO_LARGE: (a: Args) =>
    say(
      `${a['bytes']} bytes, over the limit of ${a['limit']}`,
      'write one signal a line (*.jsonl), which has no such limit',
    ),
  LINE_TOO_LONG: (a: Args) => say(`a line of over ${a['limit']} bytes`, 'write one signal a line'),
  FILE_UNREADABLE: (a: Args) => say(`cannot be read: ${a['reason']}`, 'check its owner and permissions'),
  LINK_REFUSED: () =>
    say('is a symbolic link; evidence is read from real files only', 'copy the file into the folder'),
  INNER_REPOSITORY: () =>
    say('is a repository of its own, whose files Git does not show', 'remove its .git, or move it away'),
  NOT_A_FILE: () => say('is neither a file nor a folder', 'remove it from the evidence folder'),
  SIGNAL_SHAPE: (a: Args) =>
    say(
      `neither a signal nor a patch: ${a['reason']}`,
      'a signal has "recommended_changes", a patch has "target" and "new_value"',
    ),
  FIELD_INVALID: (a: Args) => say(`"${a['field']}" ${a['reason']}`),
  VALUE_NOT_SCALAR: (a: Args) =>
    say(
      `the new value of ${a['target']} is ${a['found']}`,
      'a new value is a finite number, a text or a boolean',
    ),
  TARGET_INVALID: (a: Args) =>
    say(
      `the target ${a['target']} ${a['reason']}`,
      'a target is dotted: letters, digits, "_" and "-" in each segment, e.g. portfolio.leverage',
    ),
  SIGNAL_FROM_FUTURE: (a: Args) =>
    say(`dated ${a['at']}, over 5 minutes in the future`, 'check the clock of the machine that wrote it'),
  SIGNAL_ID_CLASH: (a: Args) =>
    say(
      `claims signal id "${a['id']}", which ${a['other']} has with other content`,
      'both count as evidence of their own; give each signal its own id',
    ),
  EVIDENCE_LIMIT: (a: Args) =>
    say(
      `all evidence together takes over ${a['limit']} MiB of memory; nothing is derived from a part of it`,
      'move expired evidence out of the folder; evidence that says the same again belongs there once',
    ),
  SIGNAL_EXISTS: () =>
    say('exists with other content; evidence is only ever added', 'give the signal another signal_id'),
  SIGNAL_UNPROMISING: (a: Args) =>
    say(
      `promotion would refuse ${a['target']}: ${a['reason']}`,
      'peak why names the line of the policy that decides',
    ),
  // importing evidence of another job
  IMPORT_NAME: (a: Args) =>
    say(
      `its name ${a['reason']}; nothing was imported`,
      'evidence files are named like folder/name.json: letters, digits, "_", "-" and, in the last part, "."',
    ),
  IMPORT_TWIN: (a: Args) =>
    say(
      `differs from ${a['other']} by case only; nothing was imported`,
      'some file systems cannot tell them apart: rename one',
    ),
  IMPORT_LIMIT: (a: Args) =>
    say(
      `${a['observed']} ${a['what']}, over the limit of ${a['required']}; nothing was imported`,
      'look at the job that produced it; split what is really evidence',
    ),
} as const;
