/** What `peak init` lays and what this repository has of its own are the same; manifests say what the code says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkGitHub, JUDGE_APP, PUBLISHER_APP } from '../../src/setup/index.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const linesOf = (text: string): readonly string[] =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

test.each([
  ['templates/gitattributes', '.gitattributes'],
  ['templates/gitignore', '.gitignore'],
])('every line of %s stands in %s', (template, own) => {
  expect(linesOf(read(template)).length).toBeGreaterThan(2);
  expect(linesOf(read(own))).toEqual(expect.arrayContaining([...linesOf(read(template))]));
});

describe.each([
  ['app.yml', JUDGE_APP],
  ['.github/peak/publisher-app.yml', PUBLISHER_APP],
])('the manifest %s', (path, app) => {
  const manifest = parse(read(path)) as Record<string, unknown>;

  test('asks for what the page asks for that peak init prints', () => {
    expect(manifest).toMatchObject({ name: app.name, default_events: app.events });
    expect(manifest['default_permissions']).toEqual(app.permissions);
  });

  test('is not public, and may neither change workflows nor settings', () => {
    expect(manifest['public']).toBe(false);
    for (const forbidden of ['workflows', 'administration', 'secrets', 'environments'])
      expect(app.permissions).not.toHaveProperty(forbidden);
    expect(['read', undefined]).toContain((app.permissions as Record<string, string>)['actions']);
  });
});

test('the publisher cannot report checks', () => {
  expect(PUBLISHER_APP.permissions).not.toHaveProperty('checks');
  expect(PUBLISHER_APP.permissions).not.toHaveProperty('statuses');
});

test('ruleset.json is what the doctor asks for, but for the App that only its owner knows', () => {
  const ruleset = JSON.parse(read('templates/ruleset.json')) as {
    bypass_actors: readonly unknown[];
    rules: readonly { type: string; parameters?: Record<string, unknown> }[];
  };
  const parametersOf = (type: string) => ruleset.rules.find((rule) => rule.type === type)?.parameters ?? {};
  const required = parametersOf('required_status_checks');
  const [{ context, integration_id: app } = { context: '', integration_id: 1 }] = required[
    'required_status_checks'
  ] as { context: string; integration_id: number }[];
  expect(app).toBe(0);
  const types = ruleset.rules.map(({ type }) => type);
  const checks = checkGitHub(
    {
      repository: 'acme/trading',
      defaultBranch: 'main',
      allowsRebaseMerge: { known: true, value: true },
      deletesMergedBranches: { known: true, value: true },
      rules: {
        known: true,
        value: {
          pullRequest: types.includes('pull_request'),
          checks: [
            { name: context, app: 7, upToDate: required['strict_required_status_checks_policy'] === true },
          ],
          blocksForcePush: types.includes('non_fast_forward'),
          blocksDeletion: types.includes('deletion'),
          mergeQueue: false,
          mergeMethods: parametersOf('pull_request')['allowed_merge_methods'] as readonly string[],
        },
      },
      bypass: { known: true, value: [] },
      actionsMayOpenPullRequests: { known: true, value: false },
      repositorySecrets: { known: true, value: [] },
      environment: {
        known: true,
        value: { branches: ['main'], secrets: { known: true, value: ['PEAK_PRIVATE_KEY'] } },
      },
      approvers: new Map(),
    },
    null,
    { judge: 7, publisher: 5 },
  );
  expect(ruleset.bypass_actors).toEqual([]);
  expect(checks.filter(({ level }) => level !== 'ok')).toEqual([]);
});
