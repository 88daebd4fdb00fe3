import { loadLiveConfig } from '../../../src/cycles/load-config.ts';
import { type PromoteReport, promoteCycle } from '../../../src/cycles/promote.ts';
import type { Mode, PromotionDecision } from '../../../src/governance/index.ts';
import {
  AUTO_TOML_PATH,
  BASE_CONFIG_PATH,
  EVIDENCE_PATH,
  POLICY_PATH,
  PROPOSALS_PATH,
} from '../../../src/kernel/governed-paths.ts';
import { type Instant, parseInstant } from '../../../src/kernel/instant.ts';
import type { Problem } from '../../../src/kernel/problem.ts';
import type { Result } from '../../../src/kernel/result.ts';
import { parseOverrides } from '../../../src/liveconfig/index.ts';
import type { Fact } from './differing-fact.ts';
import { MemoryWorkTree } from './memory-work-tree.ts';
import { baseConfigText, targetsOf } from './promotion-base.ts';
import { type PromotionSample, translatePolicy } from './promotion-sample.ts';
import { overrideLines, splitJsonList } from './typed-json.ts';
import { acceptedByV1, loadedByV1, readPatches, v1Answers } from './v1-answers.ts';

/** The day after the latest date in the sample, so that no patch is too old for the auto lane. */
export const CLOCK = parseInstant('2026-01-28T00:00:00Z') as Instant;
const PATCHES_PATH = `${EVIDENCE_PATH}/v1-patches.json`;
/** v1 asks for no test health; here the auto lane is closed without it. */
const HEALTH = JSON.stringify({
  source: 'test_health',
  created_at: '2026-01-27T12:00:00Z',
  metrics: { health_score: 100 },
  recommended_changes: [],
});

/** A governed folder that says in this project's terms what a case of v1 says. */
export function workTreeOf(
  sample: PromotionSample,
  patchesJson: string,
  autoToml: string | null,
): MemoryWorkTree {
  const patches = readPatches(patchesJson);
  const policy = translatePolicy(sample.input, targetsOf(patches));
  const files = new Map([
    [POLICY_PATH, policy],
    [BASE_CONFIG_PATH, baseConfigText(patches, autoToml, policy)],
    [PATCHES_PATH, patchesJson],
    [`${EVIDENCE_PATH}/health.json`, HEALTH],
  ]);
  if (autoToml !== null) files.set(AUTO_TOML_PATH, autoToml);
  return new MemoryWorkTree(files);
}

/** Both loops on a case, in the mode that v1 was asked for. */
export function promote(workTree: MemoryWorkTree, { input }: PromotionSample): Result<PromoteReport> {
  return promoteCycle(workTree, {
    clock: CLOCK,
    requestedMode: input.mode as Mode,
    baseCommit: null,
    dryRun: false,
    writeOverride: false,
  });
}

/** v1's patches carry no date, which closes the auto lane here; the day before the clock stands in for the day of the run. */
export function datePatches(patchesJson: string): string {
  const items = splitJsonList(patchesJson);
  if (items === null) return patchesJson;
  const dated = items.map((item) =>
    item.includes('"generated_at"') ? item : item.replace('{', '{"created_at":"2026-01-27T12:00:00Z",'),
  );
  return `[${dated.join(',')}]`;
}

/** All facts that v1 and this project can be compared on for one case. */
export function promotionFacts(sample: PromotionSample): readonly Fact[] {
  return [...patchFacts(sample), ...runFacts(sample)];
}

/** Each patch as the only evidence, as v1 looks at it, with its old value as the live one. */
function patchFacts(sample: PromotionSample): readonly Fact[] {
  const items = splitJsonList(datePatches(sample.input.patchesJson)) ?? [];
  return v1Answers(sample).flatMap((v1, i) => {
    const ours = promoteAlone(sample, items[i] ?? '');
    const name = `patch ${i + 1} ${JSON.stringify(v1.patch['target'] ?? null)}`;
    const status: Fact = { name, v1: v1.status, ...ours.answer };
    if (v1.candidate === null || ours.decision === null) return [status];
    const { candidate } = ours.decision;
    return [
      status,
      { name: `${name} tags`, v1: [...v1.candidate.tags].sort(), ours: candidate.tags },
      {
        name: `${name} eligible`,
        v1: String(v1.candidate.eligible),
        ours: String(candidate.eligibleForLive),
      },
    ];
  });
}

interface OwnAnswer {
  readonly answer: Pick<Fact, 'ours' | 'because'>;
  readonly decision: PromotionDecision | null;
}

function promoteAlone(sample: PromotionSample, item: string): OwnAnswer {
  const report = promote(workTreeOf(sample, `[${item}]`, null), sample);
  if (!report.ok) return { answer: { ours: 'refused', because: codes(report.problems) }, decision: null };
  const { derivation, gathered } = report.value;
  const decision = derivation.decisions[0];
  if (decision !== undefined) {
    const ours = decision.lane === null ? decision.status : `${decision.status} ${decision.lane}`;
    return { answer: { ours, because: decidingCodes(decision) }, decision };
  }
  const problems = codes(gathered.evidence.problems);
  const ours = problems.length === 0 ? 'no candidate' : 'not read';
  return {
    answer: { ours, because: [...problems, ...derivation.patches.map(({ status }) => status)] },
    decision: null,
  };
}

/** The codes of all findings but notes, in the order of the rules. */
function decidingCodes({ findings }: PromotionDecision): readonly string[] {
  return findings.filter(({ effect }) => effect !== 'note').map(({ code }) => code);
}

/** All patches together: mode, what is proposed, what `auto.toml` holds afterwards and what a live session loads. */
function runFacts(sample: PromotionSample): readonly Fact[] {
  const { input, expected } = sample;
  const workTree = workTreeOf(sample, datePatches(input.patchesJson), input.autoToml);
  const report = promote(workTree, sample);
  const text = workTree.readText(AUTO_TOML_PATH);
  const { error } = expected;
  const because = report.ok ? report.value.derivation.decisions.map(describeDecision) : [];
  return [
    {
      name: 'run',
      v1: error === undefined ? 'done' : `raised ${error.type} in ${error.stage}`,
      ours: report.ok ? 'done' : `refused: ${codes(report.problems).join(', ')}`,
      because: report.ok ? codes(report.value.gathered.evidence.problems) : [],
    },
    { name: 'mode', v1: expected.effectiveMode, ours: report.ok ? report.value.mode.mode : 'refused' },
    {
      name: 'proposed',
      v1: acceptedByV1(sample),
      ours: report.ok ? proposedHere(report.value) : [],
      because,
    },
    { name: 'artifacts', v1: expected.artifacts ?? [], ours: artifactNames(workTree) },
    { name: 'auto.toml', v1: describeAutoToml(expected.autoTomlText), ours: describeAutoToml(text), because },
    { name: 'loaded', v1: loadedByV1(sample), ours: loadedHere(workTree) },
  ];
}

function describeDecision(decision: PromotionDecision): string {
  const { candidate, lane, status } = decision;
  return [`${candidate.patch.target}:`, lane ?? status, ...decidingCodes(decision)].join(' ');
}

function proposedHere({ derivation }: PromoteReport): readonly string[] {
  return derivation.proposals
    .flatMap(({ changes }) => changes)
    .map(({ target, new: value }) => `${target} = ${JSON.stringify(value)}`)
    .sort();
}

function artifactNames(workTree: MemoryWorkTree): readonly string[] {
  const folders = workTree.listNames(PROPOSALS_PATH);
  return [...new Set(folders.flatMap((folder) => workTree.listNames(`${PROPOSALS_PATH}/${folder}`)))].sort();
}

/** The overrides in a file, or what is wrong with it. */
function describeAutoToml(text: string | null): Fact['v1'] {
  if (text === null) return 'no file';
  const parsed = parseOverrides(text, 'auto_applied', AUTO_TOML_PATH);
  if (!parsed.ok || parsed.problems.length > 0) return `unusable: ${codes(parsed.problems).join(', ')}`;
  return overrideLines(parsed.value);
}

function loadedHere(workTree: MemoryWorkTree): readonly string[] {
  const loaded = loadLiveConfig((path) => workTree.readText(path), { env: 'live' });
  if (!loaded.ok) return [`refused: ${codes(loaded.problems).join(', ')}`];
  return loaded.value.applied.map(({ target, value }) => `${target} = ${JSON.stringify(value)}`).sort();
}

function codes(problems: readonly Problem[]): readonly string[] {
  return [...new Set(problems.map(({ code }) => code))].sort();
}
