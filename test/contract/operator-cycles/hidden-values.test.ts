import { describe, expect, it } from 'vitest';
import { BASE_CONFIG_PATH, EVIDENCE_PATH } from '../../../src/kernel/governed-paths.ts';
import { Evidence } from '../../../src/learning/index.ts';
import { formatProblem } from '../../../src/reports/problem-text.ts';
import { CLOCK, type CycleRun, policyText, readCycles, replaceOnce, runCycle } from './operator-cycles.ts';

const KEY = 'live.api_keys.binance';
const SECRET = /old_key|new_key/;
const patches = readCycles().find(({ cycle }) => cycle === 10)?.patches ?? [];

/** Everything that a run wrote; the base configuration and the evidence are what people gave it. */
function writtenBy({ workTree }: CycleRun): ReadonlyMap<string, string> {
  const given = (path: string) => path === BASE_CONFIG_PATH || path.startsWith(`${EVIDENCE_PATH}/`);
  return new Map([...workTree.files].filter(([path]) => !given(path)));
}

const shipped = policyText(patches, 'bounded_auto');
const policies = [
  { name: 'shipped, manual_only', text: policyText(patches, 'manual_only') },
  { name: 'shipped, bounded_auto', text: shipped },
  { name: 'shipped, disabled', text: policyText(patches, 'disabled') },
  {
    name: 'an empty never-list',
    text: replaceOnce(shipped, /^targets = \["risk\.stop_loss".*$/m, 'targets = []'),
  },
  {
    name: 'bounds for the key',
    text: `${shipped}\n[bounds."${KEY}"]\nmin = 0\nmax = 1\nmax_step = 1\n`,
  },
];

describe('the API key of cycle 10', () => {
  it.each(policies)('is rejected by policy: $name', ({ text }) => {
    const { decisions } = runCycle(patches, text).report.derivation;
    const decision = decisions.find(({ candidate }) => candidate.patch.target === KEY);
    expect(decision).toMatchObject({ status: 'REJECTED_BY_POLICY', lane: null, planned: '[redacted]' });
  });

  it.each(policies)('has its values in nothing that is written: $name', ({ text }) => {
    const run = runCycle(patches, text);
    const written = writtenBy(run);
    expect([...written].filter(([, content]) => SECRET.test(content))).toEqual([]);
    expect(run.report.gathered.warnings.warnings).toEqual([]);
    if (run.report.mode.mode !== 'disabled') expect(written.size).toBeGreaterThan(3);
  });

  it('is seen by this test when it is shown: the evidence and the base configuration hold it', () => {
    const { workTree } = runCycle(patches, shipped);
    const holders = [...workTree.files].filter(([, content]) => SECRET.test(content)).map(([path]) => path);
    expect(holders.sort()).toEqual([BASE_CONFIG_PATH, `${EVIDENCE_PATH}/operator-patches.json`]);
  });
});

describe('problems with the evidence of a key', () => {
  const broken: readonly (readonly [name: string, text: string])[] = [
    ['a list as value', `{"target":"${KEY}","new_value":["new_key"]}`],
    ['an object as value', `{"target":"${KEY}","new_value":{"key":"new_key"}}`],
    ['the key as confidence', `{"target":"${KEY}","new_value":1,"confidence":"new_key"}`],
    ['the key as date', `{"target":"${KEY}","new_value":1,"created_at":"new_key"}`],
    ['the key as tag', `{"target":"${KEY}","new_value":1,"tags":["new_key!"]}`],
    ['the key as sample size', `{"target":"${KEY}","new_value":1,"sample_size":"new_key"}`],
    ['the key as status', `{"target":"${KEY}","new_value":1,"status":["new_key"]}`],
    ['cut off inside the key', `{"target":"${KEY}","new_value":"new_key`],
    ['no JSON around the key', `{"target":"${KEY}","new_value":new_key}`],
    ['no signal around the key', '["new_key"]'],
  ];

  it.each(broken)('%s: do not tell the key', (_, text) => {
    for (const read of [readAsDocument, readAsLine]) {
      const problems = read(text);
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.map((found) => formatProblem(found)).join('\n')).not.toMatch(SECRET);
      expect(JSON.stringify(problems)).not.toMatch(SECRET);
    }
  });

  function readAsDocument(text: string): Evidence['problems'] {
    const evidence = new Evidence(CLOCK);
    evidence.addDocument(evidence.addFile('a.json', null), text);
    return evidence.problems;
  }

  function readAsLine(text: string): Evidence['problems'] {
    const evidence = new Evidence(CLOCK);
    evidence.addLine(evidence.addFile('a.jsonl', null), 1, text, true);
    return evidence.problems;
  }
});
