import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** All repositories were gone through; some; none, or nobody knows which there are. */
export type RoundResult = 'success' | 'partial' | 'failure';

/** What operators can watch, in Prometheus' text format at `/metrics`. */
export interface Metrics {
  readonly event: (name: string) => void;
  readonly call: (operation: string) => void;
  readonly evaluated: (conclusion: string, seconds: number) => void;
  readonly failed: (job: string) => void;
  readonly merged: (state: string) => void;
  /** A reconciliation is over; where it came to anything, since when. */
  readonly reconciled: (result: RoundResult, atMs: number) => void;
  readonly render: () => Promise<{ readonly type: string; readonly text: string }>;
}

/** Seconds; an ordinary evaluation takes less than one, the limit for judging is 30. */
const BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** A registry of its own, so that two judges in one process do not mix. */
export function createMetrics(queueLength: () => number): Metrics {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });
  const counter = (name: string, help: string, label: string) =>
    new Counter({ name, help, labelNames: [label], registers });
  const events = counter('peak_webhooks_total', 'Webhooks received', 'event');
  const calls = counter('peak_github_calls_total', 'Requests to GitHub', 'operation');
  const evaluations = counter('peak_evaluations_total', 'Pull requests judged', 'conclusion');
  const failures = counter('peak_failures_total', 'Jobs that failed', 'job');
  const merges = counter('peak_auto_merges_total', 'Attempts to merge without a hand', 'state');
  const rounds = counter(
    'peak_reconciliations_total',
    'Times that everything open was gone through',
    'result',
  );
  const seconds = new Histogram({
    name: 'peak_evaluation_seconds',
    help: 'Time from start to posted check',
    buckets: BUCKETS,
    registers,
  });
  const reconciled = new Gauge({
    name: 'peak_last_reconciliation_timestamp_seconds',
    help: 'When all repositories were last gone through',
    registers,
  });
  new Gauge({
    name: 'peak_queue_jobs',
    help: 'Jobs that wait or run',
    registers,
    collect() {
      this.set(queueLength());
    },
  });
  return {
    event: (event) => events.inc({ event }),
    call: (operation) => calls.inc({ operation }),
    evaluated: (conclusion, duration) => {
      evaluations.inc({ conclusion });
      seconds.observe(duration);
    },
    failed: (job) => failures.inc({ job }),
    merged: (state) => merges.inc({ state }),
    reconciled: (result, atMs) => {
      rounds.inc({ result });
      if (result !== 'failure') reconciled.set(atMs / 1000);
    },
    render: async () => ({ type: register.contentType, text: await register.metrics() }),
  };
}
