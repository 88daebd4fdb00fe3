/** What `peak audit` says of a branch's history: ordinary ones are explained, and every hostile one is named. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openGitRepository } from '../../src/adapters/git/index.ts';
import { auditBranch } from '../../src/cycles/audit.ts';
import { instantFromMs } from '../../src/kernel/instant.ts';
import { AuditedLine, auditRef } from '../support/review/audited-line.ts';
import {
  AUTO_TOML,
  BASE_CONFIG,
  EVIDENCE,
  GovernedRepo,
  POLICY,
  PROMOTION,
} from '../support/review/governed-repo.ts';

let repo: GovernedRepo;

beforeAll(async () => {
  repo = await GovernedRepo.create();
});

afterAll(() => repo.destroy());

const TEN = '[auto_applied]\n"portfolio.leverage" = 10.0\n';
const edit = (path: string, from: string, to: string) => (folder: GovernedRepo) => {
  const text = folder.read(path);
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
  folder.write(path, text.replaceAll(from, to));
};
const line = () => new AuditedLine(repo);
/** A line on which the honest promotion is merged. */
const promoted = (): { line: AuditedLine; merge: string } => {
  const own = line();
  return { line: own, merge: own.merge() };
};

describe('an ordinary history', () => {
  test.each(['merge', 'squash'] as const)('by %s is explained, promotion and way back', async (shape) => {
    const own = line();
    own.push((folder) => folder.write('README.md', '# Other\n'));
    const merge = own.merge(PROMOTION, shape);
    const mainline = shape === 'merge' ? ['--mainline', '1'] : [];
    repo.git('revert', '--no-edit', ...mainline, merge);
    expect(await own.codes()).toEqual([]);
    const report = await own.audit();
    expect(report.ok && report.value).toMatchObject({
      genesis: repo.git('rev-list', '--max-parents=0', own.name),
      verdictsSince: null,
      counts: {
        commits: 4,
        events: { promotion: 1, rollback: 1, unexplained: 0 },
        rebuilt: 1,
        authentic: 1,
        verdicts: 0,
      },
    });
  });

  test('is explained with the verdicts of the judge, of which none may be missing from the first on', async () => {
    const { line: own, merge } = promoted();
    await own.judged(merge);
    expect(await own.codes()).toEqual([]);
    own.push((folder) => folder.write('notes.txt', 'not governed\n'));
    expect(await own.codes()).toEqual([]);
    own.push((folder) => folder.write(`${EVIDENCE}/more.json`, folder.signal({})));
    expect(await own.codes()).toEqual(['NO_VERDICT']);
  });

  test('is told from the commit that brought the policy; nobody governed what was before', async () => {
    const own = line();
    repo.git('checkout', '--quiet', '--orphan', `${own.name}-orphan`);
    repo.remove(POLICY);
    repo.write(AUTO_TOML, '[auto_applied]\n"portfolio.leverage" = 2.75\n');
    repo.commit('before');
    expect((await auditRef(repo, `${own.name}-orphan`)).problems.map(({ code }) => code)).toEqual([
      'POLICY_MISSING',
    ]);
    repo.git('checkout', '--quiet', 'main', '--', POLICY);
    const genesis = repo.commit('policy');
    const report = await auditRef(repo, `${own.name}-orphan`);
    expect(report.ok && report.value).toMatchObject({ genesis, deviations: [], counts: { commits: 1 } });
  });

  test('that begins beyond a hard limit is named at once', async () => {
    const own = line();
    repo.git('checkout', '--quiet', '--orphan', `${own.name}-orphan`);
    repo.write(AUTO_TOML, TEN);
    repo.commit('start');
    const report = await auditRef(repo, `${own.name}-orphan`);
    expect(report.ok && report.value.deviations.map(({ code }) => code)).toEqual(['HARD_LIMIT']);
  });
});

describe('a change past the judge', () => {
  const cases: Readonly<Record<string, { push: (own: AuditedLine) => void; codes: readonly string[] }>> = {
    'leverage 10 pushed directly': {
      push: (own) => own.push((folder) => folder.write(AUTO_TOML, TEN)),
      codes: ['UNEXPLAINED', 'HARD_LIMIT'],
    },
    'leverage 10 pushed and taken back': {
      push: (own) => {
        own.push((folder) => folder.write(AUTO_TOML, TEN));
        repo.git('revert', '--no-edit', 'HEAD');
      },
      codes: ['UNEXPLAINED_SETTLED', 'HARD_LIMIT'],
    },
    'leverage 10 pushed, and hidden by a promotion': {
      push: (own) => {
        own.push((folder) => folder.write(AUTO_TOML, TEN));
        repo.git('merge', '--quiet', '--no-ff', '--no-edit', '--strategy-option=theirs', PROMOTION);
      },
      codes: ['UNEXPLAINED_SETTLED', 'HARD_LIMIT', 'NOT_AUTHENTIC'],
    },
    'leverage 10 in the base configuration': {
      push: (own) => own.push(edit(BASE_CONFIG, 'leverage = 1.0', 'leverage = 10.0')),
      codes: ['HARD_LIMIT'],
    },
    'leverage 10 in a layer': {
      push: (own) => {
        own.push((folder) => {
          folder.write('extra/risk.toml', '[portfolio]\nleverage = 10.0\n');
          folder.write(POLICY, `${folder.read(POLICY)}\n[config]\nlayers = ["extra/risk.toml"]\n`);
        });
      },
      codes: ['UNJUDGED_LOOSENING noted', 'HARD_LIMIT'],
    },
    'a value below the limit in the base configuration': {
      push: (own) => own.push(edit(BASE_CONFIG, 'leverage = 1.0', 'leverage = 2.5')),
      codes: ['UNJUDGED_CHANGE noted'],
    },
    'an unreadable auto.toml': {
      push: (own) => own.push((folder) => folder.write(AUTO_TOML, '[auto_applied\n')),
      codes: ['UNEXPLAINED', 'LIVE_INVALID'],
    },
    'bounds loosened and back': {
      push: (own) => {
        own.push(edit(POLICY, 'max = 2.0', 'max = 3.0'));
        own.push(edit(POLICY, 'max = 3.0', 'max = 2.0'));
      },
      codes: ['UNJUDGED_LOOSENING noted'],
    },
    'the policy removed, and another one put in its place': {
      push: (own) => {
        const text = repo.read(POLICY);
        own.push((folder) => folder.remove(POLICY));
        own.push((folder) => folder.write(POLICY, text));
      },
      codes: ['POLICY_REMOVED'],
    },
    'the policy made unreadable': {
      push: (own) => own.push((folder) => folder.write(POLICY, 'mode = \n')),
      // It could name no layers, so sessions do without it.
      codes: ['POLICY_UNREADABLE'],
    },
    'evidence changed': {
      push: (own) => own.push(edit(`${EVIDENCE}/health.json`, '95', '99')),
      codes: ['EVIDENCE_CHANGED'],
    },
    'evidence taken away': {
      push: (own) => own.push((folder) => folder.remove(`${EVIDENCE}/health.json`)),
      codes: ['EVIDENCE_DELETED'],
    },
    'evidence renamed': {
      push: (own) =>
        own.push((folder) => folder.git('mv', `${EVIDENCE}/health.json`, `${EVIDENCE}/sick.json`)),
      codes: ['EVIDENCE_DELETED'],
    },
    'evidence made executable': {
      push: (own) => own.push((folder) => folder.makeExecutable(`${EVIDENCE}/health.json`)),
      codes: ['EVIDENCE_CHANGED'],
    },
  };

  test.each(Object.entries(cases))('%s', async (_, { push, codes }) => {
    const own = line();
    push(own);
    const found = await own.codes();
    expect(found).toEqual([...codes]);
  });
});

describe('a merged proposal', () => {
  test.each<readonly [string, (folder: GovernedRepo) => void]>([
    ['edited', (folder) => folder.write(`${folder.proposal()}/OPERATOR_CHECKLIST.md`, 'all good\n')],
    ['with one more file', (folder) => folder.write(`${folder.proposal()}/approval.txt`, 'yes\n')],
    ['with a file less', (folder) => folder.remove(`${folder.proposal()}/config_patches.json`)],
  ])('%s is named', async (_, change) => {
    const { line: own } = promoted();
    const commit = own.push(change);
    const report = await own.audit();
    expect(report.ok && report.value.deviations).toMatchObject([{ code: 'RECORD_CHANGED', commit }]);
  });

  test('that says more than its evidence does is not authentic', async () => {
    const own = line();
    const branch = repo.branch(PROMOTION, (folder) => {
      edit(AUTO_TOML, '"portfolio.leverage" = 1.25', '"portfolio.leverage" = 1.5')(folder);
      edit(`${folder.proposal()}/proposal_meta.json`, '"new": 1.25', '"new": 1.5')(folder);
    });
    repo.git('checkout', '--quiet', '--force', own.name);
    own.merge(branch);
    const report = await own.audit();
    expect(report.ok && report.value.deviations.map(({ code }) => code)).toEqual(['NOT_AUTHENTIC']);
    const [deviation] = report.ok ? report.value.deviations : [];
    expect(deviation?.findings.map(({ code }) => code)).toContain('VALUE_DIFFERS');
    expect(report.ok && report.value.counts).toMatchObject({ rebuilt: 1, authentic: 0 });
  });

  test('whose checklist was prettied up is not authentic', async () => {
    const own = line();
    const branch = repo.branch(PROMOTION, (folder) =>
      folder.write(`${folder.proposal()}/OPERATOR_CHECKLIST.md`, 'fine\n'),
    );
    repo.git('checkout', '--quiet', '--force', own.name);
    own.merge(branch, 'squash');
    expect(await own.codes()).toEqual(['NOT_AUTHENTIC']);
  });

  test('of another derivation version cannot be shown, and is no way around', async () => {
    const own = line();
    const branch = repo.branch(PROMOTION, (folder) =>
      edit(
        `${folder.proposal()}/proposal_meta.json`,
        '"derivation_version": 1',
        '"derivation_version": 9',
      )(folder),
    );
    repo.git('checkout', '--quiet', '--force', own.name);
    own.merge(branch);
    expect(await own.codes()).toEqual(['NOT_DERIVED_AGAIN']);
  });

  test('that was merged after the killswitch is named', async () => {
    const own = line();
    own.push(edit(POLICY, '"bounded_auto"', '"disabled"'));
    own.merge();
    const report = await own.audit();
    const [deviation] = report.ok ? report.value.deviations : [];
    expect(deviation?.code).toBe('NOT_AUTHENTIC');
    expect(deviation?.findings.map(({ code }) => code)).toEqual(['KILLSWITCH', 'BASE_MOVED']);
  });

  test('that was merged on a policy which had become stricter is named', async () => {
    const own = line();
    own.push(edit(POLICY, 'max_step = 0.25', 'max_step = 0.1'));
    own.merge();
    const report = await own.audit();
    const [deviation] = report.ok ? report.value.deviations : [];
    expect(deviation?.findings.map(({ code }) => code)).toEqual(['BASE_MOVED']);
  });

  test('that was merged after unrelated commits and new evidence is authentic', async () => {
    const own = line();
    own.push((folder) => {
      folder.write('README.md', '# Other\n');
      folder.write(`${EVIDENCE}/more.json`, folder.signal({}));
    });
    own.merge();
    expect(await own.codes()).toEqual([]);
  });

  test('with evidence changed afterwards stays authentic, and the evidence is named', async () => {
    const { line: own } = promoted();
    const [path = ''] = repo.names(EVIDENCE).filter((name) => name.startsWith('leverage'));
    own.push((folder) => folder.write(`${EVIDENCE}/${path}`, folder.signal({ confidence: 0.99 })));
    expect(await own.codes()).toEqual(['EVIDENCE_CHANGED']);
  });
});

describe('notes', () => {
  test.each<readonly [string, string | Uint8Array]>([
    ['broken JSON', '{"version":1,'],
    ['5 MB', `${'x'.repeat(5_000_000)}\n`],
    ['no UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d)],
    ['of another kind', '{"approved":true}\n'],
  ])('with %s are named', async (_, text) => {
    const { line: own, merge } = promoted();
    own.note(merge, text);
    expect(await own.codes()).toEqual(['VERDICT_INVALID']);
  });

  const OTHER = 'e'.repeat(40);
  test.each([
    ['another merge', { merge: OTHER }, 'VERDICT_INVALID'],
    ['another base', { base: OTHER }, 'VERDICT_OTHER'],
    ['another head', { head: OTHER }, 'VERDICT_OTHER'],
    ['another policy', { policy_digest: 'e'.repeat(64) }, 'VERDICT_OTHER'],
    ['no success', { conclusion: 'action_required' as const }, 'VERDICT_NOT_SUCCESS'],
    ['a time that is over', { valid_until: '2020-01-01T00:00:00Z' }, 'VERDICT_EXPIRED'],
    ['a verdict after the merge', { merged_at: '2020-01-01T00:00:00Z' }, 'VERDICT_EXPIRED'],
  ])('about %s are named', async (_, overrides, code) => {
    const { line: own, merge } = promoted();
    await own.judged(merge, overrides);
    expect(await own.codes()).toEqual([code]);
  });

  test('cannot excuse what content shows', async () => {
    const own = line();
    const commit = own.push((folder) => folder.write(AUTO_TOML, TEN));
    await own.judged(commit, { conclusion: 'success', findings: [] });
    expect(await own.codes()).toEqual(['UNEXPLAINED', 'HARD_LIMIT']);
  });

  test('excuse what people may allow: evidence that goes, a looser policy', async () => {
    const own = line();
    const deleted = own.push((folder) => folder.remove(`${EVIDENCE}/health.json`));
    await own.judged(deleted, { conclusion: 'success' });
    const loosened = own.push(edit(POLICY, 'max = 2.0', 'max = 2.5'));
    await own.judged(loosened, { conclusion: 'success' });
    expect(await own.codes()).toEqual([]);
  });

  test('make every later change past the judge a deviation: bounds loosened and back, workflows', async () => {
    const { line: own, merge } = promoted();
    await own.judged(merge);
    own.push(edit(POLICY, 'max = 2.0', 'max = 3.0'));
    own.push(edit(POLICY, 'max = 3.0', 'max = 2.0'));
    own.push((folder) => folder.write('.github/workflows/x.yml', 'on: push\n'));
    const report = await own.audit();
    const found = report.ok ? report.value.deviations : [];
    expect(found.filter(({ code }) => code === 'NO_VERDICT').map(({ observed }) => observed)).toEqual([
      'policy',
      'policy',
      'machinery',
    ]);
  });

  test('of other branches, and names that are none, say nothing', async () => {
    const other = promoted();
    await other.line.judged(other.merge);
    const own = line();
    own.push((folder) => folder.write(`${EVIDENCE}/more.json`, folder.signal({})));
    expect(await own.codes()).toEqual([]);
  });

  test('of which a tree holds two for one commit count neither', async () => {
    const { line: own, merge } = promoted();
    await own.judged(merge);
    const blob = repo.git('rev-parse', `refs/notes/peak:${notePath(merge)}`);
    const entries = repo.git('ls-tree', '-r', 'refs/notes/peak').split('\n');
    const index = join(repo.root, '.git', 'notes-index');
    const run = (args: readonly string[], input = '') =>
      execFileSync('git', args, {
        cwd: repo.root,
        encoding: 'utf8',
        input,
        env: { ...process.env, GIT_INDEX_FILE: index },
      }).trim();
    run(['read-tree', '--empty']);
    const twin = `${merge.slice(0, 2)}/${merge.slice(2)}`;
    const twins = [`100644 blob ${blob}\t${twin}`, `100644 blob ${blob}\t${merge}`];
    run(
      ['update-index', '--add', '--index-info'],
      `${[...entries.filter((entry) => !entry.replaceAll('/', '').includes(merge)), ...twins].join('\n')}\n`,
    );
    const commit = repo.git('commit-tree', '-m', 'twins', run(['write-tree']));
    repo.git('update-ref', 'refs/notes/peak', commit);
    expect(await own.codes()).toEqual(['VERDICT_INVALID']);
  });
});

function notePath(commit: string): string {
  const lines = repo.git('ls-tree', '-r', '--name-only', 'refs/notes/peak').split('\n');
  return lines.find((path) => path.replaceAll('/', '') === commit) ?? '';
}

describe('an acknowledgement', () => {
  const acknowledge = (commit: string, deviations: readonly string[], name = commit) =>
    ((folder) =>
      folder.write(
        `reports/audit/${name}.json`,
        `${JSON.stringify({ schema_version: 1, commit, deviations, reason: 'desk 1 knows' })}\n`,
      )) as (folder: GovernedRepo) => void;

  test('covers the codes that it names', async () => {
    const own = line();
    const commit = own.push((folder) => folder.write(AUTO_TOML, TEN));
    own.push(acknowledge(commit, ['HARD_LIMIT']));
    expect(await own.codes()).toEqual(['UNEXPLAINED', 'HARD_LIMIT acknowledged']);
    own.push(acknowledge(commit, ['HARD_LIMIT', 'UNEXPLAINED']));
    expect(await own.codes()).toEqual(['UNEXPLAINED acknowledged', 'HARD_LIMIT acknowledged']);
  });

  test.each<readonly [string, (commit: string) => (folder: GovernedRepo) => void]>([
    ['that is no JSON', (commit) => (folder) => folder.write(`reports/audit/${commit}.json`, '{')],
    ['under another name', (commit) => acknowledge(commit, ['UNEXPLAINED', 'HARD_LIMIT'], 'f'.repeat(40))],
    ['of everything', (commit) => acknowledge(commit, ['*'])],
  ])('%s is none, and is told', async (_, write) => {
    const own = line();
    own.push(write(own.push((folder) => folder.write(AUTO_TOML, TEN))));
    const report = await own.audit();
    expect(report.problems.map(({ code }) => code)).toEqual(['ARTIFACT_INVALID']);
    expect(await own.codes()).toEqual(['UNEXPLAINED', 'HARD_LIMIT']);
  });
});

describe('auditBranch', () => {
  test('tells only what came since', async () => {
    const own = line();
    own.push((folder) => folder.write(AUTO_TOML, TEN));
    const late = await own.audit(instantFromMs(repo.now));
    expect(late.ok && late.value.deviations).toEqual([]);
    const early = await own.audit(instantFromMs(repo.now - 60_000));
    expect(early.ok && early.value.deviations.length).toBe(2);
  });

  test('says who and when, and refuses a branch that is none', async () => {
    const own = line();
    own.push((folder) => folder.write(AUTO_TOML, TEN));
    const report = await own.audit();
    expect(report.ok && report.value.deviations[0]).toMatchObject({
      author: 'Mallory <mallory@example.org>',
      time: repo.now - 30_000,
    });
    expect((await auditRef(repo, 'nothing')).problems.map(({ code }) => code)).toEqual(['ARGUMENT_INVALID']);
  });

  test('refuses a clone that does not hold the whole history', async () => {
    const { line: own } = promoted();
    const folder = mkdtempSync(join(tmpdir(), 'peak-shallow-'));
    try {
      execFileSync('git', [
        'clone',
        '--quiet',
        '--depth=1',
        '--branch',
        own.name,
        `file://${repo.root}`,
        folder,
      ]);
      const git = await openGitRepository(folder);
      const report =
        git === null
          ? null
          : await auditBranch(git, {
              head: (await git.resolve('HEAD')) ?? '',
              now: repo.now,
              since: null,
            });
      expect(report?.problems.map(({ code }) => code)).toEqual(['HISTORY_TOO_SHALLOW']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
