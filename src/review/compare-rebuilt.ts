import type { Lane } from '../governance/index.ts';
import { AUTO_TOML_PATH } from '../kernel/governed-paths.ts';
import { type Judgement, judgingPolicy } from './judgement.ts';
import { MAX_LISTED } from './limits.ts';
import { differingTargets, readLiveState } from './live-state.ts';
import type { Rebuilt } from './loops.ts';
import { failed, type ReviewFinding } from './review-finding.ts';
import { shownParameter } from './shown-parameter.ts';
import type { Texts } from './snapshot.ts';

/** Where a head is not what was derived again, byte for byte: files that differ, are missing, or are too many. */
export function compareWithRebuilt(
  judgement: Judgement,
  rebuilt: Rebuilt,
  lane: Lane,
): readonly ReviewFinding[] {
  const { head, own } = judgement.snapshot;
  if (rebuilt.files.size === 0) return [failed('NOTHING_DERIVED', { observed: lane })];
  const findings: ReviewFinding[] = [];
  for (const [file, text] of rebuilt.files) {
    const found = head.texts.get(file);
    if (found === text) continue;
    if (!head.files.has(file)) findings.push(failed('FILE_MISSING', { file }));
    else findings.push(failed('FILE_DIFFERS', { file, line: firstDifference(found ?? '', text) }));
  }
  const extra = own.filter(({ path }) => isPart(judgement, path) && !rebuilt.files.has(path));
  findings.push(...extra.map(({ path }) => failed('FILE_EXTRA', { file: path })));
  return [...findings.slice(0, MAX_LISTED), ...compareValues(judgement, rebuilt.files)];
}

/** What is of another class was told by `structure`; evidence that goes, by `authentic`. */
function isPart({ places }: Judgement, path: string): boolean {
  const place = places.get(path)?.class;
  return place !== undefined && !['unrelated', 'machinery', 'reserved', 'policy', 'config'].includes(place);
}

/** The line, from 1, on which two texts first differ. */
function firstDifference(found: string, required: string): number {
  const lines = found.split('\n');
  const at = required.split('\n').findIndex((line, i) => line !== lines[i]);
  return (at === -1 ? lines.length - 1 : at) + 1;
}

/** The same about `auto.toml`, target by target: what an operator has to know first. */
function compareValues(judgement: Judgement, files: Texts): readonly ReviewFinding[] {
  if (judgement.snapshot.head.texts.get(AUTO_TOML_PATH) === files.get(AUTO_TOML_PATH)) return [];
  const policy = judgingPolicy(judgement);
  const overridesIn = (texts: Texts) => readLiveState(new Map(textOf(texts))).overrides;
  const found = overridesIn(judgement.snapshot.head.texts);
  const required = overridesIn(files);
  return differingTargets(found, required)
    .slice(0, MAX_LISTED)
    .map((target) =>
      failed('VALUE_DIFFERS', {
        file: AUTO_TOML_PATH,
        target,
        observed: shownParameter(target, found.get(target), policy),
        required: shownParameter(target, required.get(target), policy),
      }),
    );
}

function textOf(texts: Texts): [string, string][] {
  const text = texts.get(AUTO_TOML_PATH);
  return text === undefined ? [] : [[AUTO_TOML_PATH, text]];
}
