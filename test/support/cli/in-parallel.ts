/** Runs of the command that are started at the same time: as many as keep a small machine busy. */
const WIDTH = 3;

/** Maps in groups, in order; the first failure stops what has not begun. */
export async function inParallel<T, R>(
  items: Iterable<T>,
  run: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const waiting = [...items];
  const results: R[] = [];
  while (waiting.length > 0) results.push(...(await Promise.all(waiting.splice(0, WIDTH).map(run))));
  return results;
}
