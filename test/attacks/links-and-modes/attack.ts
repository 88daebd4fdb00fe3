import type { Attack } from '../../support/review/attack.ts';
import { AUTO_TOML, EVIDENCE, POLICY, PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'a governed path leads elsewhere',
  variants: {
    'a link at auto.toml': (repo) =>
      repo.onMain((at) => {
        at.remove(AUTO_TOML);
        at.link(AUTO_TOML, '../../README.md');
      }),
    'a link in a promotion': (repo) =>
      repo.onPromotion((at) => {
        at.remove(AUTO_TOML);
        at.link(AUTO_TOML, '/etc/passwd');
      }),
    'a link as evidence': (repo) => repo.onMain((at) => at.link(`${EVIDENCE}/x.json`, 'health.json')),
    'a link at a workflow': (repo) =>
      repo.onMain((at) => {
        at.write('.github/workflows/x.txt', 'x');
        at.link('.github/workflows/peak.yml', 'x.txt');
      }),
    'a submodule': (repo) => repo.onMain((at) => at.git('clone', '--quiet', '.', `${EVIDENCE}/module`)),
    'an executable policy': (repo) => repo.onMain((at) => at.makeExecutable(POLICY)),
    'an executable artifact': (repo) =>
      repo.onPromotion((at) => at.makeExecutable(`${at.proposal()}/proposal_meta.json`)),
  },
  conclusion: 'failure',
  codes: ['FILE_KIND'],
  twin: () => ({ base: 'main', head: PROMOTION }),
};
