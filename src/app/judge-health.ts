import { formatInstant, type Instant, MINUTE_MS } from '../kernel/instant.ts';

/** A reconciliation starts every ten minutes; this leaves room for one that failed, and one that takes long. */
const LATE_MS = 25 * MINUTE_MS;

/** What `/ready` answers. */
export interface Readiness {
  readonly ready: boolean;
  /** Why not: nothing was gone through yet, or not for too long; GitHub refuses the key; the process ends. */
  readonly reason: 'starting' | 'late' | 'key_refused' | 'stopping' | null;
  /** When a reconciliation last succeeded. */
  readonly reconciled_at: string | null;
}

/** Whether an instance does its work, as those who watch it ask. */
export class JudgeHealth {
  #succeededAt: Instant | null = null;
  #isRefused = false;
  #isStopping = false;

  succeeded(at: Instant): void {
    this.#succeededAt = at;
    this.#isRefused = false;
  }

  /** GitHub takes the key for none of the App's. */
  refused(): void {
    this.#isRefused = true;
  }

  stopping(): void {
    this.#isStopping = true;
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  read(now: Instant): Readiness {
    const reason = this.#reason(now);
    const at = this.#succeededAt;
    return { ready: reason === null, reason, reconciled_at: at === null ? null : formatInstant(at) };
  }

  #reason(now: Instant): Readiness['reason'] {
    if (this.#isStopping) return 'stopping';
    if (this.#isRefused) return 'key_refused';
    if (this.#succeededAt === null) return 'starting';
    return now - this.#succeededAt > LATE_MS ? 'late' : null;
  }
}
