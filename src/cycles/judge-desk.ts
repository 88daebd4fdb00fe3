import type { Instant } from '../kernel/instant.ts';
import type { AccessReader } from './access-reader-port.ts';
import type { CheckRuns } from './check-runs-port.ts';
import type { Identities } from './identities-port.ts';
import type { JudgeMemory } from './judge-memory.ts';
import type { Merging } from './merging-port.ts';
import type { RepositoryMirror } from './mirror-port.ts';
import type { PullReader } from './pull-reader-port.ts';
import type { Talking } from './talking-port.ts';

/** Everything that judging one repository needs of the outside world, and what it remembers of it. */
export interface JudgeDesk {
  /** `owner/name`, for people. */
  readonly name: string;
  readonly identities: Identities;
  readonly pulls: PullReader;
  readonly access: AccessReader;
  readonly checks: CheckRuns;
  readonly merging: Merging;
  readonly talking: Talking;
  readonly mirror: RepositoryMirror;
  readonly memory: JudgeMemory;
  readonly clock: () => Instant;
  /** Does something in a while; `stop` prevents it, or waits for it and answers what it answered. */
  readonly after: <T>(ms: number, work: () => Promise<T>) => { stop(): Promise<T | null> };
  /** Names this instance and evaluation, and begins with its time in milliseconds: later ones sort behind earlier ones. */
  readonly stamp: () => string;
}
