import { EVIDENCE_PATH } from '../kernel/governed-paths.ts';
import { failed, type ReviewFinding } from './review-finding.ts';
import type { Snapshot, Texts } from './snapshot.ts';

/** The evidence that a change adds, by path. */
export function addedEvidence({ own, head }: Pick<Snapshot, 'own' | 'head'>): Texts {
  const texts = new Map<string, string>();
  for (const { path, before, after } of own) {
    const text = head.texts.get(path);
    if (path.startsWith(`${EVIDENCE_PATH}/`) && before === null && after !== null && text !== undefined)
      texts.set(path, text);
  }
  return texts;
}

/** Evidence or decisions that the change rewrites: never allowed; they are only ever added. */
export function findChangedEvidence(
  { own }: Pick<Snapshot, 'own'>,
  folders: readonly string[],
): readonly ReviewFinding[] {
  return own
    .filter(
      ({ path, before, after }) =>
        before !== null && after !== null && folders.some((f) => path.startsWith(`${f}/`)),
    )
    .map(({ path }) => failed('EVIDENCE_CHANGED', { file: path }));
}
