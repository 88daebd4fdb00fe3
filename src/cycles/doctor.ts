import { parsePolicy } from '../governance/index.ts';
import { AppError } from '../kernel/app-error.ts';
import { POLICY_PATH } from '../kernel/governed-paths.ts';
import { instantFromMs } from '../kernel/instant.ts';
import {
  type Check,
  CODEOWNERS_PATHS,
  CONVERTING_ATTRIBUTES,
  checkGitHub,
  checkLocally,
  EXPECTED_FILES,
  type ExpectedApps,
  governedSamples,
  type Known,
  LOCAL_STATE,
  WORKFLOWS_FOLDER,
  wrong,
} from '../setup/index.ts';
import type { Checkout } from './checkout-port.ts';
import { gather } from './gather.ts';
import type { SettingsReader } from './settings-reader-port.ts';
import type { WorkTree } from './work-tree-port.ts';

/** What a diagnosis looks at. */
export interface DoctorRequest {
  /** Null outside Git. */
  readonly checkout: Checkout | null;
  readonly hasCommits: boolean;
  /** Null: GitHub is not asked, and the report says so. */
  readonly settings: SettingsReader | null;
  readonly apps: ExpectedApps;
}

/** What was found. `failure`: why GitHub could not be asked; the rest stands. */
export interface Diagnosis {
  readonly checks: readonly Check[];
  readonly failure: AppError | null;
}

/** Looks at a governed folder and at its repository's settings. Writes nothing, and answers every check, also what is OK. */
export async function diagnose(workTree: WorkTree, request: DoctorRequest): Promise<Diagnosis> {
  const policy = parsePolicy(read(workTree, POLICY_PATH));
  const local = await readLocally(workTree, request, policy.ok ? policy.value.config.layers : []);
  const checks = checkLocally({ ...local, policy });
  if (request.settings === null) return { checks: [...checks, wrong('GITHUB', 'warning')], failure: null };
  try {
    const settings = await request.settings.read(policy.ok ? policy.value.approvals.operators : []);
    const found = checkGitHub(settings, policy.ok ? policy.value : null, request.apps);
    return { checks: [...checks, ...found], failure: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const unread: Check = { code: 'GITHUB', level: 'warning', args: {}, unread: error.message };
    return { checks: [...checks, unread], failure: error };
  }
}

async function readLocally(
  workTree: WorkTree,
  { checkout, hasCommits }: DoctorRequest,
  layers: readonly string[],
) {
  const samples = governedSamples(layers);
  const readText = (path: string) => read(workTree, path);
  const gathered = gather({ readText, readEvidence: () => {} }, { clock: instantFromMs(0) });
  return {
    hasCommits,
    configurationProblems: gathered.ok ? [] : gathered.problems.filter(({ file }) => file !== POLICY_PATH),
    present: new Set(EXPECTED_FILES.filter((path) => readText(path) !== null)),
    workflows: readWorkflows(workTree),
    codeOwners: findCodeOwners(workTree),
    attributes: await known(checkout, (git) => git.attributes(samples, CONVERTING_ATTRIBUTES)),
    ignored: await known(checkout, (git) => git.ignored([...samples, ...LOCAL_STATE])),
  };
}

/** A file that cannot be read is as bad as none: the check that needs it fails. */
function read(workTree: WorkTree, path: string): string | null {
  try {
    return workTree.readText(path);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function readWorkflows(workTree: WorkTree): ReadonlyMap<string, string | null> {
  const names = workTree.listNames(WORKFLOWS_FOLDER).filter((name) => /\.ya?ml$/i.test(name));
  const paths = names.map((name) => `${WORKFLOWS_FOLDER}/${name}`);
  return new Map(paths.map((path) => [path, read(workTree, path)]));
}

function findCodeOwners(workTree: WorkTree) {
  for (const file of CODEOWNERS_PATHS) {
    const text = read(workTree, file);
    if (text !== null) return { file, text };
  }
  return null;
}

async function known<T>(
  checkout: Checkout | null,
  ask: (checkout: Checkout) => Promise<T>,
): Promise<Known<T>> {
  if (checkout === null) return { known: false, reason: 'no Git repository' };
  try {
    return { known: true, value: await ask(checkout) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { known: false, reason: error.message };
  }
}
