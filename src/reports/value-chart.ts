/** Eighths of a cell, lowest first (Unicode block elements U+2581–U+2588). */
const BLOCKS = '▁▂▃▄▅▆▇█';
/** Cells of a chart: half of a narrow terminal. */
const WIDTH = 40;

/** A value from a time on, in milliseconds. */
export interface ChartPoint {
  readonly time: number;
  readonly value: number;
}

/**
 * One line that shows which value was live when: a cell is a fortieth of the time from the first point to `end`, its height lies between the
 * smallest and the largest value. Empty for fewer than two points, and where no time lies between them. Points are in order of time.
 */
export function valueChart(points: readonly ChartPoint[], end: number): string {
  const [first] = points;
  if (first === undefined || points.length < 2) return '';
  const values = points.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = Math.max(end, points.at(-1)?.time ?? end) - first.time;
  if (span <= 0) return '';
  let at = 0;
  let chart = '';
  for (let cell = 0; cell < WIDTH; cell += 1) {
    const time = first.time + (span * (cell + 1)) / WIDTH;
    while ((points[at + 1]?.time ?? Number.POSITIVE_INFINITY) <= time) at += 1;
    const height = high === low ? 0 : ((points[at]?.value ?? low) - low) / (high - low);
    chart += BLOCKS[Math.round(height * (BLOCKS.length - 1))] ?? '';
  }
  return chart;
}
