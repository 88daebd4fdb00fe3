import { execFileSync } from 'node:child_process';
import { beforeEach, describe, expect, it } from 'vitest';
import { BASE_CONFIG_PATH, EVIDENCE_PATH } from '../../../src/kernel/governed-paths.ts';
import { GovernedFolder, temporaryFolder } from '../../support/cli/governed-folder.ts';
import { runHere } from '../../support/cli/run-here.ts';
import { cleanEnvironment, type Run } from '../../support/cli/run-peak.ts';
import { CLOCK, evidenceText, filesOf, policyText, readCycles } from './operator-cycles.ts';

const KEY = 'live.api_keys.binance';
const SECRET = /old_key|new_key/;
const EVIDENCE = `${EVIDENCE_PATH}/operator-patches.json`;
/** What people gave; everything else is this system's. */
const GIVEN: readonly string[] = [BASE_CONFIG_PATH, EVIDENCE, `${EVIDENCE_PATH}/${KEY}.json`];

const patches = readCycles().find(({ cycle }) => cycle === 10)?.patches ?? [];
let folder: GovernedFolder;

function git(...args: readonly string[]): string {
  const identity = ['-c', 'user.name=Operator', '-c', 'user.email=operator@example.com'];
  return execFileSync('git', [...identity, ...args], {
    cwd: folder.root,
    env: cleanEnvironment() as NodeJS.ProcessEnv,
    encoding: 'utf8',
  });
}

function peak(...args: readonly string[]): Promise<Run> {
  return runHere(folder, args, { env: { SOURCE_DATE_EPOCH: String(CLOCK / 1000) } });
}

/** Runs a command and expects it to go well and to tell no key. */
async function tell(...args: readonly string[]): Promise<Run> {
  const run = await peak(...args);
  expect(run.exitCode, `peak ${args.join(' ')}\n${run.stderr}`).toBe(0);
  expect(run.stdout, `peak ${args.join(' ')}`).not.toMatch(SECRET);
  expect(run.stderr, `peak ${args.join(' ')}`).not.toMatch(SECRET);
  return run;
}

/** Cycle 10 in a repository: configuration and policy are committed, the evidence is new. */
beforeEach(() => {
  folder = new GovernedFolder(temporaryFolder());
  const files = filesOf(patches, policyText(patches, 'bounded_auto'));
  for (const [path, text] of files) if (!path.startsWith(`${EVIDENCE_PATH}/`)) folder.write(path, text);
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git('commit', '--quiet', '--message=Base configuration and policy');
  for (const [path, text] of files) if (path.startsWith(`${EVIDENCE_PATH}/`)) folder.write(path, text);
});

/** Every file of the work tree that holds a key, but what people gave. */
function leaks(): readonly string[] {
  return [...folder.snapshot()].flatMap(([path, content]) =>
    SECRET.test(content) && !GIVEN.includes(path) ? [path] : [],
  );
}

describe('cycle 10 through the command line', () => {
  it('rejects the API key and promotes the rest, for operators', async () => {
    const { patches: told } = JSON.parse((await tell('cycle', '--json')).stdout) as {
      patches: {
        target: string;
        decision: { status: string; lane: string | null; planned_value: unknown };
      }[];
    };
    expect(told.map(({ target, decision }) => [target, decision.status, decision.lane])).toEqual([
      [KEY, 'REJECTED_BY_POLICY', null],
      ['reporting.email_frequency', 'ACCEPTED_FOR_PROPOSAL', 'manual'],
      ['risk.stop_loss', 'REJECTED_BY_POLICY', null],
      ['strategy.position_size', 'ACCEPTED_FOR_PROPOSAL', 'manual'],
    ]);
    expect(told[0]).toMatchObject({
      old_value: '[redacted]',
      new_value: '[redacted]',
      claimed_old_values: [],
      decision: { planned_value: '[redacted]' },
    });
  });

  it('tells the key in no answer, as text or as JSON, and writes it nowhere', async () => {
    const commands = [
      ['learn', '--dry-run'],
      ['learn'],
      ['promote', '--dry-run'],
      ['promote', '--auto-apply-mode', 'manual_only'],
      ['promote', '--auto-apply-mode', 'disabled'],
      ['cycle'],
      ['status'],
      ['signals'],
      ['signals', 'operator-patches'],
      ['proposals'],
      ['proposals', '--latest'],
      ['why'],
      ['why', KEY],
      ['config', 'diff', '--env', 'live'],
      ['config', 'diff', '--offline'],
    ];
    for (const command of commands) {
      await tell(...command);
      await tell(...command, '--json');
    }
    expect(folder.names('reports/live_promotion')).toHaveLength(1);
    expect(leaks()).toEqual([]);
  });

  it('publishes the promotion of the rest, when each patch has a file of its own', async () => {
    folder.remove(EVIDENCE);
    for (const patch of patches) folder.write(`${EVIDENCE_PATH}/${patch.target}.json`, evidenceText([patch]));
    await publish();
    expect(branches()).toEqual(['peak/promotion/manual']);
    const names = git('ls-tree', '-r', '--name-only', 'peak/promotion/manual');
    expect(names).toContain(`${EVIDENCE_PATH}/strategy.position_size.json`);
    expect(names).not.toContain(`${EVIDENCE_PATH}/${KEY}.json`);
    expect(git('show', 'peak/promotion/manual:config/live_overrides/auto.toml')).toContain(
      '"strategy.position_size" = 0.025',
    );
  });

  it('publishes nothing of a file that carries the key, and says so', async () => {
    const { problems } = JSON.parse(await publish()) as { problems: { code: string; file: string }[] };
    expect(problems.map(({ code, file }) => `${code} ${file}`)).toEqual([`EVIDENCE_QUARANTINED ${EVIDENCE}`]);
    expect(branches()).toEqual(['peak/evidence']);
    expect(git('ls-tree', '-r', '--name-only', 'peak/evidence')).not.toContain(EVIDENCE);
  });

  /** Publishes and returns the answer in JSON; no branch holds the key, and nothing else changes. */
  async function publish(): Promise<string> {
    const before = git('rev-parse', 'main');
    await tell('cycle', '--publish', 'branch', '--dry-run');
    const { stdout } = await tell('cycle', '--publish', 'branch', '--json');
    for (const branch of branches())
      expect(git('log', '--format=fuller', '--patch', `main..${branch}`)).not.toMatch(SECRET);
    expect(git('rev-parse', 'main')).toBe(before);
    expect(leaks()).toEqual([]);
    return stdout;
  }

  function branches(): readonly string[] {
    const names = git('for-each-ref', '--format=%(refname:short)', 'refs/heads/peak');
    return names.split('\n').filter((name) => name !== '');
  }
});
