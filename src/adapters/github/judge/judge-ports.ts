import type { AccessReader } from '../../../cycles/access-reader-port.ts';
import type { CheckRuns } from '../../../cycles/check-runs-port.ts';
import type { Identities } from '../../../cycles/identities-port.ts';
import type { Merging } from '../../../cycles/merging-port.ts';
import type { PullReader } from '../../../cycles/pull-reader-port.ts';
import type { Talking } from '../../../cycles/talking-port.ts';
import type { Person } from '../../../review/index.ts';
import { clientOf, type GitHubClient, type Requester } from '../client.ts';
import { statusOf } from '../failure.ts';
import { readEachPage } from '../known-answer.ts';
import type { OperationName } from '../operations.ts';
import { bindRepository } from '../repository.ts';
import { checkRuns } from './check-runs.ts';
import { mergingOf } from './merging.ts';
import { accessReader } from './read-access.ts';
import { pullReader } from './read-pulls.ts';
import { talkingOf } from './talking.ts';

/** What the judge can ask of GitHub about one repository, and write there. */
export interface JudgePorts {
  readonly pulls: PullReader;
  readonly access: AccessReader;
  readonly checks: CheckRuns;
  readonly merging: Merging;
  readonly talking: Talking;
}

/** Told of every operation that is asked, before it is. */
export type OnCall = (name: OperationName) => void;

/** Binds the judge's ports to a repository; `requester` acts as the App's installation there. */
export function judgePorts(
  requester: Requester,
  place: { readonly owner: string; readonly repo: string },
  { identities, onCall }: { readonly identities: Identities; readonly onCall: OnCall },
): JudgePorts {
  const repository = bindRepository(telling(clientOf(requester), onCall), place, {
    login: identities.judge.login,
  });
  const appId = identities.judgeAppId;
  const checks = checkRuns(repository, appId);
  return {
    pulls: pullReader(repository, { appId, latest: checks.latest }),
    access: accessReader(repository),
    checks,
    merging: mergingOf(repository),
    talking: talkingOf(repository),
  };
}

function telling(client: GitHubClient, onCall: OnCall): GitHubClient {
  return {
    call: (name, parameters) => {
      onCall(name);
      return client.call(name, parameters);
    },
  };
}

/** As whom to ask, and who opens pull requests. */
export interface IdentitiesRequest {
  /** Acts as the App itself. */
  readonly app: Requester;
  /** Acts as one of its installations. */
  readonly installation: Requester;
  /** The publisher App's name in addresses (its slug); null where none is named. */
  readonly publisher: string | null;
}

/** Who the judge and the publisher are, by their numbers. An App that is both is no publisher: judge.md §1. */
export async function readIdentities(request: IdentitiesRequest): Promise<Identities> {
  const app = await clientOf(request.app).call<{ id: number; slug: string }>('app', {});
  const installation = clientOf(request.installation);
  const judge = await readBot(installation, app.slug);
  const isApart = request.publisher !== null && request.publisher.toLowerCase() !== app.slug.toLowerCase();
  const publisher =
    isApart && request.publisher !== null ? await readBot(installation, request.publisher) : null;
  return { judge: judge ?? { id: -1, login: `${app.slug}[bot]` }, judgeAppId: app.id, publisher };
}

/** The account that an App writes as; null for an App that does not exist. */
async function readBot(client: GitHubClient, slug: string): Promise<Person | null> {
  try {
    const { id, login } = await client.call<Person>('user', { username: `${slug}[bot]` });
    return { id, login };
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** A token of an installation that reads the contents of one repository, and can do nothing else; it holds for an hour. */
export async function createReadToken(
  app: Requester,
  installationId: number,
  repositoryId: number,
): Promise<string> {
  const { token } = await clientOf(app).call<{ token: string }>('accessToken', {
    installation_id: installationId,
    repository_ids: [repositoryId],
    permissions: { contents: 'read' },
  });
  return token;
}

/** A repository that an installation covers. */
export interface InstalledPlace {
  readonly installationId: number;
  readonly id: number;
  readonly owner: string;
  readonly repo: string;
  readonly cloneUrl: string;
}

interface ListedRepository {
  readonly id: number;
  readonly name: string;
  readonly owner: { readonly login: string };
  readonly clone_url: string;
  readonly archived: boolean;
}

/** Every repository that the App is installed in; archived ones cannot change. */
export async function listPlaces(
  app: Requester,
  installationOf: (id: number) => Promise<Requester>,
): Promise<readonly InstalledPlace[]> {
  const installations = await readEachPage<{ id: number; suspended_at: string | null }>((page) =>
    clientOf(app).call('installations', page),
  );
  const places: InstalledPlace[] = [];
  for (const { id: installationId } of installations.filter(({ suspended_at: at }) => at === null)) {
    const client = clientOf(await installationOf(installationId));
    const repositories = await readEachPage(async (page) => {
      type Page = { repositories: readonly ListedRepository[] };
      return (await client.call<Page>('installationRepositories', page)).repositories;
    });
    for (const { id, name, owner, clone_url: cloneUrl, archived } of repositories)
      if (!archived) places.push({ installationId, id, owner: owner.login, repo: name, cloneUrl });
  }
  return places;
}
