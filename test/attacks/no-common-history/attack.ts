import type { Attack } from '../../support/review/attack.ts';

export const attack: Attack = {
  hope: 'without one common ancestor there is nothing to compare with',
  variants: {
    'an orphan': (repo) => {
      repo.git('checkout', '--quiet', '--orphan', 'orphan');
      const head = repo.commit('orphan');
      repo.git('checkout', '--quiet', '--force', 'main');
      return { base: 'main', head };
    },
    'a criss-cross merge': (repo) => {
      const left = repo.branch('main', (at) => at.write('left.txt', 'l\n'));
      const right = repo.branch('main', (at) => at.write('right.txt', 'r\n'));
      const tree = repo.git('merge-tree', '--write-tree', left, right);
      const merge = (a: string, b: string) => repo.git('commit-tree', tree, '-p', a, '-p', b, '-m', a);
      const [one, other] = [merge(left, right), merge(right, left)];
      return { base: one, head: repo.branch(other, (at) => at.write('README.md', 'x\n')) };
    },
  },
  conclusion: 'failure',
  codes: ['MERGE_BASE'],
  twin: (repo) => repo.onMain((at) => at.write('README.md', '# Other words\n')),
  unknownLocally: [],
};
