import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AutoApplyPolicy, RULES } from '../../src/governance/index.ts';
import { GovernedFolder, temporaryFolder } from '../support/cli/governed-folder.ts';
import { cleanEnvironment, runCommand } from '../support/cli/run-peak.ts';
import { ROOT, readDocument } from './markdown.ts';

const AUTO_TOML = 'config/live_overrides/auto.toml';

/** Runs the generator as `npm run generate` does. */
function generate(...args: readonly string[]) {
  const command = [process.execPath, '--import', 'tsx', 'scripts/generate.ts', ...args];
  return runCommand(command, { cwd: ROOT, env: cleanEnvironment() });
}

/** A copy of everything that is generated, and of what it is generated from. */
function copy(): GovernedFolder {
  const root = temporaryFolder();
  for (const name of ['config', 'schemas', 'docs', 'templates', '.github', 'app.yml'])
    cpSync(join(ROOT, name), join(root, name), { recursive: true });
  return new GovernedFolder(root);
}

describe('scripts/generate.ts', () => {
  it('finds the generated files of this repository up to date', async () => {
    expect(await generate('--check')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('names every file that is not, and writes nothing', async () => {
    const folder = copy();
    folder.remove('schemas/promotion.schema.json');
    folder.edit('docs/policy-reference.md', '# Policy reference', '# Policy');
    folder.write(AUTO_TOML, '[auto_applied]\n');
    const before = folder.snapshot();
    const { exitCode, stderr } = await generate('--check', '--root', folder.root);
    expect(exitCode).toBe(1);
    expect(stderr.match(/^[^\s:]+/gm)?.sort()).toEqual([
      AUTO_TOML,
      'docs/policy-reference.md',
      'schemas/promotion.schema.json',
    ]);
    expect(folder.snapshot()).toEqual(before);
  });

  it('writes them so that they are up to date', async () => {
    const folder = copy();
    const before = folder.snapshot();
    folder.remove('schemas/promotion.schema.json');
    folder.write(AUTO_TOML, '[auto_applied]\n');
    expect(await generate('--root', folder.root)).toMatchObject({ exitCode: 0 });
    expect(folder.snapshot()).toEqual(before);
  });

  it('leaves an override file alone that holds an override', async () => {
    const folder = copy();
    folder.write(AUTO_TOML, '[auto_applied]\n"portfolio.leverage" = 1.25\n');
    folder.write('config/auto/learning.override.toml', '[overrides]\n"portfolio.leverage" = 1.25\n');
    expect(await generate('--check', '--root', folder.root)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('tells what is wrong with a policy that is not valid', async () => {
    const folder = copy();
    folder.edit('config/promotion.toml', 'lock = false', 'lok = false');
    const { exitCode, stderr } = await generate('--check', '--root', folder.root);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('config/promotion.toml:7:1');
  });
});

describe('docs/policy-reference.md', () => {
  it('has every table and every key of the policy', () => {
    const text = readDocument('docs/policy-reference.md');
    for (const [table, schema] of Object.entries(AutoApplyPolicy.shape)) {
      expect(text).toMatch(new RegExp(`^## \`\\[${table}(\\.<name>)?\\]\`$`, 'm'));
      const { shape = {} } = (schema as { def: { innerType?: { shape?: object } } }).def.innerType ?? {};
      for (const key of Object.keys(shape)) expect(text).toContain(`| \`${key}\` |`);
    }
  });
});

describe('docs/governance.md', () => {
  it('has every rule, in their order', () => {
    const rows = [...readDocument('docs/governance.md').matchAll(/^\| `([a-z-]+)` \|/gm)].map(
      ([, name]) => name,
    );
    expect(rows.filter((name) => RULES.some((rule) => rule.name === name))).toEqual(
      RULES.map(({ name }) => name),
    );
  });
});
