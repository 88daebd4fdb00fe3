import { nearestWord } from '../kernel/text/nearest.ts';

/** Advice about a target that nobody knows: the nearest one that is known, else what is said otherwise. */
export function targetHint(target: string, known: Iterable<string>, otherwise: string): string {
  const near = nearestWord(target, [...known]);
  return near === null ? otherwise : `did you mean ${near}?`;
}
