import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Account, type Forge, type Repository, startForge } from '../../test/support/forge/index.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const GOVERNED = ['config', 'reports', '.gitattributes', '.gitignore'];
export const EVIDENCE = 'reports/learning_snippets';
/** 2026-11-21T22:26:40Z, the evening after the newest sample signal. */
const SAMPLE_MS = 1_795_300_000_000;
const HOUR_MS = 3_600_000;

/** A local GitHub with a governed repository on it, and a folder for its clone. */
export interface Stage {
  readonly forge: Forge;
  readonly repository: Repository;
  readonly operator: Account;
  /** Where the clone belongs. */
  readonly folder: string;
  /** The time of everything on the stage, in milliseconds. */
  readonly now: () => number;
  /** Moves it on. */
  readonly wait: (hours: number) => void;
  /** What GitHub Actions sets for the publisher App. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Starts it. The policy names one operator, Olivia; the evidence is not on GitHub yet. */
export async function buildStage(): Promise<Stage> {
  let clockMs = SAMPLE_MS;
  const now = () => clockMs;
  const forge = await startForge({ clock: now });
  const owner = forge.createOrganization('acme');
  const operator = forge.createUser('olivia');
  const repository = await forge.createRepository({ owner, name: 'trading', files: governedFiles() });
  forge.setRole(repository, operator, 'write');
  const app = await forge.createApp({
    slug: 'peak-publisher',
    permissions: { contents: 'write', pull_requests: 'write', members: 'read' },
  });
  forge.install(app, owner, [repository]);
  return {
    forge,
    repository,
    operator,
    now,
    wait: (hours) => {
      clockMs += hours * HOUR_MS;
    },
    folder: join(mkdtempSync(join(tmpdir(), 'peak-demo-')), 'trading'),
    variables: {
      APP_ID: String(app.id),
      PRIVATE_KEY: app.privateKey,
      GITHUB_REPOSITORY: 'acme/trading',
      GITHUB_API_URL: forge.apiUrl,
      GITHUB_SERVER_URL: forge.serverUrl,
    },
  };
}

/** Puts the sample evidence into the clone, as the producers of a night would. */
export function leaveEvidence(folder: string): void {
  cpSync(join(PROJECT, EVIDENCE), join(folder, EVIDENCE), { recursive: true });
}

function governedFiles(): Record<string, string> {
  const paths = GOVERNED.flatMap((path) => filesBelow(path)).filter((path) => !path.startsWith(EVIDENCE));
  const files = paths.map((path) => [path, readFileSync(join(PROJECT, path), 'utf8')] as const);
  return Object.fromEntries(
    files.map(([path, text]) => [path, text.replace('operators = []', 'operators = ["olivia"]')]),
  );
}

function filesBelow(path: string): readonly string[] {
  if (statSync(join(PROJECT, path)).isFile()) return [path];
  return readdirSync(join(PROJECT, path)).flatMap((name) => filesBelow(`${path}/${name}`));
}

/** Deletes the clone that a failed demo leaves. */
export function removeClone({ folder }: Stage): void {
  rmSync(join(folder, '..'), { recursive: true, force: true });
}
