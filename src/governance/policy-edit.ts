import { POLICY_PATH } from '../kernel/governed-paths.ts';
import { formatInstant, type Instant } from '../kernel/instant.ts';
import { type Problem, problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { isTable, parseToml } from '../liveconfig/index.ts';
import { parsePolicy } from './policy.ts';
import { MODES, type Mode } from './policy-schema.ts';
import { editToml, type TomlEdit } from './toml-edit.ts';

/** What an operator asks of the policy. `until`: when the hold ends; null: when somebody releases it. */
export type PolicyAction =
  | { readonly kind: 'mode'; readonly mode: Mode }
  | {
      readonly kind: 'hold';
      readonly target: string;
      readonly reason: string;
      readonly until: Instant | null;
    }
  | { readonly kind: 'release'; readonly target: string; readonly reason: string };

/** A policy text with an action carried out. Equal texts: it held already. */
export interface PolicyEdit {
  readonly before: string;
  readonly after: string;
  /** Whether the policy allows less afterwards, or may allow more: that decides who has to agree (judge.md §3). */
  readonly direction: 'tightening' | 'loosening';
  /** Null where the policy named no mode that there is. */
  readonly modeBefore: Mode | null;
}

/**
 * Carries out an action on a policy text, byte for byte (`editToml`). The result is a valid policy, or there is none; only the
 * killswitch also goes into a policy that has other errors, which become warnings: a way to stop must not wait for a repair.
 */
export function editPolicy(text: string | null, action: PolicyAction, now: Instant): Result<PolicyEdit> {
  if (text === null) return fail(problem('POLICY_MISSING', {}, { file: POLICY_PATH }));
  const edits = editsFor(action, now);
  let after = text;
  for (const edit of edits) {
    const edited = editToml(after, edit, POLICY_PATH);
    if (!edited.ok) return edited;
    after = edited.value;
  }
  const modeBefore = modeOf(text);
  const valid = parsePolicy(after);
  const isKillswitch = action.kind === 'mode' && action.mode === 'disabled';
  if (!valid.ok && !isKillswitch) return valid;
  const isUnchanged = action.kind === 'mode' && modeBefore === action.mode;
  return ok(
    {
      before: text,
      after: isUnchanged ? text : after,
      direction: directionOf(action, modeBefore),
      modeBefore,
    },
    valid.problems.map((found): Problem => ({ ...found, severity: 'warning' })),
  );
}

function editsFor(action: PolicyAction, now: Instant): readonly TomlEdit[] {
  switch (action.kind) {
    case 'mode':
      return [{ path: ['promotion', 'mode'], value: action.mode }];
    case 'hold': {
      const until = action.until === null ? {} : { until: formatInstant(action.until) };
      const value = { reason: action.reason, since: formatInstant(now), ...until };
      return [{ path: ['holds', action.target], value }];
    }
    case 'release':
      return [
        { path: ['holds', action.target], value: null },
        { path: ['releases', action.target], value: { at: formatInstant(now), reason: action.reason } },
      ];
  }
}

/** The mode that a text says, also where the rest of it is no valid policy. */
export function modeOf(text: string): Mode | null {
  const document = parseToml(text, POLICY_PATH);
  const promotion =
    document.ok && Object.hasOwn(document.value, 'promotion') ? document.value['promotion'] : undefined;
  const mode = isTable(promotion) && Object.hasOwn(promotion, 'mode') ? promotion['mode'] : undefined;
  return MODES.find((known) => known === mode) ?? null;
}

/** A mode that is not known allows nothing, so leaving it for one that is known can only allow more. */
function directionOf(action: PolicyAction, modeBefore: Mode | null): PolicyEdit['direction'] {
  if (action.kind !== 'mode') return action.kind === 'hold' ? 'tightening' : 'loosening';
  const isLooser = MODES.indexOf(action.mode) > (modeBefore === null ? -1 : MODES.indexOf(modeBefore));
  return isLooser && action.mode !== 'disabled' ? 'loosening' : 'tightening';
}
