import type { Attack } from '../../support/review/attack.ts';
import { PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'a file that nobody expects is merged unseen',
  variants: {
    'in the folder': (repo) => repo.onPromotion((at) => at.write(`${at.proposal()}/notes.md`, 'fine\n')),
    'among the decisions': (repo) => repo.onPromotion((at) => at.write('reports/decisions/x.json', '{}\n')),
    'among the evidence': (repo) =>
      repo.onPromotion((at) => at.write('reports/learning_snippets/readme.md', 'x\n')),
  },
  conclusion: 'failure',
  codes: ['FILE_EXTRA'],
  twin: () => ({ base: 'main', head: PROMOTION }),
};
