import { buildCheckRun, type Verdict } from '../review/index.ts';
import type { CheckPosting } from './check-runs-port.ts';
import type { Judged } from './judge-memory.ts';

/** The check of a judgement. The governed root of a repository on GitHub is its top. */
export function toPosting(
  { verdict, autoToml, isHeld }: Pick<Judged, 'autoToml' | 'isHeld'> & { readonly verdict: Verdict },
  stamp: string,
): CheckPosting {
  const run = buildCheckRun(verdict, { prefix: '', autoToml, isHeld, reference: stamp });
  return { head: verdict.head, stamp, conclusion: verdict.conclusion, run };
}
