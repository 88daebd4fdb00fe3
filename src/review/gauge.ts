/** Characters of the scale between its ends: enough to tell a tenth of the range, narrow enough for a table on a phone. */
const WIDTH = 21;

/**
 * Where two values stand between bounds, as text: `○` now, `●` proposed, `◉` both on one spot, `◂` and `▸` beyond an end.
 * Never wider than 23 characters.
 */
export function formatGauge(
  bounds: { readonly min: number; readonly max: number },
  now: number,
  proposed: number,
): string {
  const spot = (value: number) =>
    Math.round(((value - bounds.min) / (bounds.max - bounds.min)) * (WIDTH - 1));
  const [from, to] = [spot(now), spot(proposed)];
  const scale = Array.from({ length: WIDTH }, (_, i) => {
    if (i === from && i === to) return '◉';
    if (i === to) return '●';
    if (i === from) return '○';
    return i > Math.min(from, to) && i < Math.max(from, to) ? '─' : '·';
  });
  const ends = [from, to];
  const left = ends.some((at) => at < 0) ? '◂' : '▕';
  const right = ends.some((at) => at >= WIDTH) ? '▸' : '▏';
  return `${left}${scale.join('')}${right}`;
}
