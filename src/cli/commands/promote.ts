import { readPolicyFile, type World } from '../../compose.ts';
import type { PolicyText } from '../../cycles/gather.ts';
import { type PromoteReport, type PromoteRequest, promoteCycle } from '../../cycles/promote.ts';
import type { Mode } from '../../governance/index.ts';
import { AUTO_TOML_PATH } from '../../kernel/governed-paths.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { type PromoteView, promoteJson, promoteText } from '../../reports/promote-report.ts';
import { type Answer, answer, type CommonOptions, progressOf, type Streams } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { openLocalHistory } from '../local-history.ts';
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
    options.policy === undefined ? ok(undefined) : readPolicyFile(options.policy);
  if (!policy.ok) return policy;
  const request: PromoteRequest = {
    clock: world.clock,
    requestedMode: options.autoApplyMode ?? null,
    ...(await openLocalHistory(world, policy.value)),
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
      ...report.gathered.warnings,
    };
  });
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
