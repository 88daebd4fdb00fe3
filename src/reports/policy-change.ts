import { POLICY_PATH } from '../kernel/governed-paths.ts';
import { lineDiff } from './line-diff.ts';
import type { PlacedView } from './placed-change.ts';
import { placedJson, placedText } from './placed-change.ts';
import type { Style } from './style.ts';

/** An edit of the policy, and what became of it; `placed` is null where the policy said so already. */
export interface PolicyChangeView {
  readonly action: { readonly kind: string; readonly mode?: string; readonly target?: string };
  readonly edit: {
    readonly before: string;
    readonly after: string;
    readonly direction: 'tightening' | 'loosening';
  };
  readonly placed: PlacedView | null;
}

export function policyChangeJson({ action, edit, placed }: PolicyChangeView) {
  const { kind, mode, target } = action;
  return {
    action: kind,
    mode,
    target,
    direction: placed === null ? null : edit.direction,
    ...placedJson(placed),
  };
}

/** The lines that change, who has to agree, and what to do next. */
export function policyChangeText({ edit, placed }: PolicyChangeView, style: Style): string {
  if (placed === null) return `${POLICY_PATH} says so already; nothing was changed.`;
  const agree =
    edit.direction === 'tightening'
      ? 'It tightens the policy: an operator needs nobody else.'
      : 'It loosens the policy: it needs the approvals of [approvals] policy_loosening.';
  return [
    style.bold(POLICY_PATH),
    lineDiff(edit.before, edit.after, style),
    '',
    agree,
    placedText(placed, style),
  ].join('\n');
}
