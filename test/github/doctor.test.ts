/** `peak doctor` against the local GitHub: what init says remains to do is what the doctor then finds in order. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Answer, answerOf } from '../support/cli/answer.ts';
import { GitFolder } from '../support/cli/git-folder.ts';
import { temporaryFolder } from '../support/cli/governed-folder.ts';
import { runHere } from '../support/cli/run-here.ts';
import { type Account, type App, type Forge, type Repository, startForge } from '../support/forge/index.ts';

const RULESET = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../templates/ruleset.json'), 'utf8'),
) as { rules: { type: string; parameters?: Record<string, unknown> }[] };

interface DoctorAnswer extends Answer {
  readonly checks: readonly { readonly code: string; readonly level: string; readonly unread?: string }[];
}

/** A governed repository on the local GitHub, with people and both Apps. */
interface Place {
  readonly forge: Forge;
  readonly repository: Repository;
  readonly folder: GitFolder;
  readonly admin: Account;
  readonly writer: Account;
  readonly judge: App;
  readonly publisher: App;
}

async function startPlace(operators: readonly string[] = ['alice', '@acme/risk']): Promise<Place> {
  const forge = await startForge();
  onTestFinished(() => forge.close());
  const owner = forge.createOrganization('acme');
  const [admin, writer, alice, carol, dave] = ['root', 'wilma', 'alice', 'carol', 'dave'].map((login) =>
    forge.createUser(login),
  ) as [Account, Account, Account, Account, Account];
  forge.createTeam(owner, 'risk', [carol, dave]);
  forge.addMember(owner, admin);
  const folder = new GitFolder(temporaryFolder());
  await runHere(folder, ['init', '--action', `acme/peak@${'a'.repeat(40)}`, '--operator', ...operators]);
  folder.git('init', '--quiet', '--initial-branch=trunk');
  folder.commitAll();
  const repository = await forge.createRepository({
    owner,
    name: 'trading',
    defaultBranch: 'trunk',
    files: { 'README.md': 'x' },
  });
  forge.setRole(repository, admin, 'admin');
  for (const person of [writer, alice, carol]) forge.setRole(repository, person, 'write');
  forge.setRole(repository, dave, 'read');
  const judge = await forge.createApp({ slug: 'judge', permissions: { checks: 'write' } });
  const publisher = await forge.createApp({ slug: 'publisher', permissions: { contents: 'write' } });
  return { forge, repository, folder, admin, writer, judge, publisher };
}

/** Does what init says remains to do, as far as it is on GitHub. */
function putInOrder({ forge, repository, judge }: Place): void {
  const text = JSON.stringify(RULESET.rules).replace('"integration_id":0', `"integration_id":${judge.id}`);
  forge.addRuleset(repository, { rules: JSON.parse(text) as typeof RULESET.rules });
  forge.addEnvironment(repository, {
    name: 'peak-publish',
    branches: ['trunk'],
    secrets: ['PEAK_APP_ID', 'PEAK_PRIVATE_KEY'],
  });
  repository.settings.allow_rebase_merge = false;
  repository.settings.delete_branch_on_merge = true;
}

async function examine(place: Place, who: Account | string = place.admin, ...args: readonly string[]) {
  const { forge, folder, judge, publisher } = place;
  const env = {
    GITHUB_TOKEN: typeof who === 'string' ? who : forge.tokenOf(who),
    GITHUB_API_URL: forge.apiUrl,
    GITHUB_SERVER_URL: forge.serverUrl,
    APP_ID: String(publisher.id),
  };
  const options = ['--json', '--repository', 'acme/trading', '--judge-app', String(judge.id), ...args];
  const run = await runHere(folder, ['doctor', ...options], { env });
  const { checks = [] } = answerOf<DoctorAnswer>(run);
  const found = checks.filter(({ level }) => level !== 'ok').map(({ level, code }) => `${level} ${code}`);
  expect(forge.violations).toEqual([]);
  return { exitCode: run.exitCode, found: [...new Set(found)].sort(), checks, run };
}

test('a repository after all that init names is in order, for its administrator', async () => {
  const place = await startPlace();
  putInOrder(place);
  const { exitCode, found, checks } = await examine(place);
  expect(found).toEqual([]);
  expect(exitCode).toBe(0);
  expect(checks.filter(({ code }) => code === 'ONE_APP')).toMatchObject([{ level: 'ok' }]);
  expect(place.forge.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
});

test('a fresh repository lacks all of it', async () => {
  const { exitCode, found } = await examine(await startPlace());
  expect(exitCode).toBe(1);
  expect(found).toEqual(
    [
      'error ACTIONS_PULL_REQUESTS',
      'error ENVIRONMENT',
      'error FORCE_PUSH',
      'error GOVERNANCE_CHECK',
      'error PULL_REQUEST_RULE',
      'error REBASE_MERGE',
      'warning MERGED_BRANCHES',
      'warning PUBLISHER_KEY',
    ].sort(),
  );
});

test('classic protection counts as well, and lets administrators pass', async () => {
  const place = await startPlace();
  putInOrder(place);
  place.repository.rulesets.length = 0;
  const checks = { strict: true, checks: [{ context: 'peak/governance', app_id: place.judge.id }] };
  const reviews = {
    required_approving_review_count: 0,
    dismiss_stale_reviews: false,
    require_code_owner_reviews: true,
    require_last_push_approval: false,
  };
  const classic = { required_status_checks: checks, required_pull_request_reviews: reviews };
  place.forge.protect(place.repository, 'trunk', classic);
  expect((await examine(place)).found).toEqual(['warning BYPASS']);
  place.forge.protect(place.repository, 'trunk', { ...classic, enforce_admins: true });
  expect((await examine(place)).found).toEqual([]);
});

describe('one flaw', () => {
  const flaws: readonly (readonly [string, string, (place: Place) => void])[] = [
    [
      'an evaluated ruleset protects nothing',
      'error GOVERNANCE_CHECK',
      ({ forge, repository }) => {
        const [ruleset] = repository.rulesets.splice(0);
        forge.addRuleset(repository, { ...ruleset, rules: ruleset?.rules ?? [], enforcement: 'evaluate' });
      },
    ],
    [
      'the publisher may bypass',
      'error BYPASS',
      ({ forge, repository, publisher }) =>
        void forge.addRuleset(repository, { rules: [{ type: 'deletion' }], bypassApps: [publisher.id] }),
    ],
    [
      'the key is at the repository',
      'error KEY_AT_REPOSITORY',
      ({ repository }) => void repository.secrets.push('PEAK_PRIVATE_KEY'),
    ],
    [
      'every branch may deploy',
      'error ENVIRONMENT',
      ({ forge, repository }) => {
        repository.environments.length = 0;
        forge.addEnvironment(repository, { name: 'Peak-Publish', secrets: ['PEAK_PRIVATE_KEY'] });
      },
    ],
    [
      'a merge queue',
      'warning MERGE_QUEUE',
      ({ forge, repository }) =>
        void forge.addRuleset(repository, {
          rules: [
            {
              type: 'merge_queue',
              parameters: {
                check_response_timeout_minutes: 60,
                grouping_strategy: 'ALLGREEN',
                max_entries_to_build: 5,
                max_entries_to_merge: 5,
                merge_method: 'MERGE',
                min_entries_to_merge: 1,
                min_entries_to_merge_wait_minutes: 5,
              },
            },
          ],
        }),
    ],
  ];

  test.each(flaws)('%s', async (_, expected, make) => {
    const place = await startPlace();
    putInOrder(place);
    make(place);
    expect((await examine(place)).found).toContain(expected);
  });

  test('operators who may not write', async () => {
    const place = await startPlace(['nobody-here', 'root']);
    putInOrder(place);
    expect((await examine(place)).found).toEqual(['warning APPROVALS', 'warning OPERATOR_ACCESS']);
  });

  test('a team that nobody can see', async () => {
    const place = await startPlace(['root', '@acme/ghosts']);
    putInOrder(place);
    expect((await examine(place)).found).toEqual(['error APPROVALS', 'error OPERATOR_ACCESS']);
  });
});

test('a token that may not read settings gets no OK for them', async () => {
  const place = await startPlace();
  putInOrder(place);
  const { exitCode, checks } = await examine(place, place.writer);
  const unread = checks.filter((check) => check.unread !== undefined);
  expect(unread.length).toBeGreaterThan(0);
  expect(unread.filter(({ level }) => level === 'ok')).toEqual([]);
  expect(exitCode).toBe(unread.some(({ level }) => level === 'error') ? 1 : 0);
});

test('a token that is none, and a repository that is none, end as failures of the outside world', async () => {
  const place = await startPlace();
  expect((await examine(place, 'gho_unknown')).exitCode).toBe(3);
  expect((await examine(place, place.admin, '--repository', 'acme/nothing')).exitCode).toBe(3);
  expect((await examine(place, place.admin, '--repository', 'no name')).exitCode).toBe(2);
});

test('the token stands in nothing that is said', async () => {
  const place = await startPlace();
  const token = place.forge.tokenOf(place.admin);
  const { run } = await examine(place, token);
  expect(run.stdout + run.stderr).not.toContain(token);
});
