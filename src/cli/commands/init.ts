import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { initRepository } from '../../cycles/init-repository.ts';
import { POLICY_PATH } from '../../kernel/governed-paths.ts';
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
  readonly owner?: string;
  readonly judgeUrl?: string;
}

/** `peak init`. */
export function init(_: string[], options: InitCommandOptions, streams: Streams): Promise<ExitCode> {
  return withWorld(options, streams, async ({ workTree, openRepository }) => {
    const repository = await openRepository();
    const head = (await repository?.resolve('HEAD')) ?? null;
    const committed = head === null ? [] : await repository?.list(head, [POLICY_PATH]);
    const operators = options.operator ?? [];
    const report = initRepository(workTree, {
      profile: options.profile,
      operators,
      owner: options.owner ?? organizationOf(operators),
      judgeUrl: options.judgeUrl ?? null,
      action: options.action ?? null,
      dryRun: options.dryRun === true,
      isRepository: repository !== null,
      isCommitted: committed?.length === 1,
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

/** The one organization that operators are teams of; null for none, and for several. */
function organizationOf(operators: readonly string[]): string | null {
  const names = operators.flatMap((name) => /^@([A-Za-z0-9-]{1,39})\//.exec(name)?.[1] ?? []);
  return new Set(names).size === 1 ? (names[0] ?? null) : null;
}
