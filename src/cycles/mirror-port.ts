import type { ReviewRepository } from './read-snapshot.ts';

/** A pull request's objects, readable until they are released. */
export interface MirroredPull {
  readonly head: string;
  readonly git: ReviewRepository;
  release(): Promise<void>;
}

export interface Mirror {
  syncBase(branch: string): Promise<string>;
  syncPull(number: number): Promise<MirroredPull>;
}
