import type { Attack } from '../../support/review/attack.ts';
import type { Change, GovernedRepo } from '../../support/review/governed-repo.ts';

/** No work tree can hold such a file, but a tree can. */
function added(repo: GovernedRepo, name: string): Change {
  const blob = repo.git('rev-parse', 'main:README.md');
  repo.git('update-index', '--add', '--cacheinfo', `100644,${blob},${name}`);
  const tree = repo.git('write-tree');
  repo.git('read-tree', 'main');
  return { base: 'main', head: repo.git('commit-tree', tree, '-p', 'main', '-m', 'long') };
}

export const attack: Attack = {
  hope: 'the judge compares names for so long that a killswitch comes too late',
  variants: {
    dots: (repo) => added(repo, `docs/${'.'.repeat(60_000)}\u00e9`),
    'marks out of order': (repo) => added(repo, `docs/a${'\u0300\u0316'.repeat(30_000)}`),
    'many folders': (repo) => added(repo, 'd/'.repeat(3000).concat('\u00e9')),
  },
  conclusion: 'failure',
  codes: ['PATH_RESERVED'],
  twin: (repo) => added(repo, `docs/${'.'.repeat(60)}\u00e9`),
  unknownLocally: [],
};
