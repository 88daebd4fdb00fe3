import type { AutoApplyPolicy, EffectiveMode, ProposalMeta } from '../governance/index.ts';
import { formatInstant, type Instant } from '../kernel/instant.ts';
import type { Parameter } from '../kernel/scalar.ts';
import { REDACTED, shownValue } from '../kernel/secret.ts';
import { counted } from '../kernel/text/counted.ts';
import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import type { Evidence } from '../learning/index.ts';
import type { OverrideFile } from '../liveconfig/index.ts';
import { evidenceJson, evidenceText } from './learn-report.ts';
import { showScalar } from './show-scalar.ts';
import type { Style } from './style.ts';
import { formatFacts, formatTable } from './table.ts';

/** What a governed folder looks like now. */
export interface StatusView {
  readonly policy: AutoApplyPolicy;
  readonly mode: EffectiveMode;
  readonly evidence: Evidence;
  readonly autoToml: OverrideFile | null;
  /** The overrides in it that a session refuses. */
  readonly refusedOverrides: ReadonlySet<string>;
  readonly learningOverride: OverrideFile | null;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly proposals: readonly { readonly id: string; readonly meta: ProposalMeta }[];
  readonly sessions: readonly SessionView[];
  /** Proposals on branches of this clone that are not merged. */
  readonly waiting: readonly { readonly branch: string; readonly id: string }[];
}

/** What a session loaded, and whether that is what is merged. */
export interface SessionView {
  readonly ack: AckView;
  readonly state: 'current' | 'behind' | 'incident' | 'undetermined';
  readonly merged: string | null;
  readonly since: Instant | null;
}

interface AckView {
  readonly session: string;
  readonly loaded_at: string;
  readonly seen_at: string;
  readonly mode: string | null;
  readonly digest: string;
  readonly applied: number | null;
  readonly ignored: number | null;
}

/** One sentence about an acknowledgement. */
export function ackText({ session, mode, digest, applied, loaded_at: at }: AckView): string {
  const count = applied === null ? '' : `, ${counted(applied, 'override')} applied`;
  return escapeTerminal(
    `${session} runs on ${digest.slice(0, 12)} (${mode ?? 'no mode'}${count}) since ${at}`,
  );
}

export function statusJson(view: StatusView) {
  return {
    mode: view.mode.mode,
    policy_mode: view.policy.promotion.mode,
    lock: view.policy.promotion.lock,
    evidence: evidenceJson(view.evidence),
    live_overrides: liveOverrides(view).map(([target, { value }]) => ({
      target,
      value: shownValue(target, value),
    })),
    refused_overrides: [...view.refusedOverrides],
    offline_overrides: view.learningOverride?.overrides.size ?? 0,
    proposals: view.proposals.length,
    latest_proposal: view.proposals[0]?.id ?? null,
    waiting: view.waiting,
    sessions: view.sessions.map(({ ack, state, merged, since }) => ({
      ...ack,
      state,
      merged_digest: merged,
      differs_since: since === null ? null : formatInstant(since),
    })),
  };
}

export function statusText(view: StatusView, style: Style): string {
  const overview = overviewText(view, style);
  return view.sessions.length === 0 ? overview : `${overview}\n\n${sessionTable(view.sessions, style)}`;
}

function sessionTable(sessions: readonly SessionView[], style: Style): string {
  const marks = {
    current: style.green,
    behind: style.yellow,
    incident: style.red,
    undetermined: style.yellow,
  };
  const rows = sessions.map(({ ack, state, merged }) => [
    escapeTerminal(ack.session),
    escapeTerminal(ack.mode ?? 'none'),
    ack.digest.slice(0, 12),
    merged?.slice(0, 12) ?? 'unknown',
    escapeTerminal(ack.seen_at),
    marks[state](state),
  ]);
  return formatTable(['session', 'environment', 'loaded', 'merged', 'last seen', 'state'], rows, style);
}

/** What a session takes from `auto.toml`. */
function liveOverrides({ autoToml, refusedOverrides }: StatusView): readonly [string, Parameter][] {
  return [...(autoToml?.overrides ?? [])].filter(([target]) => !refusedOverrides.has(target));
}

function overviewText(view: StatusView, style: Style): string {
  const { policy, mode, evidence, refusedOverrides, learningOverride, parameters, proposals } = view;
  const health = evidence.latestHealth;
  const live = liveOverrides(view);
  const facts = formatFacts(
    [
      [
        'Mode',
        `${mode.mode}${mode.degradedByLock ? style.yellow(` (policy says ${policy.promotion.mode}, but is locked)`) : ''}`,
      ],
      ['Evidence', evidenceText(evidence)],
      [
        'Test health',
        health === null
          ? style.yellow('none: the auto lane is closed')
          : `${health.score} of 100 at ${formatInstant(health.time)}`,
      ],
      ['Offline', counted(learningOverride?.overrides.size ?? 0, 'override')],
      [
        'Live',
        `${live.length === 0 ? 'base values, no overrides' : counted(live.length, 'override')}${
          refusedOverrides.size === 0 ? '' : style.red(`, ${refusedOverrides.size} refused`)
        }`,
      ],
      [
        'Proposals',
        proposals.length === 0
          ? 'none'
          : `${proposals.length}, latest ${escapeTerminal(proposals[0]?.id ?? '')}`,
      ],
      ...view.waiting.map(({ branch, id }) => ['Not merged', `${escapeTerminal(id)} on ${branch}`] as const),
    ],
    style,
  );
  if (live.length === 0) return facts;
  const rows = live.map(([target, override]) => {
    const base = parameters.get(target);
    const hidden = shownValue(target, override.value) === REDACTED;
    return [
      target,
      base === undefined || hidden ? '' : showScalar(base.value, base),
      hidden ? REDACTED : showScalar(override.value, override),
    ];
  });
  return `${facts}\n\n${formatTable(['target', 'base', 'live'], rows, style)}`;
}
