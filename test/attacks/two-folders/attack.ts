import type { Attack } from '../../support/review/attack.ts';
import { PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'people read one folder, and the other one is what is merged',
  variants: {
    'a second folder': (repo) =>
      repo.onPromotion((at) => {
        const own = at.proposal();
        const other = own.replace(/_[0-9a-f]{8}$/, '_00000000');
        for (const name of at.names(own)) at.write(`${other}/${name}`, at.read(`${own}/${name}`));
      }),
  },
  conclusion: 'failure',
  codes: ['PROPOSAL_COUNT'],
  twin: () => ({ base: 'main', head: PROMOTION }),
};
