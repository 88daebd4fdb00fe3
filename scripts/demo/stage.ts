import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunningJudge } from '../../src/app/judge-app.ts';
import {
  type Account,
  type App,
  type Forge,
  type Repository,
  startForge,
} from '../../test/support/forge/index.ts';
import { listen, protect, registerJudge, startJudge } from '../../test/support/judge/local-judge.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const GOVERNED = ['config', 'reports', '.gitattributes', '.gitignore'];
export const EVIDENCE = 'reports/learning_snippets';
/** 2026-11-21T22:26:40Z, the evening after the newest sample signal. */
const SAMPLE_MS = 1_795_300_000_000;
const MINUTE_MS = 60_000;

/** A local GitHub with a governed repository on it, the judge that guards it, and a folder for a clone. */
export interface Stage {
  readonly forge: Forge;
  readonly repository: Repository;
  readonly judge: RunningJudge;
  readonly judgeApp: App;
  /** The policy's one operator. */
  readonly operator: Account;
  /** Somebody who may write to the repository, and is no operator. */
  readonly stranger: Account;
  /** Where the clone belongs. */
  readonly folder: string;
  /** Moves the time of everything on the stage on. */
  readonly wait: (minutes: number) => void;
  /** What GitHub Actions sets for the publisher App. */
  readonly variables: Readonly<Record<string, string>>;
  /** Leaves nothing behind but the clone. */
  readonly close: () => Promise<void>;
}

/** Starts it. The evidence is not on GitHub yet. The time of this process becomes that of the stage: Apps sign with it. */
export async function buildStage(): Promise<Stage> {
  let clockMs = SAMPLE_MS;
  const now = () => clockMs;
  Date.now = now;
  const forge = await startForge({ clock: now });
  const owner = forge.createOrganization('acme');
  const [operator, stranger] = [forge.createUser('olivia'), forge.createUser('mallory')];
  const repository = await forge.createRepository({ owner, name: 'trading', files: governedFiles() });
  for (const person of [operator, stranger]) forge.setRole(repository, person, 'write');
  const app = await forge.createApp({
    slug: 'peak-publisher',
    permissions: { contents: 'write', issues: 'read', pull_requests: 'write', members: 'read' },
  });
  forge.install(app, owner, [repository]);
  const below = mkdtempSync(join(tmpdir(), 'peak-demo-'));
  const guard = await startGuard(forge, repository, { publisher: app.slug, folder: join(below, 'mirrors') });
  return {
    forge,
    repository,
    ...guard,
    operator,
    stranger,
    wait: (minutes) => {
      clockMs += minutes * MINUTE_MS;
    },
    folder: join(below, 'trading'),
    variables: {
      APP_ID: String(app.id),
      PRIVATE_KEY: app.privateKey,
      GITHUB_REPOSITORY: 'acme/trading',
      GITHUB_API_URL: forge.apiUrl,
      GITHUB_SERVER_URL: forge.serverUrl,
    },
    close: async () => {
      await guard.close();
      await forge.close();
    },
  };
}

/** The judge's App in this process, behind signed webhooks; the branch demands its check. */
async function startGuard(
  forge: Forge,
  repository: Repository,
  settings: { readonly publisher: string; readonly folder: string },
): Promise<Pick<Stage, 'judge' | 'judgeApp' | 'close'>> {
  const closers: (() => Promise<void>)[] = [];
  const web = await listen((close) => closers.push(close));
  const judgeApp = await registerJudge(forge, web.address);
  forge.install(judgeApp, repository.owner, [repository]);
  protect({ forge, repository }, judgeApp, 'recommended');
  const judge = await startJudge({ forge }, { judgeApp, web, settings });
  const close = async () => {
    await judge.stop();
    for (const closer of closers) await closer();
    rmSync(settings.folder, { recursive: true, force: true });
  };
  return { judge, judgeApp, close };
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
