import type { Instant } from '../kernel/instant.ts';
import type { LineCommit } from './commit-log.ts';

/**
 * When each commit of a line came onto it, as far as claimed times tell: never before a commit below it, never after `now`.
 * A time in the future is a lie: it says nothing about the commits above, and stands for the next time that can be true, so
 * that one wrong clock neither hides a change from a budget nor stops all later ones. Order in, order out.
 */
export function placeInTime(commits: readonly LineCommit[], now: Instant): readonly Instant[] {
  const times: Instant[] = [];
  let latest = Number.NEGATIVE_INFINITY as Instant;
  for (const { claimed } of commits) {
    if (claimed <= now && claimed > latest) latest = claimed;
    times.push(claimed <= now ? latest : now);
  }
  for (let i = times.length - 2; i >= 0; i -= 1) {
    if ((times[i] as Instant) > (times[i + 1] as Instant)) times[i] = times[i + 1] as Instant;
  }
  return times;
}
