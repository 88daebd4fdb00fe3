import type { Verdict } from '../verdict.ts';
import {
  type AnnotatedTree,
  type CheckAnnotation,
  chunkAnnotations,
  listAnnotations,
} from './annotations.ts';
import { type CheckButton, listButtons } from './buttons.ts';
import { formatDetails, formatSummary } from './summary.ts';
import { formatCheckTitle } from './title.ts';

/** What a check says that a verdict does not hold. */
export interface CheckPlace extends AnnotatedTree {
  readonly isHeld: boolean;
  /** Under which this evaluation stands in the judge's logs. */
  readonly reference: string;
}

/** The `output` and `actions` of a check run of GitHub's, as data: every text is escaped and within GitHub's limits. */
export interface CheckRun {
  /** At most 255 characters; holds no text from outside. */
  readonly title: string;
  /** Markdown: the answer, the changed values, what stands against it, and what it is bound to. */
  readonly summary: string;
  /** Markdown: notes, folded; null for none. */
  readonly text: string | null;
  /** At most 50 in each: one request takes no more, the further ones are added by updating. At least one chunk. */
  readonly annotations: readonly (readonly CheckAnnotation[])[];
  readonly actions: readonly CheckButton[];
}

/** What the check on a pull request says of a verdict. Pure: the same verdict and place give the same bytes. */
export function buildCheckRun(verdict: Verdict, place: CheckPlace): CheckRun {
  return {
    title: formatCheckTitle(verdict, place.reference),
    summary: formatSummary(verdict, place.reference),
    text: formatDetails(verdict),
    annotations: chunkAnnotations(listAnnotations(verdict, place)),
    actions: listButtons(verdict.kind, place.isHeld),
  };
}
