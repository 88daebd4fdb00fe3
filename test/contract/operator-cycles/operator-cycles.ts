import { readFileSync } from 'node:fs';
import { type PromoteReport, promoteCycle } from '../../../src/cycles/promote.ts';
import type { Mode, PromotionDecision } from '../../../src/governance/index.ts';
import { BASE_CONFIG_PATH, EVIDENCE_PATH, POLICY_PATH } from '../../../src/kernel/governed-paths.ts';
import { type Instant, parseInstant } from '../../../src/kernel/instant.ts';
import type { Result } from '../../../src/kernel/result.ts';
import { formatTomlString } from '../../../src/liveconfig/toml.ts';
import { MemoryWorkTree } from '../v1/memory-work-tree.ts';
import { parseTypedJson, type TypedJson, toTomlText, type WrittenNumber } from '../v1/typed-json.ts';

/** A patch that the operators of the original system put through their promotion loop. */
export interface OperatorPatch {
  readonly target: string;
  readonly old_value: TypedJson;
  readonly new_value: TypedJson;
  readonly confidence_score: WrittenNumber;
  readonly v1: string;
  readonly operator: string | null;
}

/** One run of that loop. Cycles 2 to 5 repeated cycle 1. */
export interface OperatorCycle {
  readonly cycle: number;
  readonly patches: readonly OperatorPatch[];
}

/** The day after the cycles. */
export const CLOCK = parseInstant('2025-12-12T00:00:00Z') as Instant;
const CREATED_AT = '2025-12-11T12:00:00Z';
const HEALTH = JSON.stringify({
  source: 'test_health',
  created_at: CREATED_AT,
  metrics: { health_score: 95 },
  recommended_changes: [],
});

/** All cycles of `operator-cycles.json`, numbers as they were written. */
export function readCycles(): readonly OperatorCycle[] {
  const { cycles } = parseTypedJson(read('operator-cycles.json')) as unknown as {
    cycles: readonly (Omit<OperatorCycle, 'cycle'> & { cycle: WrittenNumber })[];
  };
  return cycles.map(({ cycle, patches }) => ({ cycle: Number(cycle.$number), patches }));
}

/** A file of this repository, by its path relative to this folder. */
export function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

/** The shipped policy in another mode, with the targets of these patches eligible in place of its own. */
export function policyText(patches: readonly OperatorPatch[], mode: Mode): string {
  const targets = patches.map(({ target }) => formatTomlString(target)).join(', ');
  return replaceOnce(
    replaceOnce(read('../../../config/promotion.toml'), /^mode = "\w+"/m, `mode = "${mode}"`),
    /^targets = \[\n[^\]]*\]/m,
    `targets = [${targets}]`,
  );
}

/** Replaces what must be there. */
export function replaceOnce(text: string, from: RegExp, to: string): string {
  if (!from.test(text)) throw new Error(`the shipped policy has nothing like ${from}`);
  return text.replace(from, () => to);
}

/** The files of a governed folder in which a cycle starts: old values as base configuration, patches as evidence. */
export function filesOf(patches: readonly OperatorPatch[], policy: string): ReadonlyMap<string, string> {
  const base = patches.map(({ target, old_value: value }) => `${target} = ${toTomlText(value)}`);
  return new Map([
    [POLICY_PATH, policy],
    [BASE_CONFIG_PATH, ['environment.mode = "paper"', ...base, ''].join('\n')],
    [`${EVIDENCE_PATH}/operator-patches.json`, evidenceText(patches)],
    [`${EVIDENCE_PATH}/health.json`, HEALTH],
  ]);
}

/** Patches as evidence of that day, a list of records. */
export function evidenceText(patches: readonly OperatorPatch[]): string {
  const records = patches.map(
    ({ target, old_value, new_value, confidence_score }) =>
      `{"target": ${JSON.stringify(target)}, "old_value": ${toTomlText(old_value)}, "new_value": ${toTomlText(new_value)}, "confidence_score": ${confidence_score.$number}, "created_at": "${CREATED_AT}"}`,
  );
  return `[\n${records.join(',\n')}\n]\n`;
}

/** A run of both loops: what it decided, and every file as it left them. */
export interface CycleRun {
  readonly report: PromoteReport;
  readonly workTree: MemoryWorkTree;
}

/** Runs both loops on patches under a policy. Throws when the run is refused. */
export function runCycle(patches: readonly OperatorPatch[], policy: string): CycleRun {
  const workTree = new MemoryWorkTree(filesOf(patches, policy));
  const report: Result<PromoteReport> = promoteCycle(workTree, {
    clock: CLOCK,
    requestedMode: null,
    baseCommit: null,
    dryRun: false,
    writeOverride: true,
  });
  if (!report.ok)
    throw new Error(report.problems.map(({ code, args }) => `${code} ${JSON.stringify(args)}`).join());
  return { report: report.value, workTree };
}

/** What this system decides about a patch. */
export interface OwnDecision {
  /** `auto lane`, `manual lane`, or the status of what was not accepted. */
  readonly decision: string;
  /** Codes of the findings that decided, in the order of the rules. */
  readonly why: readonly string[];
}

/** A decision in the words of the fixture. */
export function toOwnDecision({ lane, status, findings }: PromotionDecision): OwnDecision {
  return {
    decision: lane === null ? status : `${lane} lane`,
    why: findings.filter(({ effect }) => effect !== 'note').map(({ code }) => code),
  };
}
