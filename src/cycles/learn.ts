import { deriveLearning, type LearningDerivation } from '../governance/index.ts';
import { LEARNING_OVERRIDE_PATH } from '../kernel/governed-paths.ts';
import { ok, type Result } from '../kernel/result.ts';
import { formatOverrideFile } from '../liveconfig/index.ts';
import { type Gathered, type GatherOptions, gather } from './gather.ts';
import type { WorkTree } from './work-tree-port.ts';

/** What became of a file: written, already right, or not written because of `--dry-run`. */
export type WriteState = 'written' | 'unchanged' | 'dry_run';

/** The outcome of the learning loop. */
export interface LearnReport {
  readonly gathered: Gathered;
  readonly learned: LearningDerivation;
  readonly overrideText: string;
  readonly overrideState: WriteState;
}

export interface LearnRequest extends GatherOptions {
  readonly dryRun: boolean;
}

/** System 1: evidence → patches → `learning.override.toml`. */
export function learnCycle(workTree: WorkTree, request: LearnRequest): Result<LearnReport> {
  const run = (): Result<LearnReport> => {
    const gathered = gather(workTree, request);
    if (!gathered.ok) return gathered;
    const learned = deriveLearning({ ...gathered.value, clock: request.clock });
    const overrideText = formatOverrideFile(learned.learningOverride);
    const overrideState = writeWhenChanged(
      workTree,
      LEARNING_OVERRIDE_PATH,
      gathered.value.learningOverrideText,
      overrideText,
      request.dryRun,
    );
    return ok({ gathered: gathered.value, learned, overrideText, overrideState });
  };
  return request.dryRun ? run() : workTree.exclusively(run);
}

/** Writes a file unless it holds the text already. */
export function writeWhenChanged(
  workTree: WorkTree,
  path: string,
  before: string | null,
  after: string,
  dryRun: boolean,
): WriteState {
  if (before === after) return 'unchanged';
  if (dryRun) return 'dry_run';
  workTree.write(path, after);
  return 'written';
}
