import { describe, expect, test } from 'vitest';
import { gather } from '../../src/cycles/gather.ts';
import {
  buildHistoryView,
  derive,
  formatProposalFolder,
  type PromotionDecision,
  resolveMode,
} from '../../src/governance/index.ts';
import type { Problem } from '../../src/kernel/problem.ts';
import { formatOverrideFile, type OverrideFile } from '../../src/liveconfig/index.ts';
import { formatProblem } from '../../src/reports/problem-text.ts';
import { at } from '../support/builders/at.ts';
import {
  type ExpectedDecision,
  listScenarios,
  openScenario,
  readScenarioJson,
  type ScenarioOptions,
  type ScenarioOutcome,
} from './read-scenario.ts';

/** What came of a scenario, and every text that anybody could read of it. */
interface Outcome extends Required<Omit<ScenarioOutcome, 'hidden'>> {
  readonly texts: string;
}

function run(name: string, { clock, mode, published = false, history }: ScenarioOptions): Outcome {
  const none = { refused: [], warnings: [], decisions: {}, auto: {}, offline: {}, texts: '' };
  const now = at(clock);
  const gathered = gather(openScenario(name), { clock: now });
  if (!gathered.ok) return { ...none, ...refusal(gathered.problems) };
  const { policy, policyText, warnings } = gathered.value;
  const effective = resolveMode(policy, mode ?? null, policyText.text);
  if (!effective.ok) return { ...none, ...refusal(effective.problems) };
  const derivation = derive({
    ...gathered.value,
    clock: now,
    effectiveMode: effective.value.mode,
    requestedMode: mode ?? null,
    baseCommit: null,
    history:
      history === undefined
        ? null
        : buildHistoryView(
            history.map((move) => ({ ...move, at: at(move.at), byOperators: move.lane === 'manual' })),
          ),
    declined: [],
    published,
  });
  const files = [
    derivation.learningOverride,
    derivation.autoTomlAfter('auto'),
    derivation.autoTomlAfter('manual'),
  ];
  const folders = derivation.proposals.flatMap((proposal) => [
    ...formatProposalFolder(proposal, policy).values(),
  ]);
  return {
    refused: [],
    warnings: warnings.warnings.map(placeOf),
    decisions: Object.fromEntries(
      derivation.decisions.map((decision) => [decision.candidate.patch.target, inShort(decision)]),
    ),
    auto: valuesOf(derivation.autoTomlAfter('auto')),
    offline: valuesOf(derivation.learningOverride),
    texts: [
      ...files.map(formatOverrideFile),
      ...folders,
      ...warnings.warnings.map((found) => formatProblem(found)),
      JSON.stringify(derivation.decisions.map(({ findings }) => findings)),
    ].join('\n'),
  };
}

function refusal(problems: readonly Problem[]) {
  return {
    refused: problems.map(placeOf).sort(),
    texts: problems.map((found) => formatProblem(found)).join('\n'),
  };
}

function placeOf({ code, file, line }: Problem): string {
  const place = [file?.split('/').at(-1), line].filter((part) => part !== undefined).join(':');
  return `${code} ${place}`.trimEnd();
}

function inShort({ status, lane, planned, findings }: PromotionDecision): ExpectedDecision {
  const because = findings.filter(({ effect }) => effect !== 'note').map(({ code }) => code);
  return {
    status,
    ...(lane === null ? {} : { lane }),
    planned,
    ...(because.length === 0 ? {} : { because }),
  };
}

function valuesOf({ overrides }: OverrideFile): Record<string, unknown> {
  return Object.fromEntries([...overrides].map(([target, { value }]) => [target, value]));
}

test('there are scenarios', () => {
  expect(listScenarios().length).toBeGreaterThanOrEqual(15);
});

describe.each(
  listScenarios().map((name) => [name, readScenarioJson<ScenarioOptions>(name, 'case.json')] as const),
)('%s', (name, options) => {
  const expected = readScenarioJson<ScenarioOutcome>(name, 'expected.json');
  const outcome = run(name, options);

  test(options.shows, () => {
    const { texts, offline, ...found } = outcome;
    const defaults = { refused: [], warnings: [], decisions: {}, auto: {} };
    const { hidden, offline: expectedOffline, ...rest } = expected;
    expect(found).toEqual({ ...defaults, ...rest, refused: [...(rest.refused ?? [])].sort() });
    if (expectedOffline !== undefined) expect(offline).toEqual(expectedOffline);
    for (const text of hidden ?? []) expect(texts).not.toContain(text);
  });
});
