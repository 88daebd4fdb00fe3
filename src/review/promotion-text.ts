import {
  type AutoApplyPolicy,
  boundsOf,
  formatConfidence,
  formatTasks,
  type PatchRecord,
  type ProposalMeta,
  parseTasks,
} from '../governance/index.ts';
import { PROPOSALS_PATH } from '../kernel/governed-paths.ts';
import { formatScalar } from '../kernel/scalar.ts';
import { clipText } from '../kernel/text/clip-text.ts';
import { escapeMarkdown, markdownCode, markdownLineCode } from '../kernel/text/escape-markdown.ts';
import { askedTasks } from './asked-tasks.ts';
import { LANE_BRANCHES } from './branches.ts';
import { type BodyPart, fitBody } from './fit-body.ts';
import { formatGauge } from './gauge.ts';
import { keepTicks } from './keep-ticks.ts';
import { formatLabels } from './labels.ts';
import type { PullText } from './pull-text.ts';
import { formatState, parseState } from './state-block.ts';
import { MAX_DECLINED_BYTES, type PullDecline } from './state-schema.ts';
import { fileUrl, type WebPlace } from './web-place.ts';

/** A proposal as it stands on a branch, and where. */
export interface StandingProposal {
  readonly meta: ProposalMeta;
  readonly patches: readonly PatchRecord[];
  readonly policy: AutoApplyPolicy;
  /** The commit that holds it. */
  readonly head: string;
  readonly web: WebPlace;
  /** The body so far, whose refused changes are kept, and ticks where the same is asked; null for a new pull request. */
  readonly previousBody: string | null;
}

type Change = ProposalMeta['changes'][number];

/** Of 60,000 bytes: the boxes always stand whole, because whoever reads ticks asks for all of them. */
const MAX_TABLE_BYTES = 25_000;

/** Longest text of a value or a reason in a body; the files beside it show it whole. */
const MAX_TEXT = 300;

/** A promotion's pull request: title, body and labels. A pure function of what the branch holds. */
export function buildPromotionText(standing: StandingProposal): PullText {
  const { meta, head, previousBody } = standing;
  const declined = parseState(previousBody ?? '')?.declined ?? [];
  const state = formatState({
    version: 1,
    branch: LANE_BRANCHES[meta.lane],
    head,
    proposal_id: meta.proposal_id,
    change_set_digest: meta.change_set_digest,
    closed: null,
    declined,
  });
  const parts = [
    introduction(standing),
    changeTable(standing),
    refusals(declined),
    checklist(standing),
    consequences(standing),
    details(standing),
  ];
  return { title: formatTitle(meta), body: fitBody(parts, state), labels: formatLabels(meta.lane) };
}

/** GitHub takes titles of up to 256 characters. */
const MAX_TITLE = 250;

/** The proposal's title; one that is too long is cut in its middle, so that the lane still stands at its end. */
function formatTitle({ title, lane }: ProposalMeta): string {
  const end = `… (${lane} lane)`;
  return title.length <= MAX_TITLE ? title : `${title.slice(0, MAX_TITLE - end.length)}${end}`;
}

/** The lane that a title names, or null. */
export function parseTitle(title: string): ProposalMeta['lane'] | null {
  const match = /^Promote .+ \((auto|manual) lane\)$/s.exec(title);
  return match === null ? null : (match[1] as ProposalMeta['lane']);
}

function folderOf({ meta }: StandingProposal): string {
  return `${PROPOSALS_PATH}/${meta.proposal_id}`;
}

function link({ web, head }: StandingProposal, label: string, path: string): string {
  return `[${label}](${fileUrl(web, head, path)})`;
}

/** Points to the file that holds what was cut. */
function pointTo(standing: StandingProposal, what: string, file: string): (left: number) => string {
  const place = link(standing, `\`${file}\``, `${folderOf(standing)}/${file}`);
  return (left) => `${left} more ${what}: see ${place}.`;
}

function introduction(standing: StandingProposal): BodyPart {
  const { meta, policy } = standing;
  const need = policy.approvals.manual;
  const lane =
    meta.lane === 'auto'
      ? '**Auto lane.** Every guardrail holds; the judge may merge it.'
      : `**Manual lane.** Needs ${need === 1 ? 'the approval of an operator' : `the approvals of ${need} operators`}.`;
  const checklist = link(standing, 'OPERATOR_CHECKLIST.md', `${folderOf(standing)}/OPERATOR_CHECKLIST.md`);
  const text = `${lane} ${escapeMarkdown(meta.description)} Everything that is known of it: ${checklist}.`;
  return { head: '', blocks: [text], separator: '\n\n', pointer: () => '' };
}

function changeTable(standing: StandingProposal): BodyPart {
  const byTarget = new Map(standing.patches.map((patch) => [patch.target, patch]));
  const head = [
    '| Target | Live now | Proposed | Place in its bounds | Confidence |',
    '| --- | --- | --- | --- | --- |',
  ].join('\n');
  const rows = standing.meta.changes.map((change) => {
    const confidence = byTarget.get(change.target)?.confidence_score ?? null;
    const cells = [
      markdownCode(change.target),
      markdownCode(clip(formatScalar(change.old, change.type))),
      markdownCode(clip(formatScalar(change.new, change.type))),
      place(change, standing.policy),
      confidence === null ? 'none' : formatConfidence(confidence),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const pointer = pointTo(standing, 'changes', 'config_patches.json');
  return { head, gap: '\n', blocks: rows, separator: '\n', pointer, mostBytes: MAX_TABLE_BYTES };
}

/** Where live and proposed value stand, on the narrowest bounds that a target must keep. */
function place({ target, type, old, new: next }: Change, policy: AutoApplyPolicy): string {
  const all = boundsOf(target, policy);
  if (all.length === 0 || typeof old !== 'number' || typeof next !== 'number') return 'no bounds';
  const min = Math.max(...all.map((bounds) => bounds.min));
  const max = Math.min(...all.map((bounds) => bounds.max));
  if (min >= max) return 'bounds leave no room';
  const gauge = formatGauge({ min, max }, old, next);
  return markdownCode(`${formatScalar(min, type)} ${gauge} ${formatScalar(max, type)}`);
}

/** What operators said no to here; once it is rebuilt, the proposal is without it. */
function refusals(declined: readonly PullDecline[]): BodyPart {
  return {
    head: declined.length === 0 ? '' : '### Declined',
    blocks: declined.map(({ target, value, at, reason }) => {
      const what = `${markdownLineCode(target)} = ${markdownLineCode(clip(formatScalar(value)))}`;
      return `- ${what}, ${escapeMarkdown(at)}: ${escapeMarkdown(clip(reason))}`;
    }),
    separator: '\n',
    mostBytes: MAX_DECLINED_BYTES,
    pointer: (left) => `${left} more.`,
  };
}

function checklist(standing: StandingProposal): BodyPart {
  const tasks = askedTasks(standing.meta.changes);
  const kept = keepTicks(tasks, parseTasks(standing.previousBody ?? ''));
  return {
    head: '### Checklist',
    blocks: kept.map((task) => formatTasks([task])),
    separator: '\n',
    pointer: pointTo(standing, 'boxes', 'OPERATOR_CHECKLIST.md'),
  };
}

function consequences({ meta: { changes, proposal_id: id } }: StandingProposal): BodyPart {
  const what = changes.length === 1 ? 'the value' : `the ${changes.length} values`;
  const lines = [
    `- **Merging** makes ${what} above live: \`config/live_overrides/auto.toml\` gets ${changes.length === 1 ? 'its line' : 'their lines'}, and sessions in a live-like environment load it at their next start or reload. \`paper\` never does.`,
    `- **Undoing:** \`peak rollback ${id} --publish github\`, which leaves later promotions alone, the Revert button here, or \`git revert -m 1\` of the merge commit. In an emergency start sessions with \`PEAK_NO_OVERRIDES=1\`.`,
    '- **Closing** this pull request is a no to each of these values for 14 days, and until an experiment that is first reported after the close, if an operator closes it. `/peak decline TARGET reason` is a no to one of them.',
  ];
  return {
    head: '### What merging does, and how to undo it',
    blocks: [lines.join('\n')],
    separator: '\n',
    pointer: () => '',
  };
}

function details(standing: StandingProposal): BodyPart {
  const byTarget = new Map(standing.patches.map((patch) => [patch.target, patch]));
  const blocks = standing.meta.changes.flatMap(({ target }) => {
    const patch = byTarget.get(target);
    return patch === undefined ? [] : [changeDetails(patch, standing)];
  });
  return {
    head: '### Why',
    blocks,
    separator: '\n\n',
    pointer: pointTo(standing, 'explanations', 'OPERATOR_CHECKLIST.md'),
  };
}

function changeDetails(patch: PatchRecord, standing: StandingProposal): string {
  const reasons = (patch.decision?.reasons ?? []).map((reason) => `- ⚠️ ${escapeMarkdown(clip(reason))}`);
  const { count, kinds, sources } = patch.evidence;
  const from = `- Evidence: ${count} (${kinds.map((kind) => escapeMarkdown(clip(kind))).join(', ')})`;
  const links = sources.map(({ file, line }) => {
    const anchor = line > 1 ? `#L${line}` : '';
    return `  - [${markdownLineCode(clip(line > 1 ? `${file}:${line}` : file))}](${fileUrl(standing.web, standing.head, file)}${anchor})`;
  });
  const more = count > sources.length ? [`  - and ${count - sources.length} more`] : [];
  return [`**${markdownLineCode(patch.target)}**\n`, ...reasons, from, ...links, ...more].join('\n');
}

function clip(text: string): string {
  return clipText(text, MAX_TEXT);
}
