import type { ChangeKind } from '../classify.ts';

/** A button below a check run: label and identifier of at most 20 characters, description of at most 40 (github-facts.md C.1). */
export interface CheckButton {
  readonly label: string;
  readonly identifier: 'recheck' | 'hold' | 'release' | 'disable';
  readonly description: string;
}

const BUTTONS: Readonly<Record<CheckButton['identifier'], CheckButton>> = {
  recheck: { label: 'Recheck', identifier: 'recheck', description: 'Judge this pull request again now' },
  hold: { label: 'Hold', identifier: 'hold', description: 'Stop this promotion until a release' },
  release: { label: 'Release', identifier: 'release', description: 'End the hold of this promotion' },
  disable: { label: 'Disable', identifier: 'disable', description: 'Killswitch: stop every promotion' },
};

/** The buttons of a check, at most 3. Only promotions can be held; a hold that stands can always be ended. */
export function listButtons(kind: ChangeKind | null, isHeld: boolean): readonly CheckButton[] {
  const holding = isHeld ? [BUTTONS.release] : kind === 'promotion' ? [BUTTONS.hold] : [];
  return [BUTTONS.recheck, ...holding, BUTTONS.disable];
}
