import { listProposals } from '../../cycles/list-proposals.ts';
import { problem } from '../../kernel/problem.ts';
import { fail, ok } from '../../kernel/result.ts';
import { escapeTerminalLines } from '../../kernel/text/escape-terminal.ts';
import { proposalTable } from '../../reports/listings.ts';
import type { CommonOptions, Streams } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { readWaiting } from '../read-waiting.ts';
import { withWorld } from '../with-world.ts';

/** `peak proposals [id] [--latest]`: the list, or the checklist of one. */
export function proposals(
  [id]: string[],
  options: CommonOptions & { readonly latest?: boolean },
  streams: Streams,
): Promise<ExitCode> {
  return withWorld(options, streams, async (world) => {
    const { workTree } = world;
    const listed = listProposals(workTree);
    if (id === undefined && options.latest !== true) {
      const { waiting, warnings } = await readWaiting(world, options.root);
      return ok({
        json: () => ({ proposals: listed.proposals.map(({ path, meta }) => ({ path, ...meta })), waiting }),
        text: (style) => proposalTable(listed.proposals, waiting, style),
        warnings: [...listed.problems, ...warnings],
      });
    }
    const found =
      id === undefined ? listed.proposals[0] : listed.proposals.find((proposal) => proposal.id === id);
    if (found === undefined)
      return fail(
        problem('NOT_FOUND', {
          what: 'proposal',
          id: id ?? 'latest',
          hint:
            listed.proposals.length === 0
              ? 'this folder has none; what peak cycle publishes stands on its branch until it is merged'
              : 'peak proposals lists all',
        }),
      );
    const checklist = workTree.readText(`${found.path}/OPERATOR_CHECKLIST.md`) ?? '';
    return ok({
      json: () => ({ path: found.path, ...found.meta }),
      text: () => escapeTerminalLines(checklist),
      warnings: listed.problems,
    });
  });
}
