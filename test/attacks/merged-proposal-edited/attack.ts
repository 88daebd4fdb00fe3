import type { Attack } from '../../support/review/attack.ts';
import { PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'the record of what was approved says something else now',
  variants: {
    edited: (repo) =>
      repo.onMain(
        (at) => at.edit(`${at.proposal()}/OPERATOR_CHECKLIST.md`, '- [ ]', '- [x]'),
        repo.branch('main', (at) => at.git('merge', '--quiet', '--no-ff', '--no-edit', PROMOTION)),
      ),
    removed: (repo) =>
      repo.onMain(
        (at) => at.remove(at.proposal()),
        repo.branch('main', (at) => at.git('merge', '--quiet', '--no-ff', '--no-edit', PROMOTION)),
      ),
    'added to': (repo) =>
      repo.onMain(
        (at) => at.write(`${at.proposal()}/more.md`, 'x\n'),
        repo.branch('main', (at) => at.git('merge', '--quiet', '--no-ff', '--no-edit', PROMOTION)),
      ),
  },
  conclusion: 'failure',
  codes: ['RECORD_CHANGED'],
  twin: () => ({ base: 'main', head: PROMOTION }),
};
