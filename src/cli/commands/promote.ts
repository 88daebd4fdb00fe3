import type { World } from '../../compose.ts';
import { type PolicyText, withMore } from '../../cycles/gather.ts';
import { type PromoteReport, type PromoteRequest, promoteCycle } from '../../cycles/promote.ts';
import type { Mode } from '../../governance/index.ts';
import { AppError } from '../../kernel/app-error.ts';
import { AUTO_TOML_PATH, LEARNING_OVERRIDE_PATH } from '../../kernel/governed-paths.ts';
import { problem } from '../../kernel/problem.ts';
import { fail, ok, type Result } from '../../kernel/result.ts';
import { type PromoteView, promoteJson, promoteText } from '../../reports/promote-report.ts';
import { type Answer, answer, type CommonOptions, progressOf, type Streams } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { openLocalHistory } from '../local-history.ts';
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
  const { warnings, ...base } = await openLocalHistory(world, options.root, policy.value);
  const request: PromoteRequest = {
    clock: world.clock,
    requestedMode: options.autoApplyMode ?? null,
    ...base,
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
      ...withMore(report.gathered.warnings, warnings),
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
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      const hint = 'cp config/promotion.toml FILE, and edit that';
      return fail(
        problem('ARGUMENT_INVALID', { argument: '--policy', reason: 'does not exist', hint }, { file }),
      );
    }
    throw unreadable(file, cause);
  }
}

function unreadable(file: string, cause: unknown): AppError {
  const { code } = cause as NodeJS.ErrnoException;
  return new AppError('FILE_SYSTEM', `cannot read ${file}: ${code}`, { cause });
}

function viewOf({
  gathered,
  mode,
  derivation,
  proposals,
  autoToml,
  overrideState,
}: PromoteReport): PromoteView {
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
    offline:
      overrideState === null
        ? null
        : {
            path: LEARNING_OVERRIDE_PATH,
            overrides: derivation.learningOverride.overrides.size,
            state: overrideState,
          },
    autoToml: {
      path: AUTO_TOML_PATH,
      before: autoToml.before ?? '',
      after: autoToml.after,
      state: autoToml.state,
    },
  };
}
