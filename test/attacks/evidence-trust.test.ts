/** Evidence that reaches the base past the judge never opens the auto lane: lines of real commits, and what records say of them. */
import { describe, expect, test } from 'vitest';
import { openGitRepository } from '../../src/adapters/git/index.ts';
import { findUntrustedEvidence, isEvidenceTrusted } from '../../src/review/evidence-trust.ts';
import { GitFolder } from '../support/cli/git-folder.ts';
import { temporaryFolder } from '../support/cli/governed-folder.ts';

const EVIDENCE = 'reports/learning_snippets';
const FIRST = `${EVIDENCE}/first.json`;
const NIGHT = `${EVIDENCE}/night.json`;

/** A base branch that grows by merges and pushes; records are what the judge wrote of its commits. */
class Base {
  readonly folder = new GitFolder(temporaryFolder());
  readonly vouched = new Map<string, string>();
  readonly acknowledged = new Set<string>();
  readonly genesis: string;

  private constructor() {
    this.folder.git('init', '--quiet', '--initial-branch=main');
    this.folder.write(FIRST, '{}');
    this.folder.commitAll('before the policy');
    this.genesis = this.push({ 'config/promotion.toml': '[promotion]\n' });
  }

  /** A base whose first policy the judge has judged, and one night's evidence that it has judged, too. */
  static judged(): Base {
    const base = new Base();
    base.vouched.set(base.genesis, 'first_policy');
    base.merge({ [NIGHT]: '{"night":1}' }, 'evidence');
    return base;
  }

  push(files: Readonly<Record<string, string>>): string {
    for (const [path, text] of Object.entries(files)) this.folder.write(path, text);
    return this.folder.commitAll(`push of ${Object.keys(files)}`);
  }

  /** A merge commit; `record` is the class that the judge's record of it names, null: there is no record. */
  merge(
    files: Readonly<Record<string, string>>,
    record: string | null,
    how: 'merge' | 'squash' = 'merge',
  ): string {
    this.folder.git('switch', '--quiet', '--create', 'topic');
    this.push(files);
    this.folder.git('switch', '--quiet', 'main');
    this.folder.git(
      'merge',
      '--quiet',
      ...(how === 'merge' ? ['--no-ff', '--no-edit'] : ['--squash']),
      'topic',
    );
    if (how === 'squash') this.folder.git('commit', '--quiet', '--message', 'squashed');
    this.folder.git('branch', '--quiet', '--delete', '--force', 'topic');
    const merged = this.folder.git('rev-parse', 'HEAD');
    if (record !== null) this.vouched.set(merged, record);
    return merged;
  }

  async line() {
    const git = await openGitRepository(this.folder.root);
    const tip = this.folder.git('rev-parse', 'HEAD');
    if (git === null) throw new Error('no repository');
    const { commits } = await git.firstParents(tip);
    return {
      commits: await git.changesAlong({ after: null, until: tip }, ['']),
      ids: commits.map(({ id }) => id),
      genesis: this.folder.git(
        'log',
        '--format=%H',
        '--diff-filter=A',
        '--first-parent',
        '--',
        'config/promotion.toml',
      ),
      vouched: this.vouched,
      acknowledged: this.acknowledged,
    };
  }

  async untrusted(): Promise<readonly string[]> {
    const line = await this.line();
    const found = findUntrustedEvidence(line);
    expect(isEvidenceTrusted(line)).toBe(found.length === 0);
    return found.map(({ path }) => path);
  }
}

describe('evidence is trusted', () => {
  test('that the judge has judged, and that stood there when the first policy was approved', async () => {
    expect(await Base.judged().untrusted()).toEqual([]);
  });

  test.each(['evidence', 'promotion'])('that came by a squashed merge of class %s', async (record) => {
    const base = Base.judged();
    base.merge({ [`${EVIDENCE}/x.json`]: '{}' }, record, 'squash');
    expect(await base.untrusted()).toEqual([]);
  });

  test('although other merges have no record, and after what was pushed past the judge is gone again', async () => {
    const base = Base.judged();
    base.merge({ 'README.md': 'x' }, null);
    base.push({ [`${EVIDENCE}/x.json`]: '{}' });
    base.folder.git('rm', '--quiet', `${EVIDENCE}/x.json`);
    base.folder.commitAll('taken away');
    expect(await base.untrusted()).toEqual([]);
  });

  test('that people have acknowledged since', async () => {
    const base = Base.judged();
    base.acknowledged.add(base.push({ [`${EVIDENCE}/x.json`]: '{}' }));
    expect(await base.untrusted()).toEqual([]);
  });
});

describe('evidence is not trusted', () => {
  test('that was pushed to the base', async () => {
    const base = Base.judged();
    base.push({ [`${EVIDENCE}/x.json`]: '{}' });
    expect(await base.untrusted()).toEqual([`${EVIDENCE}/x.json`]);
  });

  test('that was merged without a record', async () => {
    const base = Base.judged();
    base.merge({ [`${EVIDENCE}/x.json`]: '{}' }, null);
    expect(await base.untrusted()).toEqual([`${EVIDENCE}/x.json`]);
  });

  test.each(['unrelated', 'machinery', 'config', 'policy', 'rollback', 'first_policy', ''])(
    'that rode along in a merge of class "%s"',
    async (record) => {
      const base = Base.judged();
      base.merge({ 'README.md': 'x', [`${EVIDENCE}/x.json`]: '{}' }, record);
      expect(await base.untrusted()).toEqual([`${EVIDENCE}/x.json`]);
    },
  );

  test('that was judged once, and changed by a push', async () => {
    const base = Base.judged();
    base.push({ [NIGHT]: '{"night":2}' });
    expect(await base.untrusted()).toEqual([NIGHT]);
  });

  test('that was judged once, taken away, and brought back by a push', async () => {
    const base = Base.judged();
    base.folder.git('rm', '--quiet', NIGHT);
    base.folder.commitAll('taken away');
    base.push({ [NIGHT]: '{"night":1}' });
    expect(await base.untrusted()).toEqual([NIGHT]);
  });

  test('after a forced push that puts other evidence into a commit of the past', async () => {
    const base = Base.judged();
    base.folder.git('reset', '--quiet', '--hard', base.genesis);
    base.push({ [NIGHT]: '{"night":9}' });
    expect(await base.untrusted()).toEqual([NIGHT]);
  });

  test('after a forced push that moves the first policy behind it', async () => {
    const base = Base.judged();
    base.folder.git('switch', '--quiet', '--orphan', 'anew');
    base.push({ [FIRST]: '{}', [NIGHT]: '{"night":1}', 'config/promotion.toml': '[promotion]\n' });
    base.folder.git('branch', '--quiet', '--force', 'main', 'anew');
    expect(await base.untrusted()).toEqual([FIRST, NIGHT]);
  });

  test('where nobody has judged or acknowledged the first policy', async () => {
    const base = Base.judged();
    base.vouched.delete(base.genesis);
    expect(await base.untrusted()).toEqual([FIRST]);
    base.acknowledged.add(base.genesis);
    expect(await base.untrusted()).toEqual([]);
  });

  test('below a record of the commit that was merged, which is not the commit on the base', async () => {
    const base = Base.judged();
    const merge = base.merge({ [`${EVIDENCE}/x.json`]: '{}' }, null);
    base.vouched.set(base.folder.git('rev-parse', `${merge}^2`), 'evidence');
    expect(await base.untrusted()).toEqual([`${EVIDENCE}/x.json`]);
  });

  test('nor known to be, where the line is not known', () => {
    expect(isEvidenceTrusted(null)).toBeNull();
  });
});
