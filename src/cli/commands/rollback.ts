import type { World } from '../../compose.ts';
import { findReasonFaults } from '../../cycles/change-policy.ts';
import { rollback as runRollback } from '../../cycles/rollback.ts';
import type { RollbackAim } from '../../cycles/rollback-change.ts';
import { problem } from '../../kernel/problem.ts';
import { fail, ok, type Result } from '../../kernel/result.ts';
import { rollbackJson, rollbackText } from '../../reports/rollback-report.ts';
import { type ChangePlaceOptions, openChangePlace } from '../change-place.ts';
import { type Answer, answer, type CommonOptions, type Streams } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { withWorld } from '../with-world.ts';

interface RollbackOptions extends CommonOptions, ChangePlaceOptions {
  readonly target?: string;
  readonly to?: string;
  readonly all?: boolean;
  readonly reason?: string;
}

/** `peak rollback [PROPOSAL|--target T|--to REV|--all]`. */
export function rollback(args: string[], options: RollbackOptions, streams: Streams): Promise<ExitCode> {
  return withWorld(options, streams, (world) => {
    const aim = readAim(args[0], options);
    const faults = options.reason === undefined ? [] : findReasonFaults(options.reason);
    if (!aim.ok || faults.length > 0) return fail(...aim.problems, ...faults);
    return run(world, options, aim.value);
  });
}

function readAim(id: string | undefined, { target, to, all }: RollbackOptions): Result<RollbackAim> {
  const aims: RollbackAim[] = [
    ...(id === undefined ? [] : [{ kind: 'proposal', value: id } as const]),
    ...(target === undefined ? [] : [{ kind: 'target', value: target } as const]),
    ...(to === undefined ? [] : [{ kind: 'to', value: to } as const]),
    ...(all === true ? [{ kind: 'all', value: null } as const] : []),
  ];
  const [aim] = aims;
  if (aim !== undefined && aims.length === 1) return ok(aim);
  const reason = aim === undefined ? 'what is to be taken back is not said' : 'only one at a time';
  const hint =
    'peak rollback PROPOSAL, or --target TARGET, --to COMMIT, --all; peak history lists promotions';
  return fail(problem('ARGUMENT_INVALID', { argument: 'rollback:', reason, hint }));
}

async function run(world: World, options: RollbackOptions, aim: RollbackAim): Promise<Result<Answer>> {
  const place = await openChangePlace(world, options);
  if (!place.ok) return place;
  const report = await runRollback(place.value, await world.openRepository(), {
    aim,
    reason: options.reason ?? null,
    clock: world.clock,
    dryRun: options.dryRun === true,
  });
  return answer(report, (view) => ({
    json: () => rollbackJson(view),
    text: (style) => rollbackText(view, style),
    warnings: report.problems,
  }));
}
