import type { Verdict } from './verdict.ts';

/** Title and message of a merge that the judge makes. Trailers are for people: history is read from content (product.md §6). */
export function buildMergeMessage(
  { proposalId, head, policyDigest }: Pick<Verdict, 'proposalId' | 'head' | 'policyDigest'>,
  number: number,
): { readonly title: string; readonly message: string } {
  const id = proposalId ?? 'a proposal';
  const trailers = [
    `Peak-Proposal: ${id}`,
    'Peak-Lane: auto',
    `Peak-Head: ${head}`,
    `Peak-Policy: ${policyDigest ?? 'none'}`,
  ];
  return {
    title: `Promote ${id} (#${number})`,
    message: `Every guardrail of the auto lane held.\n\n${trailers.join('\n')}\n`,
  };
}
