import { type AutoApplyPolicy, parsePolicy } from '../governance/index.ts';
import type { FileChange } from '../history/index.ts';
import { AUTO_TOML_PATH, BASE_CONFIG_PATH, POLICY_PATH } from '../kernel/governed-paths.ts';
import { type AuditedCommit, deviate } from './audited-commit.ts';
import type { Deviation } from './deviation.ts';
import { type LiveState, readLiveState } from './live-state.ts';
import type { ReviewFinding } from './review-finding.ts';
import { findLiveFaults } from './rules/live.ts';

/** What a line changed of the files that a session loads, one step for each commit, from its beginning. */
export interface LiveStep {
  readonly commit: AuditedCommit;
  /** Whether the policy governs it; before, only the files are followed. */
  readonly isGoverned: boolean;
}

/**
 * Whatever a live session would have loaded after each commit kept every hard limit, compiled in and of the policy before it; and held
 * nothing new that a session refuses. `textOf` answers the text of a stored file, null where it has none.
 */
export function auditLive(
  steps: readonly LiveStep[],
  textOf: (oid: string) => string | null,
): readonly Deviation[] {
  const files = new Map<string, string>();
  const policyOf = readPolicies();
  let loaded: Loaded | null = null;
  return steps.flatMap(({ commit, isGoverned }) => {
    takeFiles(files, commit.files);
    const isTouched = loaded === null || commit.files.some(({ path }) => loaded?.paths.includes(path));
    if (!isGoverned || !isTouched) return [];
    const before = loaded?.state ?? readLiveState(new Map());
    loaded = load(files, textOf, policyOf);
    const policy = policyOf(commit.policy.before ?? commit.policy.after);
    const faults = findLiveFaults(before, loaded.state, policy);
    return deviationsOf(
      commit,
      faults.filter(({ outcome }) => outcome === 'failed'),
    );
  });
}

/** What a session would load, and the files that it would load it from. */
interface Loaded {
  readonly state: LiveState;
  readonly paths: readonly string[];
}

/** Any file can be a layer some day, so all are followed. */
function takeFiles(files: Map<string, string>, changes: readonly FileChange[]): void {
  for (const { path, after } of changes) {
    if (after?.mode.startsWith('100') === true) files.set(path, after.oid);
    else files.delete(path);
  }
}

type PolicyOf = (text: string | null) => AutoApplyPolicy | null;

/** Each version of the policy is read once; a line has few. */
function readPolicies(): PolicyOf {
  const known = new Map<string | null, AutoApplyPolicy | null>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const parsed = parsePolicy(text);
    known.set(text, parsed.ok ? parsed.value : null);
    return parsed.ok ? parsed.value : null;
  };
}

function load(
  files: ReadonlyMap<string, string>,
  textOf: (oid: string) => string | null,
  policyOf: PolicyOf,
): Loaded {
  const read = (path: string) => textOf(files.get(path) ?? '');
  const layers = policyOf(read(POLICY_PATH))?.config.layers ?? [];
  const paths = [POLICY_PATH, BASE_CONFIG_PATH, AUTO_TOML_PATH, ...layers];
  const texts = paths.flatMap((path): [string, string][] => {
    const text = read(path);
    return text === null ? [] : [[path, text]];
  });
  return { state: readLiveState(new Map(texts)), paths };
}

function deviationsOf(commit: AuditedCommit, faults: readonly ReviewFinding[]): readonly Deviation[] {
  const limits = faults.filter(isLimit);
  const others = faults.filter((fault) => !isLimit(fault));
  return [
    ...(limits.length === 0 ? [] : [deviate(commit, 'HARD_LIMIT', { findings: limits })]),
    ...(others.length === 0 ? [] : [deviate(commit, 'LIVE_INVALID', { findings: others })]),
  ];
}

function isLimit({ code, problem }: ReviewFinding): boolean {
  return (
    code === 'HARD_LIMIT' || problem?.code === 'BASE_HARD_LIMIT' || problem?.code === 'OVERRIDE_HARD_LIMIT'
  );
}
