import { createHmac } from 'node:crypto';
import { type SchemaViolation, validateWebhook } from '../schema/github-schemas.ts';
import type { App, Json } from '../world/model.ts';
import { postJson } from './post-json.ts';

/** One event for one App. */
export interface Delivery {
  /** `X-GitHub-Delivery`. */
  readonly guid: string;
  readonly app: App;
  readonly event: string;
  readonly action: string | null;
  readonly payload: Json;
  /** Answers of the receiver in the order of attempts; 0 when it could not be reached. */
  readonly answers: number[];
}

/** What becomes of a delivery: GitHub sends each once, the network does what it likes. */
export type Fate = 'send' | 'drop' | 'double' | 'hold';

export interface Webhooks {
  /** Everything ever emitted, dropped ones included. */
  readonly deliveries: Delivery[];
  /** Asked once per delivery; the default sends. */
  fate: (delivery: Delivery) => Fate;
  emit(app: App, event: string, payload: Json): void;
  /** Sends what was held, one after the other, in the order that `arrange` gives them (default: as emitted). */
  release(arrange?: (held: readonly Delivery[]) => readonly Delivery[]): Promise<void>;
  /** What an owner can do by hand on GitHub's page: the same delivery once more. */
  redeliver(guid: string): Promise<void>;
  /** Resolves when every delivery sent so far, and what these caused, was answered. */
  idle(): Promise<void>;
  close(): void;
}

/** GitHub gives a receiver ten seconds: https://docs.github.com/webhooks/using-webhooks/best-practices-for-using-webhooks. */
const TIMEOUT_MS = 10_000;

/** A sender of signed webhooks; payloads that break GitHub's schema are noted as violations. */
export function createWebhooks(violations: SchemaViolation[], nextId: () => number): Webhooks {
  const abort = new AbortController();
  const pending = new Set<Promise<void>>();
  const held: Delivery[] = [];

  const send = (delivery: Delivery): Promise<void> => {
    const attempt = attemptDelivery(delivery, abort.signal);
    const tracked = attempt.finally(() => pending.delete(tracked));
    pending.add(tracked);
    return tracked;
  };
  const webhooks: Webhooks = {
    deliveries: [],
    fate: () => 'send',
    emit: (app, event, payload) => {
      violations.push(...validateWebhook(event, payload));
      const delivery = createDelivery({ app, event, payload, number: nextId() });
      webhooks.deliveries.push(delivery);
      const fate = webhooks.fate(delivery);
      if (fate === 'hold') held.push(delivery);
      if (fate === 'send' || fate === 'double') void send(delivery);
      if (fate === 'double') void send(delivery);
    },
    release: async (arrange = (all) => all) => {
      for (const delivery of arrange(held.splice(0))) await send(delivery);
    },
    redeliver: async (guid) => {
      for (const delivery of webhooks.deliveries) if (delivery.guid === guid) await send(delivery);
    },
    idle: async () => {
      while (pending.size > 0) await Promise.all(pending);
    },
    close: () => abort.abort(),
  };
  return webhooks;
}

interface NewDelivery {
  readonly app: App;
  readonly event: string;
  readonly payload: Json;
  readonly number: number;
}

function createDelivery({ app, event, payload, number }: NewDelivery): Delivery {
  const action = payload['action'];
  const guid = `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
  return { guid, app, event, action: typeof action === 'string' ? action : null, payload, answers: [] };
}

async function attemptDelivery(delivery: Delivery, signal: AbortSignal): Promise<void> {
  const { app, event, guid, payload } = delivery;
  if (app.webhook === null) return;
  const body = JSON.stringify(payload);
  const seal = (algorithm: string): string =>
    createHmac(algorithm, app.webhook?.secret ?? '')
      .update(body)
      .digest('hex');
  const headers = {
    'user-agent': 'GitHub-Hookshot/local',
    'x-github-delivery': guid,
    'x-github-event': event,
    'x-github-hook-id': String(app.id),
    'x-github-hook-installation-target-id': String(app.id),
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature': `sha1=${seal('sha1')}`,
    'x-hub-signature-256': `sha256=${seal('sha256')}`,
  };
  const timeout = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  delivery.answers.push(await postJson(app.webhook.url, { body, headers, signal: timeout }));
}
