import { describe, expect, test } from 'vitest';
import { buildEvidencePatch, buildHealthSignal } from '../../test/support/builders/evidence.ts';
import { standingProposal, WEB } from '../../test/support/builders/standing-proposal.ts';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import type { ProposalMeta } from '../governance/index.ts';
import { askedTasks } from './asked-tasks.ts';
import { buildEvidenceText } from './evidence-text.ts';
import { buildPromotionText } from './promotion-text.ts';
import { buildClosingBody } from './pull-text.ts';
import { readTicks, type TickedBody } from './read-ticks.ts';

const STANDING = standingProposal(
  {
    'reports/learning_snippets/health.json': buildHealthSignal(),
    'reports/learning_snippets/leverage.json': buildEvidencePatch(),
    'reports/learning_snippets/macro.json': buildEvidencePatch({
      target: 'macro.regime_weight',
      old_value: 0,
      new_value: 0.9,
    }),
  },
  'manual',
);
const EMPTY = buildPromotionText(STANDING).body;
const TICKED = EMPTY.replaceAll('- [ ]', '- [x]');

function read(body: string, overrides: Partial<TickedBody> = {}): string {
  return readTicks({
    body,
    headRef: 'peak/promotion/manual',
    isByPublisher: true,
    changes: STANDING.meta.changes,
    ...overrides,
  });
}

describe('readTicks', () => {
  test('finds every box that the bot wrote', () => {
    expect([read(EMPTY), read(TICKED)]).toEqual(['missing', 'all']);
    expect(read(TICKED.replaceAll('\n', '\r\n').replaceAll('[x]', '[X]'))).toBe('all');
  });

  test.each(askedTasks(STANDING.meta.changes).map(({ id }) => id))('misses %s alone', (id) => {
    const lines = TICKED.split('\n');
    const at = lines.findIndex((line) => line.endsWith(`<!-- task:${id} -->`));
    const line = lines[at] ?? '';
    const edits = [
      line.replace('[x]', '[ ]'),
      '',
      line.replace('] ', '] not '),
      line.replace('<!-- task:', '<!-- task:x'),
      `> ${line}`,
      `    ${line}`,
      `${line}\n${line.replace('[x]', '[ ]')}`,
      `${line} and more`,
    ];
    for (const edit of edits) expect(read(lines.with(at, edit).join('\n'))).toBe('missing');
  });

  test('is not satisfied by a body whose boxes are for other values', () => {
    const changes = STANDING.meta.changes.map((change) => ({ ...change, new: 1.1 }));
    expect(read(TICKED, { changes })).toBe('missing');
  });

  test.each<readonly [string, string]>([
    ['nothing', ''],
    ['prose', 'all good'],
    ['boxes of somebody else', '- [x] done'],
    ['the state block alone', EMPTY.slice(EMPTY.indexOf('<!-- peak:state'))],
    ['an evidence text', buildEvidenceText({ files: [], head: 'ab'.repeat(20), web: WEB }).body],
    ...HOSTILE_TEXTS.map(({ name, text }) => [name, text] as const),
  ])("is missing in a bot's body that holds %s", (_, body) => expect(read(body)).toBe('missing'));

  test("asks nothing of a body that is not the bot's", () => {
    for (const body of ['', 'all good', '- [ ] All changes are safe for live. <!-- task:safe -->'])
      expect(read(body, { isByPublisher: false })).toBe('none');
    expect(read(EMPTY, { isByPublisher: false, headRef: 'feature' })).toBe('none');
  });

  test('asks where the bot published with a token of somebody else, by its state block', () => {
    expect(read(EMPTY, { isByPublisher: false })).toBe('missing');
    expect(read(TICKED, { isByPublisher: false })).toBe('all');
  });

  test('holds for a closed body that is opened again', () => {
    const closed = buildClosingBody(TICKED, 'peak/promotion/manual', 'ab'.repeat(20), 'moot');
    expect(read(closed)).toBe('all');
  });

  test('asks for one box in place of those that a body has no room for', () => {
    const changes: ProposalMeta['changes'] = Array.from({ length: 900 }, (_, i) => ({
      target: `portfolio.p${i}`,
      type: 'float',
      old: 1,
      new: 2,
    }));
    const { body } = buildPromotionText({ ...STANDING, meta: { ...STANDING.meta, changes } });
    const ticked = body.replaceAll('- [ ]', '- [x]');
    expect(read(ticked, { changes })).toBe('all');
    expect(read(body, { changes })).toBe('missing');
    expect(
      read(ticked, { changes: changes.with(899, { ...changes[0], new: 3 } as (typeof changes)[0]) }),
    ).toBe('missing');
  });
});
