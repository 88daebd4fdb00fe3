import type { Attack } from '../../support/review/attack.ts';
import { EVIDENCE } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'a judge that runs out of time or memory says nothing',
  variants: {
    '3,001 files': (repo) =>
      repo.onMain((at) => {
        for (let i = 0; i < 3001; i += 1) at.write(`docs/many/${i}.md`, `${i}\n`);
      }),
    'an artifact of 5 MB': (repo) =>
      repo.onPromotion((at) => at.write(`${at.proposal()}/config_patches.json`, ' '.repeat(5_000_000))),
    'an evidence file of 9 MB': (repo) =>
      repo.onMain((at) => at.write(`${EVIDENCE}/big.json`, `"${'a'.repeat(9_000_000)}"`)),
    'JSON 10,000 levels deep': (repo) =>
      repo.onMain((at) => at.write(`${EVIDENCE}/deep.json`, `${'['.repeat(10_000)}${']'.repeat(10_000)}`)),
    'metadata 10,000 levels deep': (repo) =>
      repo.onPromotion((at) =>
        at.write(`${at.proposal()}/proposal_meta.json`, `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`),
      ),
  },
  conclusion: 'failure',
  codes: ['LIMIT_EXCEEDED'],
  twin: (repo) => repo.onMain((at) => at.write(`${EVIDENCE}/small.json`, at.signal({ changes: [] }))),
};
