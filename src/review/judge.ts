import { nextFreeze, parsePolicy } from '../governance/index.ts';
import { sha256Hex } from '../kernel/digest.ts';
import { POLICY_PATH } from '../kernel/governed-paths.ts';
import { type Instant, instantFromMs, MINUTE_MS } from '../kernel/instant.ts';
import { listChangedValues } from './changed-values.ts';
import { type ChangeKind, kindOf } from './classify.ts';
import { viewLane } from './demand.ts';
import { deriveAgain, findClaimed } from './derive-again.ts';
import { type Judgement, judgingPolicy, type PolicyState, type ReviewRule } from './judgement.ts';
import { MAX_VALID_MINUTES } from './limits.ts';
import { readLiveState } from './live-state.ts';
import type { Loops } from './loops.ts';
import { findProposalFolders } from './proposal-in.ts';
import { failed, type RuleResult, worstOutcome } from './review-finding.ts';
import { rulesFor } from './rules/index.ts';
import { placeAll } from './rules/structure.ts';
import type { Snapshot, Texts } from './snapshot.ts';
import { conclude, type Verdict } from './verdict.ts';

/**
 * May this change be merged into this base now? Pure: the same snapshot gives the same verdict. `isOverdue` says when the time for
 * judging is over; it is asked before each rule, and from then on every one fails, naming the limit. A rule that throws is a
 * failure with a reference, never silence.
 */
export function judge(snapshot: Snapshot, loops: Loops, isOverdue: () => boolean = () => false): Verdict {
  try {
    return decide(openJudgement(snapshot, loops, isOverdue));
  } catch (error) {
    const rules = [internalError('judge', error)];
    return { ...frame(snapshot, rules), kind: null, lane: null, proposalId: null, changes: [] };
  }
}

/** What kind of change it is, by its paths alone. */
export function findChangeKind(snapshot: Snapshot): ChangeKind {
  const policy = readPolicy(snapshot.base.texts);
  return findKind(snapshot, readPlaces(snapshot, policy), policy);
}

function decide(judgement: Judgement): Verdict {
  const { kind, snapshot } = judgement;
  const rules = rulesFor(kind).map((rule) => ask(rule, judgement));
  return {
    ...frame(snapshot, rules),
    kind,
    lane: kind === 'promotion' ? viewLane(judgement).lane : null,
    proposalId: findClaimed(judgement)?.id ?? null,
    validUntil: validUntil(judgement),
    changes: listChangedValues(judgement, rules),
  };
}

/** What every verdict says, whatever was found. */
function frame({ now, head, base, mergeBase }: Snapshot, rules: readonly RuleResult[]) {
  return {
    conclusion: conclude(rules),
    head: head.id,
    base: base.id,
    mergeBase: mergeBase.id,
    policyDigest: digestOf(base.texts),
    time: now,
    validUntil: now,
    rules,
  };
}

/** Reads what several rules need, once. */
export function openJudgement(
  snapshot: Snapshot,
  loops: Loops,
  isOverdue: () => boolean = () => false,
): Judgement {
  const { base, merged } = snapshot;
  const policy = readPolicy(base.texts);
  const places = readPlaces(snapshot, policy);
  return {
    snapshot,
    loops,
    kind: findKind(snapshot, places, policy),
    places,
    policy,
    before: readLiveState(base.texts),
    after: merged === null ? null : readLiveState(merged.texts),
    isOverdue,
  };
}

function readPlaces({ base, head, merged, own, effect }: Snapshot, policy: PolicyState): Judgement['places'] {
  const machinery = policy.state === 'read' ? policy.policy.machinery.paths : [];
  const policies = [base, head, merged].flatMap((side) => side?.texts.get(POLICY_PATH) ?? []);
  const layers = new Set([...new Set(policies)].flatMap(layersIn));
  return placeAll([...own, ...effect], { layers: [...layers], machinery });
}

function findKind(snapshot: Snapshot, places: Judgement['places'], policy: PolicyState): ChangeKind {
  if (policy.state === 'missing' && snapshot.head.files.has(POLICY_PATH)) return 'first_policy';
  const classes = new Set([...places.values()].map((place) => place.class));
  return kindOf(classes, findProposalFolders(snapshot, places).added.length > 0);
}

function readPolicy(texts: Texts): PolicyState {
  const text = texts.get(POLICY_PATH);
  if (text === undefined) return { state: 'missing' };
  const parsed = parsePolicy(text);
  if (parsed.ok) return { state: 'read', policy: parsed.value };
  return { state: 'unreadable', problems: parsed.problems };
}

function layersIn(policyText: string): readonly string[] {
  const parsed = parsePolicy(policyText);
  return parsed.ok ? parsed.value.config.layers : [];
}

/** Asks one rule; one that throws is a failure with a reference. */
export function ask(rule: ReviewRule, judgement: Judgement): RuleResult {
  try {
    const findings = judgement.isOverdue()
      ? [failed('LIMIT_EXCEEDED', { observed: 'the time for judging is used up', required: 'time' })]
      : rule.check(judgement);
    return { rule: rule.name, outcome: worstOutcome(findings), findings };
  } catch (error) {
    return internalError(rule.name, error);
  }
}

function internalError(rule: string, error: unknown): RuleResult {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const facts = { observed: rule, required: sha256Hex(stack).slice(0, 12) };
  return { rule, outcome: 'failed', findings: [failed('INTERNAL_ERROR', facts)] };
}

function digestOf(texts: Texts): string | null {
  const text = texts.get(POLICY_PATH);
  return text === undefined ? null : sha256Hex(text);
}

/** The earliest of: an hour, the next freeze, the expiry of evidence that it rests on (judge.md §6). */
function validUntil(judgement: Judgement): Instant {
  const { now } = judgement.snapshot;
  const policy = judgingPolicy(judgement);
  const ends = [
    now + MAX_VALID_MINUTES * MINUTE_MS,
    (policy === null ? null : nextFreeze(policy, now)) ?? Number.POSITIVE_INFINITY,
    evidenceExpires(judgement) ?? Number.POSITIVE_INFINITY,
  ];
  return instantFromMs(Math.max(now, Math.min(...ends)));
}

function evidenceExpires(judgement: Judgement): Instant | null {
  try {
    const meta = findClaimed(judgement)?.meta;
    const rebuilt = meta?.ok === true ? deriveAgain(judgement, meta.value, 'now') : null;
    return rebuilt?.ok === true ? rebuilt.value.evidenceExpires : null;
  } catch {
    // A rule has told it already; such a verdict is worth nothing a moment later.
    return judgement.snapshot.now;
  }
}
