import type { Person } from '../review/index.ts';

/** Who is who in a repository (judge.md §1). */
export interface Identities {
  readonly judge: Person;
  readonly judgeAppId: number;
  /** The publisher's bot user; null where none is named, or it is the judge itself: then nothing is the bot's own. */
  readonly publisher: Person | null;
}
