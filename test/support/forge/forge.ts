import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Buttons, createButtons } from './control/buttons.ts';
import { type Client, createClient } from './control/client.ts';
import { createPeople, type People } from './control/people.ts';
import { type Push, type Pushed, pushCommit } from './control/push.ts';
import { createRepositories, type Repositories } from './control/repositories.ts';
import type { Faults } from './http/faults.ts';
import type { RequestLogEntry } from './http/request-log.ts';
import { listen, originOf } from './http/server.ts';
import type { SchemaViolation } from './schema/github-schemas.ts';
import { API_PREFIX } from './views/urls.ts';
import type { Webhooks } from './webhooks/webhooks.ts';
import type { Account, Repository } from './world/model.ts';
import { createWorld, type ForgeOptions } from './world/world.ts';

/** A running local GitHub. */
export interface Forge extends People, Repositories, Buttons {
  /** `GITHUB_SERVER_URL`; git is at `/OWNER/NAME.git`. */
  readonly serverUrl: string;
  /** `GITHUB_API_URL`. */
  readonly apiUrl: string;
  /** Every request in the order of arrival of its answer. */
  readonly requests: RequestLogEntry[];
  /** What GitHub's description does not allow, in requests, answers and webhooks: tests assert that it is empty. */
  readonly violations: SchemaViolation[];
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  /** A client with a token, an account's own, or (null) none. */
  as(who: Account | string | null): Client;
  /** Makes a commit on the author's machine and pushes it over HTTP, by default with a token of the author. */
  push(repository: Repository, push: Push, client?: Client): Promise<Pushed>;
  /** Leaves no process, socket or folder behind. */
  close(): Promise<void>;
}

/** Starts a local GitHub on a free port of 127.0.0.1. */
export async function startForge(options: ForgeOptions = {}): Promise<Forge> {
  const folder = await mkdtemp(join(tmpdir(), 'peak-forge-'));
  const world = createWorld(folder, options);
  const server = await listen(world);
  world.origin = originOf(server.server);
  const people = createPeople(world);
  const as: Forge['as'] = (who) =>
    createClient(world, typeof who === 'object' && who !== null ? people.tokenOf(who) : who);
  return {
    ...people,
    ...createRepositories(world),
    ...createButtons(world),
    serverUrl: world.origin,
    apiUrl: `${world.origin}${API_PREFIX}`,
    requests: world.requests,
    violations: world.violations,
    faults: world.faults,
    webhooks: world.webhooks,
    as,
    push: (repository, push, client = as(push.author)) => pushCommit(world, repository, { client, push }),
    close: async () => {
      world.webhooks.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
