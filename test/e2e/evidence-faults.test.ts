/**
 * Broken evidence, all of it in one folder: each file is reported at its place, and the sound evidence beside it counts as
 * if it were alone.
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf, type CycleAnswer, placesOf, saidIn } from '../support/cli/answer.ts';
import { createGovernedFolder, type GovernedFolder } from '../support/cli/governed-folder.ts';
import { type Run, runPeak } from '../support/cli/run-peak.ts';

const EVIDENCE = 'reports/learning_snippets';
const DEEP = 100_000;
/** Control characters, line separators and marks that turn the direction of text. */
const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/;
const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');

/** A patch of a target that the policy does not list, so that it shows up, and changes no proposal. */
function patch(fields: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ target: 'risk.max_position', new_value: 0.11, confidence_score: 0.9, ...fields });
}

/** The text of a patch whose new value is written like this. */
function patchWithRaw(field: string, raw: string): string {
  return patch({ [field]: '@' }).replace('"@"', raw);
}

interface Fault {
  readonly content: string | Uint8Array;
  /** Problems, as code and place. */
  readonly expected: readonly string[];
}

const invalid = (place: string): readonly string[] => [`JSON_INVALID ${place}`];

const DOCUMENTS: Readonly<Record<string, Fault>> = {
  // broken JSON
  'comma.json': { content: '{"target": "a.b",, "value": 1}', expected: invalid('comma.json:1:18') },
  'third-line.json': {
    content: '{\n  "target": "a.b",\n  value: 1\n}',
    expected: invalid('third-line.json:3:3'),
  },
  'cut.json': { content: '{\n  "target": "a.b",\n  "new_val', expected: invalid('cut.json:3:11') },
  'cut-after-colon.json': { content: '{"target":', expected: invalid('cut-after-colon.json:1:11') },
  'two-documents.json': { content: '{}\n{}\n', expected: invalid('two-documents.json:2:1') },
  'empty.json': { content: '', expected: invalid('empty.json:1:1') },
  'blank.json': { content: ' \n \n', expected: invalid('blank.json:3:1') },
  'bom-broken.json': { content: '\ufeff{\n,}', expected: invalid('bom-broken.json:2:1') },
  'not-utf8.json': { content: Buffer.from([0x7b, 0xff, 0x7d]), expected: ['UTF8_INVALID not-utf8.json'] },
  'utf16.json': {
    content: Buffer.from(`\ufeff${patch()}`, 'utf16le'),
    expected: ['UTF8_INVALID utf16.json'],
  },
  // JSON of another shape
  'null.json': { content: 'null', expected: ['SIGNAL_SHAPE null.json'] },
  'number.json': { content: '42', expected: ['SIGNAL_SHAPE number.json'] },
  'empty-object.json': { content: '{}', expected: ['SIGNAL_SHAPE empty-object.json'] },
  'mixed-list.json': {
    content: `[${patch()}, 7, null]`,
    expected: Array(2).fill('SIGNAL_SHAPE mixed-list.json'),
  },
  'no-list.json': { content: '{"recommended_changes": {}}', expected: ['FIELD_INVALID no-list.json'] },
  // too deep
  'deep-list.json': {
    content: '['.repeat(DEEP) + ']'.repeat(DEEP),
    expected: ['SIGNAL_SHAPE deep-list.json'],
  },
  'deep-object.json': {
    content: `${'{"patches":['.repeat(DEEP)}${']}'.repeat(DEEP)}`,
    expected: ['SIGNAL_SHAPE deep-object.json'],
  },
  'deep-value.json': {
    content: patchWithRaw('new_value', '['.repeat(DEEP) + ']'.repeat(DEEP)),
    expected: ['VALUE_NOT_SCALAR deep-value.json'],
  },
  'deep-metrics.json': {
    content: patchWithRaw('metrics', `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`),
    expected: [],
  },
  // numbers that are none
  'nan-value.json': {
    content: patchWithRaw('new_value', 'NaN'),
    expected: ['JSON_NON_FINITE nan-value.json', 'VALUE_NOT_SCALAR nan-value.json'],
  },
  'nan-metric.json': {
    content: patchWithRaw('metrics', '{"x": NaN}'),
    expected: ['JSON_NON_FINITE nan-metric.json'],
  },
  'nan-in-text.json': { content: patch({ note: 'NaN, -Infinity and "NaN"' }), expected: [] },
  'infinity.json': {
    content: patchWithRaw('new_value', '-Infinity'),
    expected: ['JSON_NON_FINITE infinity.json', 'VALUE_NOT_SCALAR infinity.json'],
  },
  'huge-value.json': {
    content: patchWithRaw('new_value', '1e999'),
    expected: ['VALUE_NOT_SCALAR huge-value.json'],
  },
  'huge-confidence.json': {
    content: patchWithRaw('confidence_score', '1e999'),
    expected: ['FIELD_INVALID huge-confidence.json'],
  },
  'confidence-1.5.json': {
    content: patch({ confidence_score: 1.5 }),
    expected: ['FIELD_INVALID confidence-1.5.json'],
  },
  'confidence-true.json': {
    content: patch({ confidence_score: true }),
    expected: ['FIELD_INVALID confidence-true.json'],
  },
  'lone-surrogate.json': {
    content: patchWithRaw('new_value', '"\\ud800"'),
    expected: ['VALUE_NOT_SCALAR lone-surrogate.json'],
  },
  'not-a-time.json': {
    content: patch({ generated_at: 'yesterday' }),
    expected: ['FIELD_INVALID not-a-time.json'],
  },
  'tomorrow.json': {
    content: patch({ generated_at: '2026-11-22T22:26:40Z' }),
    expected: ['SIGNAL_FROM_FUTURE tomorrow.json'],
  },
};

const TARGETS: Readonly<Record<string, string>> = {
  proto: '__proto__.x',
  'proto-last': 'portfolio.__proto__',
  constructor: 'constructor.prototype.x',
  'proto-case': 'a.__PROTO__.b',
  quotes: 'a"b.c',
  apostrophe: "a'b.c",
  newline: 'portfolio.leverage\n[auto_applied]',
  'carriage-return': 'a\r.b',
  'line-separator': 'a\u2028.b',
  bracket: 'a].b',
  equals: 'a.b = 3 #',
  empty: '',
  dots: 'a..b',
  'trailing-dot': 'a.',
  space: 'a. b',
  nul: 'a\u0000.b',
  escape: 'a\u001b[31m.b',
  'look-alike': 'portfolio.lever\u0430ge',
  'right-to-left': 'a\u202e.b',
  long: 'a'.repeat(201),
  deep: Array(13).fill('a').join('.'),
};

const LINES: Readonly<Record<string, Fault>> = {
  'cut.jsonl': {
    content: `${patch()}\n${patch()}\n{"target": "a.`,
    expected: ['JSON_TRUNCATED cut.jsonl:3'],
  },
  'middle.jsonl': {
    content: `${patch()}\n{"a",}\n${patch()}\n`,
    expected: ['JSON_INVALID middle.jsonl:2:5'],
  },
  'last-with-break.jsonl': {
    content: `${patch()}\n{"a",}\n`,
    expected: ['JSON_INVALID last-with-break.jsonl:2:5'],
  },
  'not-utf8.jsonl': {
    content: Buffer.concat([utf8(`${patch()}\n`), Buffer.from([0xff, 0x0a]), utf8(patch())]),
    expected: ['UTF8_INVALID not-utf8.jsonl:2'],
  },
  'deep.jsonl': {
    content: `${'['.repeat(DEEP)}${']'.repeat(DEEP)}\n${patch()}\n`,
    expected: ['SIGNAL_SHAPE deep.jsonl:1'],
  },
  'nan.jsonl': {
    content: `${patch()}\n${patchWithRaw('new_value', 'NaN')}\n`,
    expected: ['JSON_NON_FINITE nan.jsonl:2', 'VALUE_NOT_SCALAR nan.jsonl:2'],
  },
  'zeros.jsonl': { content: new Uint8Array(10), expected: ['JSON_TRUNCATED zeros.jsonl:1'] },
};

/** Unusual, but right: no problem at all. */
const UNUSUAL: Readonly<Record<string, string | Uint8Array>> = {
  'crlf.json': `{\r\n "target": "risk.max_position",\r\n "new_value": 0.11\r\n}\r\n`,
  'bom.json': `\ufeff${patch()}`,
  'crlf.jsonl': `${patch()}\r\n\r\n${patch()}\r\n`,
  'bom.jsonl': `\ufeff${patch()}\n`,
  'empty.jsonl': '',
  'blank-lines.jsonl': '\n \n\r\n',
  'line-separator-in-text.jsonl': `${patch({ note: 'one\u2028two\u2029three\u0085' })}\n`,
  'empty-list.json': '[]',
  'list.json': `[${patch()}]`,
  'patches.json': `{"patches": [${patch()}]}`,
  'own-proto.json': patch().replace('{', '{"__proto__": {"polluted": true}, '),
  'nested/deeper/x.json/really.json': patch(),
  '.hidden.json': 'not looked at',
  'notes.md': 'not looked at',
  'table.csv': 'not looked at',
};

const FAULTS = { ...DOCUMENTS, ...LINES };

let folder: GovernedFolder;
let before: ReadonlyMap<string, string>;
let asJson: Run;
let asText: Run;

/** Problems of one file. */
function problemsOf(name: string): readonly string[] {
  const answer = answerOf(asJson);
  return placesOf({
    ...answer,
    problems: answer.problems.filter(({ file }) => file === `${EVIDENCE}/bad/${name}`),
  });
}

beforeAll(async () => {
  folder = createGovernedFolder();
  for (const [name, { content }] of Object.entries(FAULTS)) folder.write(`${EVIDENCE}/bad/${name}`, content);
  for (const [name, target] of Object.entries(TARGETS))
    folder.write(`${EVIDENCE}/bad/target-${name}.json`, patch({ target }));
  for (const [name, content] of Object.entries(UNUSUAL)) folder.write(`${EVIDENCE}/bad/${name}`, content);
  before = folder.snapshot();
  asJson = await runPeak(folder, ['promote', '--dry-run', '--json']);
  asText = await runPeak(folder, ['promote']);
});

afterAll(() => rmSync(folder.root, { recursive: true, force: true }));

describe('broken evidence', () => {
  test.each(Object.entries(FAULTS))('%s', (name, { expected }) => {
    expect(problemsOf(name)).toEqual(expected);
  });

  test.each(Object.entries(TARGETS))('target: %s', (name) => {
    expect(problemsOf(`target-${name}.json`)).toEqual([`TARGET_INVALID target-${name}.json`]);
  });

  test.each(Object.keys(UNUSUAL))('%s is only unusual', (name) => {
    expect(problemsOf(name)).toEqual([]);
  });

  test('stops nothing: the exit code is 0, and the sound evidence yields what it yields alone', async () => {
    const alone = createGovernedFolder();
    const clean = answerOf<CycleAnswer>(await runPeak(alone, ['promote', '--dry-run', '--json']));
    rmSync(alone.root, { recursive: true });
    const answer = answerOf<CycleAnswer>(asJson);
    expect(asJson.exitCode).toBe(0);
    expect(answer.proposals).toEqual(clean.proposals);
    expect(answer.funnel['patches']).toBe((clean.funnel['patches'] ?? 0) + 1);
  });

  test('is told on stderr: place, what and why, and help; never on stdout', () => {
    expect(asText.exitCode).toBe(0);
    const said = saidIn(asText);
    expect(said).toHaveLength(20);
    for (const line of said)
      expect(line).toMatch(/^(error|warning): reports\/learning_snippets\/bad\/\S+: \S/);
    expect(asText.stderr).toMatch(/^ {2}help: /m);
    expect(asText.stderr).toMatch(/and \d+ more/);
    expect(asText.stdout).not.toMatch(/error:|warning:/);
  });

  test('is told whole by --json, with words and severity', () => {
    const { problems } = answerOf(asJson);
    for (const { code, severity, message } of problems) {
      expect(message.length).toBeGreaterThan(10);
      expect(severity).toBe(code === 'JSON_NON_FINITE' ? 'warning' : 'error');
    }
    expect(asJson.stderr).toBe('');
  });

  test.each(['stdout', 'stderr'] as const)('shows no text of a target raw on %s', (stream) => {
    expect(asText[stream]).not.toMatch(RAW);
    expect(asText[stream]).not.toContain('\n[auto_applied]');
  });

  test('shows no text of a target raw in JSON, which a terminal shows, too', () => {
    expect(asJson.stdout).not.toMatch(RAW);
  });

  test('is left as it was, byte for byte', () => {
    const after = new Map(folder.snapshot());
    for (const [path, bytes] of before) expect(after.get(path), path).toBe(bytes);
    const added = [...after.keys()].filter((path) => !before.has(path));
    expect(added.every((path) => path.startsWith('reports/live_promotion/'))).toBe(true);
  });
});
