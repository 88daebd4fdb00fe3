import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { buildPatchSource } from '../../test/support/builders/candidate.ts';
import { buildEvidencePatch, buildHealthSignal } from '../../test/support/builders/evidence.ts';
import { buildDecline, buildPullState } from '../../test/support/builders/pull-state.ts';
import { standingProposal, WEB } from '../../test/support/builders/standing-proposal.ts';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import { LANES, type Lane, type ProposalMeta, parseTasks } from '../governance/index.ts';
import { instantFromMs } from '../kernel/instant.ts';
import { askedTasks } from './asked-tasks.ts';
import { buildEvidenceText } from './evidence-text.ts';
import { MAX_BODY_BYTES } from './fit-body.ts';
import { formatLabels, parseLabels } from './labels.ts';
import { buildPromotionText, parseTitle, type StandingProposal } from './promotion-text.ts';
import { buildClosingBody } from './pull-text.ts';
import { recordDecline } from './record-decline.ts';
import { formatState, parseState } from './state-block.ts';

const GOLDEN = '../../test/golden/review';

const NIGHT = {
  'reports/learning_snippets/health.json': buildHealthSignal(),
  'reports/learning_snippets/leverage (1).json': buildEvidencePatch(),
  'reports/learning_snippets/delay.json': buildEvidencePatch({
    target: 'strategy.trigger_delay',
    old_value: 10,
    new_value: 8,
  }),
  'reports/learning_snippets/macro.json': buildEvidencePatch({
    target: 'macro.regime_weight',
    old_value: 0,
    new_value: 0.9,
  }),
  'reports/learning_snippets/rebalance.json': buildEvidencePatch({
    target: 'portfolio.rebalance',
    old_value: 'daily',
    new_value: 'weekly|*@org*',
  }),
};

/** A body's length as the strictest reader counts it. */
const bytesOf = (body: string) => new TextEncoder().encode(body).length;

describe('buildPromotionText', () => {
  test.each(LANES)('of the %s lane reads like the golden file', async (lane) => {
    const { title, body, labels } = buildPromotionText(standingProposal(NIGHT, lane));
    await expect(`${title}\n${labels.join(', ')}\n\n${body}`).toMatchFileSnapshot(`${GOLDEN}/${lane}.md`);
    expect(parseTitle(title)).toBe(lane);
    expect(parseLabels(labels)).toBe(lane);
  });

  test('points at what it stands for', () => {
    const standing = standingProposal(NIGHT, 'manual');
    expect(parseState(buildPromotionText(standing).body)).toEqual({
      version: 1,
      branch: 'peak/promotion/manual',
      head: standing.head,
      proposal_id: standing.meta.proposal_id,
      change_set_digest: standing.meta.change_set_digest,
      closed: null,
      declined: [],
    });
  });

  test('keeps ticks, and is the same text again for the same content', () => {
    const standing = standingProposal(NIGHT, 'manual');
    const ticked = buildPromotionText(standing).body.replaceAll('- [ ]', '- [x]');
    const again = buildPromotionText({ ...standing, previousBody: ticked });
    expect(again.body).toBe(ticked);
    const other = { ...standing, head: 'dd'.repeat(20), previousBody: ticked };
    expect(parseTasks(buildPromotionText(other).body).every((task) => task.ticked)).toBe(true);
  });

  test('keeps what operators said no to, and shows it', () => {
    const standing = standingProposal(NIGHT, 'manual');
    const { body: before } = buildPromotionText(standing);
    const pull = { body: before, branch: 'peak/promotion/manual', head: standing.head };
    const recorded = recordDecline(pull, buildDecline(), instantFromMs(0));
    const previousBody = recorded.state === 'recorded' ? recorded.body : '';
    const { body } = buildPromotionText({ ...standing, head: 'dd'.repeat(20), previousBody });
    expect(parseState(body)).toMatchObject({ head: 'dd'.repeat(20), declined: [buildDecline()] });
    expect(body).toMatch(/^### Declined\n\n- `portfolio\.leverage` = `1\.25`, .*too early/m);
  });

  test('a previous body that is nonsense changes nothing', () => {
    const standing = standingProposal(NIGHT, 'manual');
    for (const { text } of HOSTILE_TEXTS)
      expect(buildPromotionText({ ...standing, previousBody: text })).toEqual(buildPromotionText(standing));
  });
});

/** A standing proposal with many changes, each with long texts. */
function hugeProposal(count: number, text: string, lane: Lane = 'manual'): StandingProposal {
  const standing = standingProposal(NIGHT, lane);
  const [patch] = standing.patches;
  if (patch === undefined) throw new Error('no patch');
  const changes: ProposalMeta['changes'] = Array.from({ length: count }, (_, i) => ({
    target: `portfolio.p${i}`,
    type: 'string',
    old: `${text} old`,
    new: text,
  }));
  const patches = changes.map(({ target }) => ({
    ...patch,
    target,
    decision: patch.decision === null ? null : { ...patch.decision, reasons: [text, text] },
    evidence: {
      ...patch.evidence,
      kinds: [text],
      sources: Array.from({ length: 20 }, () =>
        buildPatchSource({ file: `reports/${text}.json`, line: 7, value: text }),
      ),
    },
  }));
  return { ...standing, meta: { ...standing.meta, changes, title: `${text} (${lane} lane)` }, patches };
}

describe('a body', () => {
  test('stays below the limit, with its state block whole, whatever is proposed', () => {
    const text = fc.oneof(
      fc.constantFrom(...HOSTILE_TEXTS.map((one) => one.text)),
      fc.string({ unit: 'binary', maxLength: 2000 }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), text, (count, value) => {
        const { title, body } = buildPromotionText(hugeProposal(count, value));
        expect(bytesOf(body)).toBeLessThan(MAX_BODY_BYTES);
        expect(title.length).toBeLessThanOrEqual(256);
        expect(parseState(body)?.head).toMatch(/^c0ffee/);
        const changes = hugeProposal(count, value).meta.changes;
        expect(parseTasks(body)).toEqual(askedTasks(changes));
      }),
      { numRuns: 25 },
    );
  });

  test('points to the file for what it leaves out', () => {
    const { body } = buildPromotionText(hugeProposal(2000, 'weekly'));
    expect(body).toMatch(/\d+ more changes: see \[`config_patches\.json`\]\(https:/);
    expect(body).toMatch(/- \[ \] The other \d+ changes, in OPERATOR_CHECKLIST\.md, are right\./);
  });

  test.each(HOSTILE_TEXTS)('lets no text out of its place: $name', ({ text }) => {
    const declined = [buildDecline({ value: text.slice(0, 300), reason: text.slice(0, 500) })];
    const previousBody = formatState(buildPullState({ declined }));
    const { body } = buildPromotionText({ ...hugeProposal(1, text), previousBody });
    expect(parseState(body)?.declined).toEqual(declined);
    const bare = body
      .replaceAll(/\]\(https:[^\s()]+\)/g, '](url)')
      .replaceAll(/(?<!`)(`+)(?!`)([^\n]*?[^`])\1(?!`)/g, 'C')
      .replaceAll(/\\[!-/:-@[-`{-~]|&(?:amp|lt|gt);/g, 'e')
      .replaceAll(/<!-- (task:[!-;=?-~]+|peak:state [\x20-\x7e]+) -->/g, '');
    expect(bare).not.toMatch(/<|@[A-Za-z0-9]|!\[/);
    expect(bare.replaceAll(/^#+ /gm, '')).not.toMatch(/#\d|GH-\d/i);
    expect(body).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e\u2066-\u2069]/);
    const boxes = body.split('\n').filter((line) => line.startsWith('- ['));
    expect(boxes.length).toBeLessThanOrEqual(6);
    expect(parseState(body)?.head).toMatch(/^c0ffee/);
  });

  test('of a closed pull request says why, keeps what stood there, and stays below the limit', () => {
    const { body } = buildPromotionText(hugeProposal(2000, 'weekly'));
    const closed = buildClosingBody(body, 'peak/promotion/manual', 'ab'.repeat(20), 'disabled');
    expect(closed).toMatch(/^> \*\*Closed by the bot:\*\* .*switched off/);
    expect(closed).toContain('### Checklist');
    expect(parseState(closed)).toMatchObject({ closed: 'disabled', head: 'ab'.repeat(20) });
    for (const old of ['x'.repeat(65_000), '<!-- peak:state {} -->', ''])
      expect(bytesOf(buildClosingBody(old, 'b', 'ab'.repeat(20), 'moot'))).toBeLessThan(MAX_BODY_BYTES);
  });
});

describe('buildEvidenceText', () => {
  const files = ['reports/decisions/decisions_x.json', 'reports/learning_snippets/a|(b).json'];

  test('reads like the golden file', async () => {
    const { title, body, labels } = buildEvidenceText({ files, head: 'ab'.repeat(20), web: WEB });
    await expect(`${title}\n${labels.join(', ')}\n\n${body}`).toMatchFileSnapshot(`${GOLDEN}/evidence.md`);
    expect(parseLabels(labels)).toBe('evidence');
  });

  test('stays below the limit with ten thousand files', () => {
    const many = Array.from(
      { length: 10_000 },
      (_, i) => `reports/learning_snippets/${'x'.repeat(150)}${i}.json`,
    );
    const { body } = buildEvidenceText({ files: many, head: 'ab'.repeat(20), web: WEB });
    expect(bytesOf(body)).toBeLessThan(MAX_BODY_BYTES);
    expect(body).toMatch(/\d+ more are in the files/);
  });
});

test('parseLabels knows nothing of labels that contradict each other', () => {
  expect(parseLabels([...formatLabels('auto'), ...formatLabels('manual')])).toBeNull();
  expect(parseLabels(['bug'])).toBeNull();
});
