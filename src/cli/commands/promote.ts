import type { World } from '../../compose.ts';
import type { PolicyText } from '../../cycles/gather.ts';
import { type PromoteReport, type PromoteRequest, promoteCycle } from '../../cycles/promote.ts';
import { readLocalHistory } from '../../cycles/read-history-view.ts';
import type { Mode } from '../../governance/index.ts';
import { AppError } from '../../kernel/app-error.ts';
import { AUTO_TOML_PATH } from '../../kernel/governed-paths.ts';
import { type Problem, problem, warning } from '../../kernel/problem.ts';
import { fail, ok, type Result } from '../../kernel/result.ts';
import { type PromoteView, promoteJson, promoteText } from '../../reports/promote-report.ts';
import { type Answer, answer, type CommonOptions, progressOf, type Streams } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { readNamedText, tooLarge } from '../read-named-text.ts';
import { withWorld } from '../with-world.ts';

export interface PromoteOptions extends CommonOptions {
  readonly autoApplyMode?: Mode;
  readonly policy?: string;
}

/** `peak promote`. */
export function promote(_: string[], options: PromoteOptions, streams: Streams): Promise<ExitCode> {
  return withWorld(options, streams, (world) => promoteLocally(world, options, streams, false));
}

/** Both loops in the work tree. "What if" (`--policy`) writes nothing. */
export async function promoteLocally(
  world: World,
  options: PromoteOptions,
  streams: Streams,
  writeOverride: boolean,
): Promise<Result<Answer>> {
  const policy: Result<PolicyText | undefined> =
    options.policy === undefined ? ok(undefined) : readPolicy(options.policy);
  if (!policy.ok) return policy;
  const base = await findBase(world, options.root);
  const request: PromoteRequest = {
    clock: world.clock,
    requestedMode: options.autoApplyMode ?? null,
    baseCommit: base.commit,
    history: await readLocalHistory(base.repository, base.commit, world, policy.value),
    dryRun: options.dryRun === true || policy.value !== undefined,
    writeOverride,
    policy: policy.value,
    onProgress: progressOf(streams),
  };
  return answer(promoteCycle(world.workTree, request), (report) => {
    const view = viewOf(report);
    return {
      json: () => promoteJson(view),
      text: (style) => promoteText(view, style),
      warnings: [...base.warnings, ...report.gathered.warnings.warnings],
      warningCount: base.warnings.length + report.gathered.warnings.warningCount,
    };
  });
}

/** A policy that is not the governed one, for "what if". */
function readPolicy(file: string): Result<PolicyText> {
  try {
    const text = readNamedText(file);
    return text === null ? fail(tooLarge('--policy', { file })) : ok({ file, text });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return fail(problem('POLICY_MISSING', {}, { file }));
    throw unreadable(file, cause);
  }
}

function unreadable(file: string, cause: unknown): AppError {
  const { code } = cause as NodeJS.ErrnoException;
  return new AppError('FILE_SYSTEM', `cannot read ${file}: ${code}`, { cause });
}

/** The repository and its HEAD, null outside of Git. A repository that git refuses to read for its owner counts as none, and is named. */
async function findBase(world: World, root: string): Promise<FoundBase> {
  try {
    const repository = await world.openRepository();
    return { repository, commit: (await repository?.resolve('HEAD')) ?? null, warnings: [] };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'GIT_REFUSED') throw error;
    const args = { reason: error.message, hint: error.hint ?? '' };
    return {
      repository: null,
      commit: null,
      warnings: [warning('BASE_COMMIT_UNKNOWN', args, { file: root })],
    };
  }
}

interface FoundBase {
  readonly repository: Awaited<ReturnType<World['openRepository']>>;
  readonly commit: string | null;
  readonly warnings: readonly Problem[];
}

function viewOf({ gathered, mode, derivation, proposals, autoToml }: PromoteReport): PromoteView {
  return {
    evidence: gathered.evidence,
    mode,
    derivation,
    proposals: proposals.map(({ proposal, id, path, state }) => ({
      id,
      path,
      state,
      lane: proposal.lane,
      changeSetDigest: proposal.changeSetDigest,
      changes: proposal.changes.length,
    })),
    autoToml: {
      path: AUTO_TOML_PATH,
      before: autoToml.before ?? '',
      after: autoToml.after,
      state: autoToml.state,
    },
  };
}
