import { appendFileSync } from 'node:fs';
import { EXIT, type ExitCode } from './exit-code.ts';
import { main } from './main.ts';

export { main } from './main.ts';

type Variables = Record<string, string | undefined>;

/** What `action.yml` was asked for: command lines of `peak` to run in order, up to the first that fails. */
export interface ActionPlan {
  readonly runs: readonly (readonly string[])[];
  /** Set before they run; undefined takes a variable away. */
  readonly variables: Variables;
  /** Whether later steps shall find `peak` on their PATH. */
  readonly onPath: boolean;
}

/** Input → the variable that the command reads it from. An empty input sets nothing. */
const CREDENTIALS = { 'app-id': 'APP_ID', 'private-key': 'PRIVATE_KEY', token: 'GITHUB_TOKEN' } as const;

/**
 * Turns inputs, as a runner passes them (`INPUT_<NAME>`, in capitals), into command lines. Each value is one word behind an
 * option's `=` or behind `--`, so that none can become an option. Null: no known command.
 */
export function planAction(variables: Variables): ActionPlan | null {
  const input = (name: string): string => (variables[`INPUT_${name.toUpperCase()}`] ?? '').trim();
  const command = input('command');
  if (command === 'setup') return { runs: [], variables: {}, onPath: true };
  if (command !== 'cycle') return null;
  const root = `--root=${input('root') || '.'}`;
  const [evidence, mode] = [input('evidence'), input('mode')];
  const given = Object.entries(CREDENTIALS).map(([name, variable]) => [variable, input(name) || undefined]);
  return {
    runs: [
      ...(evidence === '' ? [] : [['signal', 'import', root, '--', evidence]]),
      [
        'cycle',
        root,
        `--publish=${input('publish') || 'github'}`,
        ...(mode === '' || mode === 'policy' ? [] : [`--auto-apply-mode=${mode}`]),
      ],
    ],
    variables: Object.fromEntries(given),
    onPath: false,
  };
}

/** Runs the action: reads its inputs from `variables`, which it changes; `binFolder` holds the command for later steps. */
export async function runAction(variables: Variables, binFolder: string): Promise<ExitCode> {
  const plan = planAction(variables);
  if (plan === null) {
    process.stderr.write('error: the input "command" is neither cycle nor setup\n');
    return EXIT.badInput;
  }
  for (const [name, value] of Object.entries(plan.variables)) {
    if (value === undefined) delete variables[name];
    else variables[name] = value;
  }
  if (plan.onPath && variables['GITHUB_PATH']) appendFileSync(variables['GITHUB_PATH'], `${binFolder}\n`);
  for (const args of plan.runs) {
    const exitCode = await main(args);
    if (exitCode !== EXIT.done) return exitCode;
  }
  return EXIT.done;
}
