/** What the package gives to those who install it, by the names in its `exports`. */
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { cleanEnvironment, peakCommand, runCommand } from '../support/cli/run-peak.ts';

/** A package may import itself by its name: the same `exports` decide as for others. */
async function evaluate(script: string) {
  const folder = join(dirname(peakCommand()[1] ?? ''), '..');
  const command = [process.execPath, '--input-type=module', '--eval', script];
  return await runCommand(command, { cwd: folder, env: cleanEnvironment() });
}

test('./app is the Probot application function, and starts nothing by being imported', async () => {
  const script = `const { default: app, ...rest } = await import('peak-trade-gitops/app');
    console.log(typeof app, Object.keys(rest).length);`;
  expect(await evaluate(script)).toMatchObject({ exitCode: 0, stdout: 'function 0\n', stderr: '' });
});

test('the library is the package itself, and nothing else can be reached', async () => {
  const script = `const library = await import('peak-trade-gitops');
    console.log(typeof library.loadConfigWithLiveOverrides);
    await import('peak-trade-gitops/dist/compose.js').catch(({ code }) => console.log(code));`;
  expect(await evaluate(script)).toMatchObject({
    exitCode: 0,
    stdout: 'function\nERR_PACKAGE_PATH_NOT_EXPORTED\n',
  });
});
