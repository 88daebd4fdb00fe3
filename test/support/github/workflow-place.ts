import { chmodSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { GitFolder } from '../cli/git-folder.ts';
import { temporaryFolder } from '../cli/governed-folder.ts';
import { cleanEnvironment, runCommand } from '../cli/run-peak.ts';
import { type App, type Forge, type Repository, startForge } from '../forge/index.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** What the workflow touches of this repository. */
const CLONED = [
  ...['.gitattributes', '.gitignore', '.github', 'action', 'action.yml', 'app.yml'],
  ...['config', 'package.json', 'reports', 'schemas', 'templates'],
];

/** This repository on a local GitHub, as far as its workflows touch it. */
export interface WorkflowPlace {
  readonly forge: Forge;
  readonly repository: Repository;
  readonly app: App;
  /** Where an admin pushes to. */
  readonly adminUrl: string;
}

interface Start {
  /** A script that makes evidence; none without it. */
  readonly producer?: string;
  /** Edits what is pushed first. */
  readonly change?: (folder: GitFolder) => void;
}

/** Starts a local GitHub with this repository on the branch `trunk`, and the publisher App. */
export async function startWorkflowPlace(start: Start = {}): Promise<WorkflowPlace> {
  // The App signs with this machine's time.
  const forge = await startForge({ clock: Date.now });
  onTestFinished(() => forge.close());
  const owner = forge.createOrganization('acme');
  const admin = forge.createUser('root');
  const repository = await forge.createRepository({ owner, name: 'trading', defaultBranch: 'trunk' });
  forge.setRole(repository, admin, 'admin');
  const app = await forge.createApp({
    slug: 'peak-publisher',
    permissions: { contents: 'write', issues: 'read', pull_requests: 'write', members: 'read' },
  });
  forge.install(app, owner, [repository]);
  const adminUrl = forge.as(admin).gitUrl(repository);
  await pushStart(start, adminUrl);
  return { forge, repository, app, adminUrl };
}

/** Pushed and not just written: the modes of files matter. */
async function pushStart({ producer, change }: Start, url: string): Promise<void> {
  const folder = new GitFolder(temporaryFolder());
  for (const name of CLONED) cpSync(join(ROOT, name), folder.path(name), { recursive: true });
  if (producer !== undefined) {
    folder.write('.github/peak/producers/10-nightly', producer);
    chmodSync(folder.path('.github/peak/producers/10-nightly'), 0o755);
  }
  change?.(folder);
  folder.git('init', '--quiet', '--initial-branch=trunk');
  folder.commitAll();
  await push(folder.root, url, 'trunk');
}

/** Pushes a branch. Not synchronously: the server that answers lives in this process. */
export async function push(root: string, url: string, branch: string): Promise<void> {
  const pushed = await runCommand(['git', 'push', '--quiet', url, branch], {
    cwd: root,
    env: cleanEnvironment(),
  });
  if (pushed.exitCode !== 0) throw new Error(pushed.stderr);
}
