import { describe, expect, it } from 'vitest';
import type { Mode } from '../../../src/governance/index.ts';
import { toTomlText } from '../v1/typed-json.ts';
import { formatDecisionTable, readDecisions } from './decision-table.ts';
import {
  type OperatorPatch,
  type OwnDecision,
  policyText,
  read,
  readCycles,
  runCycle,
  toOwnDecision,
} from './operator-cycles.ts';

const cycles = readCycles();
const rows = readDecisions();
const HIDDEN = '[redacted]';

function decideAll(patches: readonly OperatorPatch[], mode: Mode): ReadonlyMap<string, OwnDecision> {
  const { decisions } = runCycle(patches, policyText(patches, mode)).report.derivation;
  return new Map(decisions.map((decision) => [decision.candidate.patch.target, toOwnDecision(decision)]));
}

describe("the operators' cycles", () => {
  it('are all here, with what v1 and the operators said', () => {
    expect(cycles.map(({ cycle }) => cycle)).toEqual([1, 6, 7, 8, 9, 10]);
    const told = cycles.flatMap(({ cycle, patches }) =>
      patches.map(({ target, confidence_score, v1, operator }) => ({
        cycle,
        target,
        confidence: confidence_score.$number,
        v1,
        operator,
      })),
    );
    expect(
      rows.map(({ cycle, target, confidence, v1, operator }) => ({
        cycle,
        target,
        confidence,
        v1,
        operator,
      })),
    ).toEqual(told);
  });

  it('stand in the fixture with their values, where values may be shown', () => {
    const patches = cycles.flatMap((cycle) => cycle.patches);
    const changes = patches.map(
      ({ old_value, new_value }) => `${toTomlText(old_value)} → ${toTomlText(new_value)}`,
    );
    expect(rows.filter(({ change }, i) => change !== HIDDEN && change !== changes[i])).toEqual([]);
    expect(rows.filter(({ change }) => change === HIDDEN).map(({ target }) => target)).toEqual([
      'live.api_keys.binance',
      'risk.stop_loss',
    ]);
  });

  it.each(cycles)('cycle $cycle: are decided as listed', ({ cycle, patches }) => {
    const manual = decideAll(patches, 'manual_only');
    const auto = decideAll(patches, 'bounded_auto');
    const decided = patches.map(({ target }) => ({
      target,
      manual_only: manual.get(target),
      bounded_auto: auto.get(target),
    }));
    const listed = rows
      .filter((row) => row.cycle === cycle)
      .map(({ target, manual_only, bounded_auto }) => ({ target, manual_only, bounded_auto }));
    expect(decided).toEqual(listed);
  });

  it.each(cycles)(
    'cycle $cycle: only bounded_auto writes auto.toml, and only the auto lane',
    ({ cycle, patches }) => {
      const lines = (mode: Mode): readonly string[] =>
        (
          runCycle(patches, policyText(patches, mode)).workTree.readText('config/live_overrides/auto.toml') ??
          ''
        )
          .split('\n')
          .filter((line) => line.startsWith('"'));
      expect(lines('manual_only')).toEqual([]);
      expect(lines('bounded_auto')).toEqual(cycle === 1 ? ['"portfolio.leverage" = 1.25'] : []);
    },
  );
});

describe('docs/operator-cycles.md', () => {
  it('holds the table of the fixture', () => {
    const table = read('../../../docs/operator-cycles.md')
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .join('\n');
    expect(table).toBe(formatDecisionTable(rows));
  });
});
