import { LANES, type Lane } from '../governance/index.ts';

const PROPOSED = 'promotion: proposed';
const EVIDENCE = 'peak: evidence';
const laneLabel = (lane: Lane): string => `lane: ${lane}`;

/** The labels of a promotion, or (null) of a pull request that carries evidence only. */
export function formatLabels(lane: Lane | null): readonly string[] {
  return lane === null ? [EVIDENCE] : [PROPOSED, laneLabel(lane)];
}

/** What labels say a pull request is: a lane, evidence, or null when they say nothing or contradict each other. */
export function parseLabels(labels: readonly string[]): Lane | 'evidence' | null {
  const lanes: (Lane | 'evidence')[] = LANES.filter((lane) => labels.includes(laneLabel(lane)));
  if (labels.includes(EVIDENCE)) lanes.push('evidence');
  return lanes.length === 1 ? (lanes[0] ?? null) : null;
}
