import { describe, expect, test } from 'vitest';
import { buildVerdict } from '../../../test/support/builders/verdict.ts';
import { HOSTILE_TEXTS } from '../../../test/support/hostile-text.ts';
import { readMarkdownLine } from '../../../test/support/read-markdown.ts';
import { buildCheckRun } from '../check/check-run.ts';
import { type Command, parseCommand } from './command.ts';
import { buildExplanation } from './explanation.ts';
import { formatMarker, parseMarker } from './marker.ts';
import { buildReply, type CommandOutcome } from './reply.ts';

const COMMANDS: readonly Command[] = [
  { name: 'recheck' },
  { name: 'explain' },
  { name: 'release' },
  { name: 'hold', reason: 'until the drill' },
  { name: 'rollback', reason: null },
  { name: 'disable', reason: null },
  { name: 'decline', target: 'portfolio.leverage', reason: 'too early' },
  { name: 'help' },
];
const OUTCOMES: readonly CommandOutcome[] = [
  { state: 'done' },
  { state: 'unchanged' },
  { state: 'asked' },
  { state: 'refused', reason: 'NOT_AN_OPERATOR' },
  { state: 'failed', reference: 'ev-1' },
];

describe('buildReply', () => {
  test('of every command and outcome reads like the golden file', async () => {
    const all = COMMANDS.flatMap((command) =>
      OUTCOMES.map((outcome) => `${command.name}, ${outcome.state}\n\n${buildReply(command, outcome, 42)}`),
    );
    await expect(all.join('\n')).toMatchFileSnapshot('../../../test/golden/check/replies.md');
  });

  test('says which comment it answers, and is no command itself', () => {
    for (const command of COMMANDS)
      for (const outcome of OUTCOMES) {
        const reply = buildReply(command, outcome, 42);
        expect(parseMarker(reply)).toEqual({ kind: 'reply', comment: 42 });
        expect(parseCommand(reply)).toBeNull();
      }
  });

  test.each(HOSTILE_TEXTS)('lets no reason out of its line: $name', ({ text }) => {
    const command = parseCommand(`/peak hold ${text}`);
    const reason = command?.name === 'hold' ? command.reason : null;
    if (reason === null) return;
    const lines = buildReply({ name: 'hold', reason: text.slice(0, 300) }, { state: 'done' }, 1)
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(4);
    expect(() => readMarkdownLine(lines[3] ?? '')).not.toThrow();
  });

  test.each(HOSTILE_TEXTS)('shows a reference in one code span: $name', ({ text }) => {
    const reply = buildReply({ name: 'recheck' }, { state: 'failed', reference: text }, 1);
    expect(reply.trimEnd().split('\n')).toHaveLength(2);
    expect(reply.replace(/^<!-- peak:reply 1 -->/, '')).not.toMatch(/^[^`]*(?:<|@)/);
  });
});

describe('parseMarker', () => {
  test('reads back what formatMarker wrote', () => {
    for (const marker of [
      { kind: 'explain' },
      { kind: 'reply', comment: 1 },
      { kind: 'reply', comment: 2 ** 52 },
    ] as const)
      expect(parseMarker(`${formatMarker(marker)}\r\nmore`)).toEqual(marker);
  });

  test.each([
    '',
    'x\n<!-- peak:explain -->',
    ' <!-- peak:explain -->',
    '> <!-- peak:explain -->',
    '<!-- peak:explain --> x',
    '<!-- peak:reply 0 -->',
    '<!-- peak:reply 9999999999999999 -->',
    '<!-- peak:reply 1e3 -->',
    '<!-- peak:reply -1 -->',
    ...HOSTILE_TEXTS.map(({ text }) => text),
  ])('finds none in %j', (body) => expect(parseMarker(body)).toBeNull());
});

test('buildExplanation says what the check says, under the limit of a comment', () => {
  const run = buildCheckRun(buildVerdict(), { prefix: '', autoToml: null, isHeld: false, reference: 'ev-1' });
  const explained = buildExplanation(run);
  expect(parseMarker(explained)).toEqual({ kind: 'explain' });
  expect(explained).toContain(run.summary);
  const long = { title: 't', summary: 's'.repeat(40_000), text: 'n'.repeat(40_000) };
  expect(new TextEncoder().encode(buildExplanation(long)).length).toBeLessThanOrEqual(60_000);
  expect(buildExplanation(long)).toContain(long.summary);
  expect(buildExplanation({ ...long, summary: 's'.repeat(60_000) }).length).toBeLessThan(200);
});
