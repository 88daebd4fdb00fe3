import type { Outcome } from './review-finding.ts';
import type { ChangedValue, Conclusion, Verdict } from './verdict.ts';

/** What a conclusion means, for every surface. */
export const CONCLUSION_WORDS: Readonly<Record<Conclusion, string>> = {
  success: 'success: may be merged',
  failure: 'failure: must not be merged as it is',
  action_required: 'action required: may not be merged yet',
};

/** What an outcome is called, for every surface. */
export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  passed: 'holds',
  noted: 'noted',
  waits: 'waits',
  undetermined: 'not determined',
  failed: 'refused',
};

/** Whether an outcome stands against nothing. */
export function isMild(outcome: Outcome): boolean {
  return outcome === 'passed' || outcome === 'noted';
}

/** `promotion, manual lane`. What claims to be a way back and is none is called by what it does. */
export function describeClass({ kind, lane, rules }: Pick<Verdict, 'kind' | 'lane' | 'rules'>): string {
  const isByHand = rules.some(({ findings }) => findings.some(({ code }) => code === 'NOT_A_ROLLBACK'));
  const name = isByHand ? 'override by hand' : kind;
  const what = name === null ? 'not determined' : name.replaceAll('_', ' ');
  return lane === null ? what : `${what}, ${lane} lane`;
}

/** `0.25 of 0.5`, as far as it is known; '' for what is no number. */
export function describeStep({ step, maxStep }: Pick<ChangedValue, 'step' | 'maxStep'>): string {
  if (step === null) return '';
  return maxStep === null ? step : `${step} of ${maxStep}`;
}

/** `1 reason`, `2 reasons`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
