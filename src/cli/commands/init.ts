import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { initRepository } from '../../cycles/init-repository.ts';
import { shellWord } from '../../kernel/text/shell-word.ts';
import { initJson, initText } from '../../reports/init-report.ts';
import type { Profile } from '../../setup/index.ts';
import { answer, type CommonOptions, type Streams } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { withWorld } from '../with-world.ts';

interface InitCommandOptions extends CommonOptions {
  readonly profile: Profile;
  readonly operator?: readonly string[];
  readonly action?: string;
}

/** `peak init`. */
export function init(_: string[], options: InitCommandOptions, streams: Streams): Promise<ExitCode> {
  return withWorld(options, streams, async ({ workTree, openRepository }) => {
    const report = initRepository(workTree, {
      profile: options.profile,
      operators: options.operator ?? [],
      action: options.action ?? null,
      dryRun: options.dryRun === true,
      isRepository: (await openRepository()) !== null,
      server: streams.variables['GITHUB_SERVER_URL'] || 'https://github.com',
      self: `node ${shellWord(fileURLToPath(new URL('bin/peak.js', streams.packageFolder)))}`,
      readTemplate: (name) => readFileSync(new URL(name, streams.packageFolder), 'utf8'),
    });
    return answer(report, (done) => ({
      json: () => initJson(done),
      text: (style) => initText(done, style),
      warnings: [],
    }));
  });
}
