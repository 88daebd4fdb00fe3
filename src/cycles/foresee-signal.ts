import { derive, describeFinding } from '../governance/index.ts';
import type { Instant } from '../kernel/instant.ts';
import { type Problem, warning } from '../kernel/problem.ts';
import type { EmitReport } from './emit-signal.ts';
import { gather } from './gather.ts';
import type { WorkTree } from './work-tree-port.ts';

/**
 * Why promotion would refuse a signal if it were the only evidence: one SIGNAL_UNPROMISING a target. Nothing where the folder cannot
 * be read as a governed one: a signal may come before the policy.
 */
export function foreseeSignal(
  workTree: Pick<WorkTree, 'readText'>,
  { path, text }: Pick<EmitReport, 'path' | 'text'>,
  now: Instant,
): readonly Problem[] {
  const source: Parameters<typeof gather>[0] = {
    readText: (file) => workTree.readText(file),
    readEvidence: (evidence) => evidence.addDocument(evidence.addFile(path, null), text),
  };
  const gathered = gather(source, { clock: now });
  if (!gathered.ok) return [];
  const { decisions } = derive({
    ...gathered.value,
    effectiveMode: 'manual_only',
    requestedMode: null,
    baseCommit: null,
    clock: now,
    published: false,
    history: null,
    declined: [],
  });
  return decisions.flatMap(({ candidate, findings }) => {
    const reasons = findings.filter(({ effect }) => effect === 'reject_policy' || effect === 'reject_sanity');
    if (reasons.length === 0) return [];
    const args = { target: candidate.patch.target, reason: reasons.map(describeFinding).join('; ') };
    return [warning('SIGNAL_UNPROMISING', args, { file: path })];
  });
}
