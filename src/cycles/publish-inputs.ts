import { parsePolicy } from '../governance/index.ts';
import type { CommitLog } from '../history/index.ts';
import {
  AUTO_TOML_PATH,
  BASE_CONFIG_PATH,
  DECISIONS_PATH,
  EVIDENCE_PATH,
  LEARNING_OVERRIDE_PATH,
  POLICY_PATH,
  PROPOSALS_PATH,
} from '../kernel/governed-paths.ts';
import { type Problem, problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { isEvidencePath, readCommitted, type Texts } from './committed-files.ts';
import type { GitRepository, TreeFile } from './git-port.ts';
import { collectNewEvidence } from './new-evidence.ts';
import type { Survey } from './publishing-port.ts';
import type { WorkTree } from './work-tree-port.ts';

/** Everything that a published cycle derives from. */
export interface PublishInputs {
  /** The files of the base. */
  readonly committed: ReadonlyMap<string, TreeFile>;
  /** Evidence that the base does not have. */
  readonly evidence: Texts;
  /** All governed texts of the base, and the new evidence. */
  readonly texts: Texts;
  readonly overrideModified: boolean;
  readonly warnings: readonly Problem[];
}

/** Reads the base commit, our branches and the new evidence, and refuses a work tree whose governed files differ from HEAD. */
export async function readPublishInputs(
  git: GitRepository & CommitLog,
  workTree: WorkTree,
  survey: Pick<Survey, 'base' | 'heads'>,
): Promise<Result<PublishInputs>> {
  const { base } = survey;
  const committed = await readCommitted(git, base, [''], isGovernedText);
  const policy = parsePolicy(committed.texts.get(POLICY_PATH) ?? null);
  if (!policy.ok) return policy;
  const { layers } = policy.value.config;
  const isEvidence = (path: string) => path.startsWith(`${EVIDENCE_PATH}/`);
  const isGoverned = (path: string) => isGovernedText(path) || layers.includes(path);
  const layerTexts = await readCommitted(git, base, layers, () => true);
  const changes = await git.changes([...GOVERNED_PREFIXES, ...layers]);
  const fresh = await collectNewEvidence(
    { git, workTree, survey },
    { committed: committed.files, changes, policy: policy.value },
  );
  const dirty = changes.filter(({ path, state }) =>
    state === 'modified' ? isGoverned(path) || isRecord(path) : isGoverned(path) && !isEvidencePath(path),
  );
  const problems = [
    ...committed.problems.filter(({ file = '' }) => isGoverned(file) && !isEvidence(file)),
    ...fresh.problems,
    ...modifiedFaults(dirty.map(({ path }) => path).filter((path) => path !== LEARNING_OVERRIDE_PATH)),
  ];
  if (problems.length > 0) return fail(...problems);
  return ok({
    committed: committed.files,
    evidence: fresh.texts,
    texts: new Map([...committed.texts, ...layerTexts.texts, ...fresh.texts]),
    overrideModified: dirty.some(({ path }) => path === LEARNING_OVERRIDE_PATH),
    warnings: [...committed.problems.filter(({ file = '' }) => isEvidence(file)), ...fresh.warnings],
  });
}

const GOVERNED_PREFIXES = [
  POLICY_PATH,
  BASE_CONFIG_PATH,
  AUTO_TOML_PATH,
  LEARNING_OVERRIDE_PATH,
  EVIDENCE_PATH,
  PROPOSALS_PATH,
  DECISIONS_PATH,
];

/** The texts that the loops derive from. */
function isGovernedText(path: string): boolean {
  return (
    [POLICY_PATH, BASE_CONFIG_PATH, AUTO_TOML_PATH, LEARNING_OVERRIDE_PATH].includes(path) ||
    isEvidencePath(path)
  );
}

/** Committed proposals and decisions are immutable; untracked ones are what local runs leave behind. */
function isRecord(path: string): boolean {
  return path.startsWith(`${PROPOSALS_PATH}/`) || path.startsWith(`${DECISIONS_PATH}/`);
}

/** Problems of governed files that differ from the commit. */
export function modifiedFaults(paths: readonly string[]): readonly Problem[] {
  return paths.map((path) => problem('GOVERNED_FILE_MODIFIED', {}, { file: path }));
}
