import { createFaults, type Faults } from '../http/faults.ts';
import type { RequestLogEntry } from '../http/request-log.ts';
import type { SchemaViolation } from '../schema/github-schemas.ts';
import { createWebhooks, type Webhooks } from '../webhooks/webhooks.ts';
import type { Account, App, Installation, Millis, Repository, Team, Token } from './model.ts';
import { createMutex, type Mutex } from './mutex.ts';

/** Everything the local GitHub knows. */
export interface World {
  readonly clock: () => Millis;
  /** Holds the bare repositories. */
  readonly folder: string;
  /** `http://127.0.0.1:PORT`, once it listens. */
  origin: string;
  readonly accounts: Account[];
  readonly teams: Team[];
  /** Organization id → member id → state. */
  readonly members: Map<number, Map<number, 'active' | 'pending'>>;
  readonly apps: App[];
  readonly installations: Installation[];
  readonly tokens: Map<string, Token>;
  readonly repositories: Repository[];
  readonly requests: RequestLogEntry[];
  readonly violations: SchemaViolation[];
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  /** Writes happen one after the other; readers see whole writes' refs, as on GitHub. */
  readonly writing: Mutex;
  /** Entries after which a recursive tree is cut short. */
  readonly treeLimit: number;
  /** A number never given before, for ids of every kind. */
  nextId(): number;
}

/** What a forge is started with. */
export interface ForgeOptions {
  /** Default: the machine's clock. */
  readonly clock?: () => Millis;
  /** Default 100,000 (https://docs.github.com/rest/git/trees#get-a-tree). */
  readonly treeLimit?: number;
}

/** An empty world. */
export function createWorld(folder: string, options: ForgeOptions): World {
  const clock = options.clock ?? Date.now;
  const violations: SchemaViolation[] = [];
  const nextId = createCounter();
  return {
    clock,
    folder,
    origin: '',
    accounts: [WEB_FLOW],
    teams: [],
    members: new Map(),
    apps: [],
    installations: [],
    tokens: new Map(),
    repositories: [],
    requests: [],
    violations,
    faults: createFaults(),
    webhooks: createWebhooks(violations, nextId),
    writing: createMutex(),
    treeLimit: options.treeLimit ?? 100_000,
    nextId,
  };
}

/** The account that GitHub commits as for those who write through its API or its pages: https://github.com/web-flow. */
const WEB_FLOW: Account = {
  id: 19_864_447,
  login: 'web-flow',
  type: 'User',
  email: 'noreply@github.com',
};

/** Ids start where nobody takes one for a number of a pull request. */
function createCounter(): () => number {
  let last = 1000;
  return () => {
    last += 1;
    return last;
  };
}
