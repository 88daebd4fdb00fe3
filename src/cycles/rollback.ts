import type { RollbackRecord } from '../governance/index.ts';
import { type History, type HistorySource, Ledgers, type Override, readHistory } from '../history/index.ts';
import { AUTO_TOML_PATH, GOVERNED_FILES } from '../kernel/governed-paths.ts';
import { type Problem, problem, warning } from '../kernel/problem.ts';
import { describeProblem } from '../kernel/problem-catalogue.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { formatScalar } from '../kernel/scalar.ts';
import { checkOverrides, listParameters, type OverrideFile, rawOverridesOf } from '../liveconfig/index.ts';
import {
  type ChangeBase,
  type ChangePlace,
  openChangeBase,
  type PlacedChange,
  placeChange,
} from './operator-change.ts';
import { findPendingRollback } from './pending-rollback.ts';
import { planWaysBack, type RollbackPlan, type RollbackScope, type WayBack } from './plan-ways-back.ts';
import { readMergedProposal } from './read-merged-proposal.ts';
import { readRevision } from './read-revision.ts';
import type { RevisionReader } from './revision-port.ts';
import {
  buildRollbackChange,
  buildRollbackRecord,
  type RollbackAim,
  type RollbackRequest,
} from './rollback-change.ts';
import { type EffectRow, effectOf, type LiveRow, liveRowsOf } from './rollback-effect.ts';
import {
  type LiveState,
  namedLayers,
  readLiveState,
  rebuildOverrides,
  toParameter,
} from './standing-overrides.ts';
import { targetHint } from './target-hint.ts';

/** What a rollback takes back, and what became of it. */
export interface RollbackReport {
  readonly aim: RollbackAim;
  /** Null where there is nothing to do; then `done` may say when it was done already. */
  readonly record: RollbackRecord | null;
  readonly done: RollbackPlan['done'];
  /** Null where the base configuration cannot be loaded. */
  readonly effect: readonly EffectRow[] | null;
  /** Number of overrides that stay. */
  readonly staying: number;
  readonly placed: PlacedChange | null;
  /** Where there is nothing to do: what live sessions load now, and an earlier rollback that is not committed yet. */
  readonly nothing: {
    readonly live: readonly LiveRow[] | null;
    readonly pending: string | null;
  } | null;
}

/** A repository whose history can be read. */
export type RollbackHistory = HistorySource & RevisionReader;

/**
 * Takes promotions back, key by key; what else was promoted stays. Needs the history, except for `all`; works without network, and with an
 * `auto.toml` or a base configuration that cannot be read, and says what that means. Writes nothing where there is nothing to do.
 */
export async function rollback(
  place: ChangePlace,
  source: RollbackHistory | null,
  request: RollbackRequest,
): Promise<Result<RollbackReport>> {
  const base = await openChangeBase(place, GOVERNED_FILES, namedLayers);
  if (!base.ok) return base;
  if (!(await isGoverned(source, base.value))) return fail(problem('NOT_GOVERNED'));
  const past = await readPast(source, base.value, request);
  if (!past.ok) return past;
  const state = readLiveState(base.value);
  const file = state.file ?? rebuildOverrides(past.value.ledgers, state);
  const overrides = rawOverridesOf(file);
  const scope = await scopeOf(source, base.value, request);
  if (!scope.ok) return scope;
  const plan = planWaysBack(scope.value, { ...past.value, overrides });
  if (!plan.ok) return plan;
  const { ways, noted, done } = plan.value;
  const isNothing = ways.length === 0 && noted.length === 0;
  const report = { aim: request.aim, done };
  if (isNothing && (state.file !== null || request.aim.kind !== 'all')) {
    const nothing = await tellNothing(place, base.value, { state, aim: request.aim });
    if (!nothing.ok) return nothing;
    const none = { record: null, effect: [], staying: overrides.size, placed: null };
    return ok({ ...report, ...none, nothing: nothing.value }, past.problems);
  }
  const carried = carryOut(file, ways, state);
  const record = buildRollbackRecord(request, base.value.commit, {
    plan: plan.value,
    before: file,
    after: carried.file,
    state,
  });
  const change = buildRollbackChange(record, carried.file, state);
  const placed = await placeChange(place, change, { ...request, base: base.value });
  if (!placed.ok) return placed;
  const effect = effectIn(state, carried.file, ways);
  const problems = [
    ...past.problems,
    ...carried.problems,
    ...warningsOf(state, effect, request.aim.kind === 'all' ? carried.file : file),
  ];
  const staying = [...carried.file.overrides.keys()].filter((target) =>
    ways.every((way) => way.target !== target),
  ).length;
  return ok({ ...report, record, effect, staying, placed: placed.value, nothing: null }, problems);
}

/** "Nothing to take back" must not be said of a folder that no session loads from. What is only gone from the work tree is governed. */
async function isGoverned(source: RollbackHistory | null, { read, commit }: ChangeBase): Promise<boolean> {
  if (GOVERNED_FILES.some((path) => read(path) !== null)) return true;
  return source !== null && commit !== null && (await source.list(commit, GOVERNED_FILES)).length > 0;
}

/** What there is to say where nothing is taken back; a mistyped target fails. */
async function tellNothing(
  place: ChangePlace,
  { commit }: ChangeBase,
  { state, aim }: { readonly state: LiveState; readonly aim: RollbackAim },
): Promise<Result<NonNullable<RollbackReport['nothing']>>> {
  const target = aim.kind === 'target' ? aim.value : null;
  const fault = target === null ? null : findUnknownTarget(target, state);
  if (fault !== null) return fail(fault);
  return ok({ live: liveRowsOf(state, target), pending: await findPendingRollback(place, commit, aim) });
}

/** A mistyped target must not look like one that was taken back. Where the base configuration cannot be read, it is not known. */
function findUnknownTarget(target: string, { tree }: LiveState): Problem | null {
  if (tree === null) return null;
  const known = [...listParameters(tree).keys()];
  if (known.includes(target)) return null;
  const hint = targetHint(target, known, 'peak config show lists all; peak history lists what was ever live');
  return problem('ARGUMENT_INVALID', {
    argument: `--target "${target}"`,
    reason: 'names no parameter',
    hint,
  });
}

type Past = Pick<History, 'events' | 'ledgers'>;

/** Emptying the table needs no history: where there is none that can be read, that is only said. */
async function readPast(
  source: RollbackHistory | null,
  { commit }: ChangeBase,
  { aim, clock }: RollbackRequest,
): Promise<Result<Past>> {
  const none = { events: [], ledgers: new Ledgers(new Map()) };
  if (source === null || commit === null) {
    const hint = 'what was promoted stands in its history; peak rollback --all needs none';
    const fault = source === null ? problem('NOT_A_REPOSITORY', { hint }) : problem('NO_COMMIT');
    return aim.kind === 'all' ? ok(none) : fail(fault);
  }
  const history = await readHistory(source, {
    head: commit,
    now: clock,
    since: null,
    readProposal: readMergedProposal,
  });
  if (history.ok || aim.kind !== 'all') return history;
  return ok(
    none,
    history.problems.map((found): Problem => ({ ...found, severity: 'warning' })),
  );
}

async function scopeOf(
  source: RollbackHistory | null,
  { commit }: ChangeBase,
  { aim, clock }: RollbackRequest,
): Promise<Result<RollbackScope>> {
  switch (aim.kind) {
    case 'proposal':
      return ok({ kind: 'proposal', id: aim.value });
    case 'target':
      return ok({ kind: 'target', target: aim.value });
    case 'all':
      return ok({ kind: 'all' });
    case 'to': {
      const revision = aim.value;
      if (source === null || commit === null) return fail(problem('NOT_A_REPOSITORY'));
      const found = await readRevision(source, '--to', revision);
      if (!found.ok) return found;
      const oid = found.value;
      const line = await source.firstParents(commit);
      if (!line.commits.some(({ id }) => id === oid)) return fail(problem('ROLLBACK_FOREIGN', { revision }));
      const then = await readHistory(source, {
        head: oid,
        now: clock,
        since: null,
        readProposal: readMergedProposal,
      });
      return then.ok ? ok({ kind: 'to', revision, settledThen: then.value.ledgers }) : then;
    }
  }
}

interface CarriedOut {
  readonly file: OverrideFile;
  readonly problems: readonly Problem[];
}

/** The overrides after the ways back. What a session would ignore now disappears: the value that it loads is the same, and nothing odd is left. */
function carryOut(file: OverrideFile, ways: readonly WayBack[], { tree }: LiveState): CarriedOut {
  const overrides = new Map(file.overrides);
  for (const { target, to } of ways) {
    const parameter = toParameter(to);
    if (parameter === null) overrides.delete(target);
    else overrides.set(target, parameter);
  }
  const restored = ways.flatMap(({ target, to }): [string, NonNullable<Override>][] =>
    to === undefined ? [] : [[target, to]],
  );
  const { ignored } =
    tree === null ? { ignored: [] } : checkOverrides(tree, new Map(restored), AUTO_TOML_PATH);
  for (const { target } of ignored) overrides.delete(target);
  return {
    file: { ...file, slots: new Set([...file.slots, ...ways.map(({ target }) => target)]), overrides },
    problems: ignored.map(({ target }) => warning('ROLLBACK_DROPPED', { target }, { file: AUTO_TOML_PATH })),
  };
}

function effectIn(
  state: LiveState,
  file: OverrideFile,
  ways: readonly WayBack[],
): readonly EffectRow[] | null {
  const { tree, policy, loaded } = state;
  if (tree === null) return null;
  const after = rawOverridesOf(file);
  return effectOf({ tree, policy }, loaded, after, new Set(ways.map(({ target }) => target)));
}

function warningsOf(
  state: LiveState,
  effect: readonly EffectRow[] | null,
  file: OverrideFile,
): readonly Problem[] {
  const count = String(file.overrides.size);
  const rebuilt =
    state.file === null ? [warning('ROLLBACK_REBUILT', { count }, { file: AUTO_TOML_PATH })] : [];
  const [first] = state.problems;
  const unknown =
    first === undefined
      ? []
      : [
          warning(
            'EFFECT_UNKNOWN',
            { reason: describeProblem(first.code, first.args).message },
            { file: first.file ?? '' },
          ),
        ];
  const riskier = (effect ?? []).flatMap(({ target, before, after, riskier: isRiskier }) => {
    if (isRiskier !== true || before === null || after === null) return [];
    const args = {
      target,
      before: formatScalar(before.value, before.type),
      after: formatScalar(after.value, after.type),
    };
    return [warning('ROLLBACK_RISKIER', args)];
  });
  return [...rebuilt, ...unknown, ...riskier];
}
