import type { Clone } from '../github/github-place.ts';
import { type JudgePlace, type JudgePlaceOptions, judgePlace } from './judge-place.ts';

/** A place with the promotion that the sample evidence leads to, opened by the publisher and judged once; and a clone. */
export async function proposedPlace(
  options: JudgePlaceOptions = {},
): Promise<{ readonly place: JudgePlace; readonly number: number; readonly clone: Clone }> {
  const place = await judgePlace(options);
  const clone = await place.clone();
  await clone.published();
  await place.settled();
  const [pull] = await place.pulls();
  if (pull === undefined) throw new Error('nothing was proposed');
  return { place, number: pull.number, clone };
}
