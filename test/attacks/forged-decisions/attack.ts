import type { Attack } from '../../support/review/attack.ts';
import { PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'nobody compares what the artifacts say with what the evidence says',
  variants: {
    lane: (repo) =>
      repo.onPromotion((at) =>
        at.edit(`${at.proposal()}/config_patches.json`, '"lane":"manual"', '"lane":"auto"'),
      ),
    'old value': (repo) =>
      repo.onPromotion((at) =>
        at.edit(`${at.proposal()}/config_patches.json`, '"old_value":1,', '"old_value":1.2,'),
      ),
    confidence: (repo) =>
      repo.onPromotion((at) =>
        at.edit(`${at.proposal()}/config_patches.json`, '"confidence_score":0.9', '"confidence_score":0.99'),
      ),
    digest: (repo) =>
      repo.onPromotion((at) =>
        at.edit(
          `${at.proposal()}/proposal_meta.json`,
          /"change_set_digest": "[0-9a-f]{8}/,
          '"change_set_digest": "00000000',
        ),
      ),
    'a tick of the checklist': (repo) =>
      repo.onPromotion((at) => at.edit(`${at.proposal()}/OPERATOR_CHECKLIST.md`, '- [ ]', '- [x]')),
    'new value': (repo) =>
      repo.onPromotion((at) =>
        at.edit(`${at.proposal()}/config_patches.json`, '"new_value":1.25', '"new_value":2'),
      ),
  },
  conclusion: 'failure',
  codes: ['FILE_DIFFERS'],
  twin: () => ({ base: 'main', head: PROMOTION }),
};
