import { afterEach, expect } from 'vitest';
import {
  type Account,
  type App,
  type Client,
  type Forge,
  type ForgeOptions,
  type Installation,
  type Repository,
  startForge,
} from '../index.ts';
import { type Receiver, startReceiver } from './receiver.ts';

/** A forge with an organization, its repository, people, and the two Apps that the product knows. */
export interface Desk {
  readonly forge: Forge;
  readonly organization: Account;
  readonly repository: Repository;
  /** Writers. */
  readonly ann: Account;
  readonly bob: Account;
  /** A stranger. */
  readonly eve: Account;
  readonly publisher: App;
  readonly judge: App;
  readonly judgeInstallation: Installation;
  /** Clients of the Apps' installations, below the repository. */
  readonly asPublisher: Client;
  readonly asJudge: Client;
  /** What the judge's webhook address got. */
  readonly receiver: Receiver;
  /** A client of a user, below the repository. */
  as(who: Account): Client;
}

/** 2026-11-21T22:26:40Z. */
export const NOW = 1_795_300_000_000;

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** Starts a desk that closes after the test. */
export async function startDesk(
  options: ForgeOptions & { readonly private?: boolean; readonly files?: Record<string, string> } = {},
): Promise<Desk> {
  const forge = await startForge({ clock: () => NOW, ...options });
  const receiver = await startReceiver();
  open.push(receiver.close, forge.close);
  const organization = forge.createOrganization('desk');
  const [ann, bob, eve] = ['ann', 'bob', 'eve'].map((login) => forge.createUser(login)) as [
    Account,
    Account,
    Account,
  ];
  const repository = await forge.createRepository({
    owner: organization,
    name: 'config',
    private: options.private ?? true,
    files: options.files ?? { 'a.txt': 'one\ntwo\nthree\n', 'dir/b.txt': 'b\n' },
  });
  forge.setRole(repository, ann, 'write');
  forge.setRole(repository, bob, 'write');
  const publisher = await forge.createApp({
    slug: 'peak-publisher',
    permissions: { contents: 'write', pull_requests: 'write', issues: 'write' },
  });
  const judge = await forge.createApp({
    slug: 'peak-judge',
    permissions: {
      contents: 'write',
      pull_requests: 'write',
      issues: 'write',
      checks: 'write',
      members: 'read',
    },
    events: [
      'push',
      'pull_request',
      'pull_request_review',
      'issue_comment',
      'issues',
      'check_run',
      'check_suite',
      'merge_group',
      'repository_dispatch',
    ],
    webhook: { url: receiver.url, secret: receiver.secret },
  });
  const publisherInstallation = forge.install(publisher, organization);
  const judgeInstallation = forge.install(judge, organization, [repository]);
  return {
    forge,
    organization,
    repository,
    ann,
    bob,
    eve,
    publisher,
    judge,
    judgeInstallation,
    receiver,
    asPublisher: forge.as(forge.installationTokenOf(publisherInstallation)).in(repository),
    asJudge: forge.as(forge.installationTokenOf(judgeInstallation)).in(repository),
    as: (who) => forge.as(who).in(repository),
  };
}

/** Pushes a branch as somebody, and opens a pull request from it; answers its number and head. */
export async function openPull(
  desk: Desk,
  {
    author = desk.ann,
    branch = 'topic',
    files = { 'a.txt': 'ONE\ntwo\nthree\n' } as Record<string, string | null>,
  } = {},
): Promise<{ readonly number: number; readonly head: string }> {
  const pushed = await desk.forge.push(desk.repository, { author, branch, files });
  const { status, body } = await desk
    .as(author)
    .post('/pulls', { title: branch, head: branch, base: 'main', body: 'why' });
  expect(status).toBe(201);
  return { number: body.number, head: pushed.commit };
}

/** Lets the judge's App post a completed check run. */
export function postCheck(
  client: Client,
  head: string,
  { name = 'peak/governance', conclusion = 'success' } = {},
): ReturnType<Client['post']> {
  return client.post('/check-runs', { name, head_sha: head, status: 'completed', conclusion });
}
