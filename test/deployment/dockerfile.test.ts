/** Tests build no image: what can be known of it without an engine is read from its text. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Instructions in order, continued lines joined. */
const INSTRUCTIONS = read('Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [name = '', ...rest] = line.split(' ');
    return { name, text: rest.join(' ') };
  });
const STAGES = INSTRUCTIONS.flatMap(({ name }, i) => (name === 'FROM' ? [i] : []));
const LAST = INSTRUCTIONS.slice(STAGES.at(-1));
const of = (name: string, within = INSTRUCTIONS) =>
  within.filter((one) => one.name === name).map(({ text }) => text);

describe('Dockerfile', () => {
  test('knows no instruction that this test does not', () => {
    const known = 'ARG FROM LABEL WORKDIR COPY RUN ENV USER EXPOSE HEALTHCHECK CMD'.split(' ');
    expect(INSTRUCTIONS.filter(({ name }) => !known.includes(name))).toEqual([]);
  });

  test('builds in stages, on a Node.js that the package allows', () => {
    expect(STAGES).toHaveLength(3);
    for (const from of of('FROM')) expect(from).toMatch(/^\$\{BASE\}(?: AS [a-z]+)?$/);
    // Before the first stage, where one argument pins them all.
    expect(INSTRUCTIONS[0]).toEqual({ name: 'ARG', text: 'BASE=node:22-bookworm-slim' });
  });

  test('installs what is locked, without scripts; the image gets no development packages', () => {
    const installs = of('RUN').filter((text) => text.includes('npm '));
    expect(installs).toHaveLength(2);
    for (const text of installs) expect(text).toMatch(/^npm ci .*--ignore-scripts/);
    expect(of('COPY', LAST)).toContain('--from=packages /peak/node_modules ./node_modules');
    const packages = INSTRUCTIONS.slice(STAGES[1], STAGES[2]);
    expect(of('RUN', packages)[0]).toContain('--omit=dev');
  });

  test('has git, and leaves no package lists behind', () => {
    const [run = ''] = of('RUN', LAST);
    expect(run).toMatch(/--no-install-recommends ca-certificates git /);
    expect(run).toContain('rm -rf /var/lib/apt/lists/*');
  });

  test('runs as a user without rights, who owns nothing but the data', () => {
    const names = LAST.map(({ name }) => name);
    expect(of('USER', LAST)).toEqual(['node']);
    expect(names.lastIndexOf('COPY')).toBeLessThan(names.indexOf('USER'));
    expect(names.lastIndexOf('RUN')).toBeLessThan(names.indexOf('USER'));
    expect(of('COPY').filter((text) => text.includes('--chown'))).toEqual([]);
  });

  test('says what it is made of', () => {
    const [label = ''] = of('LABEL', LAST);
    for (const name of ['VERSION', 'COMMIT']) {
      expect(of('ARG', LAST)).toContain(`${name}=unknown`);
      expect(label).toContain(`"\${${name}}"`);
    }
  });

  test('has the command peak, with what it reads', () => {
    expect(of('RUN', LAST)[0]).toContain('ln -s /peak/bin/peak.js /usr/local/bin/peak');
    for (const folder of ['bin', 'schemas', 'templates'])
      expect(of('COPY', LAST)).toContain(`${folder} ./${folder}`);
    expect(statSync(join(ROOT, 'bin/peak.js')).mode & 0o111).not.toBe(0);
  });

  test('asks /ready whether it is well, with what the image has, and not before the first clone', () => {
    const [check = ''] = of('HEALTHCHECK', LAST);
    expect(check).toContain('--start-period=10m');
    const command = JSON.parse(check.slice(check.indexOf('CMD ') + 4)) as readonly string[];
    expect(command.slice(0, 2)).toEqual(['node', '-e']);
    expect(command[2]).toContain('/ready');
    expect(() => new Function(command[2] ?? '')).not.toThrow();
  });

  test('starts the judge without a shell, so that it is told when to stop', () => {
    const command = JSON.parse(of('CMD', LAST)[0] ?? '[]') as readonly string[];
    expect(command).toEqual(['node', 'bin/judge.js']);
    expect(existsSync(join(ROOT, command[1] ?? ''))).toBe(true);
  });

  test('holds no secret and no fixed clock', () => {
    const text = read('Dockerfile');
    expect(text).not.toMatch(/PRIVATE_KEY|WEBHOOK_SECRET|TOKEN|APP_ID|SOURCE_DATE_EPOCH/);
  });
});

describe('.dockerignore', () => {
  const lines = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

  test('lets in what is copied, and nothing else', () => {
    const copied = of('COPY')
      .filter((text) => !text.startsWith('--from'))
      .flatMap((text) => text.split(' ').slice(0, -1));
    expect(lines[0]).toBe('*');
    const allowed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(allowed.sort()).toEqual([...new Set(copied)].sort());
    for (const path of allowed) expect(existsSync(join(ROOT, path))).toBe(true);
  });

  test('keeps keys and settings out of the folders that it lets in', () => {
    expect(lines).toEqual(expect.arrayContaining(['**/*.pem', '**/.env*', '**/*.env']));
    const ignored = read('.gitignore').split('\n');
    const laid = read('templates/gitignore').split('\n');
    for (const pattern of ['*.pem', '.env*', '*.env'])
      expect([ignored, laid]).toEqual([expect.arrayContaining([pattern]), expect.arrayContaining([pattern])]);
  });
});
