import { describe, expect, it } from 'vitest';
import { differingFacts, type Fact, type ListedCase } from './differing-fact.ts';
import { type LearningSample, learningFacts } from './learning-case.ts';
import { type LoaderSample, loaderFacts } from './loader-case.ts';
import { datePatches, promote, promotionFacts, workTreeOf } from './promotion-case.ts';
import { type PromotionSample, readFixture } from './promotion-sample.ts';

/**
 * The original v1 answered these 154 cases (`fixtures/`). This project gives the same answers, or the difference stands in
 * `differences.json` with both answers and a reason of `reasons.json`.
 */
interface V1Case {
  readonly name: string;
  readonly facts: () => readonly Fact[];
}

const promotionSamples = readFixture<PromotionSample[]>('fixtures/v1-promotion-sample.json');
const loaderSamples = readFixture<LoaderSample[]>('fixtures/v1-loader-sample.json');
const learningSamples = readFixture<LearningSample[]>('fixtures/v1-learning-sample.json');
const differences = readFixture<Record<string, ListedCase>>('differences.json');
const reasons = readFixture<Record<string, string>>('reasons.json');

const cases: readonly V1Case[] = [
  ...promotionSamples.map((sample) => ({
    name: `promotion/${sample.input.name}`,
    facts: () => promotionFacts(sample),
  })),
  ...loaderSamples.map((sample) => ({
    name: `loader/${sample.input.name}`,
    facts: () => loaderFacts(sample),
  })),
  ...learningSamples.map((sample) => ({
    name: `learning/${sample.input.name}`,
    facts: () => learningFacts(sample),
  })),
];

/** What is listed about a case, without the words. */
function listedFacts(name: string): ReturnType<typeof differingFacts> {
  const listed = differences[name]?.facts ?? {};
  return Object.fromEntries(
    Object.entries(listed).map(([fact, { reason: _, ...answers }]) => [fact, answers]),
  );
}

describe('the answers of v1', () => {
  it('are all here', () => {
    expect([promotionSamples.length, loaderSamples.length, learningSamples.length]).toEqual([107, 34, 13]);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(154);
  });

  it.each(cases)('$name: agrees, or differs as listed', ({ name, facts }) => {
    const found = facts();
    expect(new Set(found.map((fact) => fact.name)).size).toBe(found.length);
    expect(differingFacts(found)).toEqual(listedFacts(name));
  });
});

describe('the list of differences', () => {
  const listed = Object.entries(differences);

  it('names cases that exist, each with a difference and a sentence', () => {
    const known = new Set(cases.map(({ name }) => name));
    expect(listed.filter(([name]) => !known.has(name))).toEqual([]);
    expect(listed.filter(([, { facts }]) => Object.keys(facts).length === 0)).toEqual([]);
    expect(listed.filter(([, { what }]) => !/^\S.{15,}\.$/s.test(what))).toEqual([]);
  });

  it('gives each difference a known reason, and uses every reason', () => {
    const used = new Set(listed.flatMap(([, { facts }]) => Object.values(facts).map(({ reason }) => reason)));
    expect([...used].sort()).toEqual(Object.keys(reasons).sort());
  });

  it('has reasons that name the paragraph which demands them', () => {
    const vague = Object.entries(reasons).filter(
      ([, sentence]) =>
        !/^(?:v1-quirks\.md, (?:Safety|auto\.toml|Loader|Learning|first paragraph)|product\.md §\d|house\.md §4)/.test(
          sentence,
        ),
    );
    expect(vague).toEqual([]);
  });
});

describe('patches of v1 as they are, without a date', () => {
  const undated = promotionSamples.filter(({ input }) => !input.patchesJson.includes('generated_at'));

  it.each(undated)('$input.name: the same statuses, and nothing for the auto lane', (sample) => {
    const { patchesJson } = sample.input;
    const asTheyAre = promote(workTreeOf(sample, patchesJson, null), sample);
    const dated = promote(workTreeOf(sample, datePatches(patchesJson), null), sample);
    expect(asTheyAre.ok).toBe(dated.ok);
    if (!asTheyAre.ok || !dated.ok) return;
    const decisions = asTheyAre.value.derivation.decisions;
    expect(decisions.filter(({ lane }) => lane === 'auto')).toEqual([]);
    expect(decisions.map(({ status }) => status)).toEqual(
      dated.value.derivation.decisions.map(({ status }) => status),
    );
  });
});
