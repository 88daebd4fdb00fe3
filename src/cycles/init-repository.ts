import { parsePolicy } from '../governance/index.ts';
import { AppError } from '../kernel/app-error.ts';
import { POLICY_PATH } from '../kernel/governed-paths.ts';
import { type Problem, problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import {
  type InitOptions,
  listLaidFiles,
  listRemainingSteps,
  type RemainingStep,
  renderTemplate,
  UNSET_ACTION,
  WEBHOOK_PATH,
  WORKFLOWS_FOLDER,
} from '../setup/index.ts';
import { buildEmptyOverrides } from './empty-overrides.ts';
import type { WorkTree } from './work-tree-port.ts';

/** Where a repository is laid out, and with what. */
export interface InitRequest extends InitOptions {
  readonly dryRun: boolean;
  /** Whether the folder lies in a Git repository. */
  readonly isRepository: boolean;
  /** Whether HEAD holds the policy. */
  readonly isCommitted: boolean;
  readonly server: string;
  /** Where the judge will be reached, `https://HOST`; null: not known yet. */
  readonly judgeUrl: string | null;
  /** What starts this copy of `peak` in any folder, for a shell. */
  readonly self: string;
  /** The text of a file that this product ships, e.g. `templates/app.yml`. */
  readonly readTemplate: (name: string) => string;
}

/** One file. `kept`: something stood at `at`, and was not touched. */
export interface InitFile {
  readonly path: string;
  readonly state: 'written' | 'kept' | 'dry_run';
  readonly at: string;
}

export interface InitReport {
  readonly files: readonly InitFile[];
  readonly remaining: readonly RemainingStep[];
}

/** `owner/repository`, perhaps a folder in it, at a commit; nothing that could move, or break out of a line of YAML. */
const PINNED_ACTION = /^(?:\.\/|[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)+@[0-9a-f]{40})$/;

/**
 * Lays what a governed repository needs into a folder, and never overwrites: whatever stands at a path stays as it is. Fails,
 * before anything is written, with all problems of a policy or configuration that stands there or would be laid.
 */
export function initRepository(workTree: WorkTree, request: InitRequest): Result<InitReport> {
  const faults = findFaults(request);
  if (faults.length > 0) return fail(...faults);
  const laid = layFiles(workTree, request);
  // The operators are checked even where a policy stands already: they also go into CODEOWNERS.
  const offered = parsePolicy(laid.get(POLICY_PATH)?.text ?? null);
  if (!offered.ok) return offered;
  const readText = (path: string) => workTree.readText(path) ?? laid.get(path)?.text ?? null;
  const policy = parsePolicy(readText(POLICY_PATH));
  const unset = [...laid.keys()].filter((path) => isUnset(path, readText));
  const overrides = policy.ok ? buildEmptyOverrides(readText) : policy;
  if (!overrides.ok) return overrides;
  for (const [path, text] of overrides.value)
    laid.set(path, { text, standing: standingAt(workTree, [path]) });
  const write = () => writeFiles(workTree, laid, request.dryRun);
  const files = request.dryRun ? write() : workTree.exclusively(write);
  const kept = files.filter(({ state }) => state === 'kept').map(({ at }) => at);
  const { server, owner, judgeUrl } = request;
  const apps = { server, owner, webhook: judgeUrl === null ? null : webhookOf(judgeUrl) };
  const hasOperators = policy.ok && policy.value.approvals.operators.length > 0;
  return ok({
    files,
    remaining: listRemainingSteps(request, { ...request, kept, apps, unset, hasOperators }),
  });
}

/** Whether a workflow does not say yet which copy of the action to run. What stands there and cannot be read is for the doctor. */
function isUnset(path: string, readText: (path: string) => string | null): boolean {
  if (!path.startsWith(`${WORKFLOWS_FOLDER}/`)) return false;
  try {
    return readText(path)?.includes(UNSET_ACTION) === true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** A login of GitHub. */
const OWNER = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/;

function findFaults({ action, owner, judgeUrl }: InitRequest): readonly Problem[] {
  const say = (argument: string, reason: string, hint: string) =>
    problem('ARGUMENT_INVALID', { argument, reason, hint });
  return [
    ...(action === null || PINNED_ACTION.test(action)
      ? []
      : [
          say(
            '--action',
            'is no owner/repository@commit',
            `--action acme/peak-trade-gitops@${'0'.repeat(40)}`,
          ),
        ]),
    ...(owner === null || OWNER.test(owner)
      ? []
      : [say('--owner', 'is no organization or login', '--owner acme')]),
    ...(judgeUrl === null || webhookOf(judgeUrl) !== null
      ? []
      : [say('--judge-url', 'is no https address', '--judge-url https://judge.example.org')]),
  ];
}

/** GitHub sends what is in a pull request: never in the clear. */
function webhookOf(judgeUrl: string): string | null {
  const url = URL.canParse(judgeUrl) ? new URL(judgeUrl) : null;
  const isPlain = url?.protocol === 'https:' && url.username === '' && url.search === '' && url.hash === '';
  return isPlain ? `${url.origin}${url.pathname.replace(/\/+$/, '') || WEBHOOK_PATH}` : null;
}

interface Laid {
  readonly text: string;
  /** Where something stands already, or null. */
  readonly standing: string | null;
}

function layFiles(workTree: WorkTree, request: InitRequest): Map<string, Laid> {
  const laid = listLaidFiles(request.profile).map(({ path, template, elsewhere = [] }): [string, Laid] => {
    const text = template === null ? '' : renderTemplate(request.readTemplate(template), request);
    return [path, { text, standing: standingAt(workTree, [path, ...elsewhere]) }];
  });
  return new Map(laid);
}

/** The first path where anything stands: a file, a folder, a link. Names that differ by case only are the same on some disks. */
function standingAt(workTree: WorkTree, paths: readonly string[]): string | null {
  for (const path of paths) {
    const end = path.lastIndexOf('/');
    const folder = end === -1 ? '.' : path.slice(0, end);
    const name = path.slice(end + 1).toLowerCase();
    const found = workTree.listNames(folder).find((other) => other.toLowerCase() === name);
    if (found !== undefined) return end === -1 ? found : `${folder}/${found}`;
  }
  return null;
}

function writeFiles(
  workTree: WorkTree,
  laid: ReadonlyMap<string, Laid>,
  dryRun: boolean,
): readonly InitFile[] {
  return [...laid].sort(byPath).map(([path, { text, standing }]) => {
    if (standing !== null) return { path, state: 'kept', at: standing };
    if (!dryRun) workTree.write(path, text);
    return { path, state: dryRun ? 'dry_run' : 'written', at: path };
  });
}

function byPath([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
