/**
 * The local GitHub: a server on loopback that behaves like the part of GitHub that this product uses, over real
 * repositories and real git. See README.md for what it does and what it does not do.
 *
 * Invariants: nothing leaves 127.0.0.1; time is an argument; every request, answer and webhook is held against GitHub's
 * own description; `close` leaves nothing behind. Not here: anything that only one test needs.
 */
export type { Client } from './control/client.ts';
export type { NewRuleset } from './control/repositories.ts';
export { type Forge, startForge } from './forge.ts';
export { type FaultEffect, primaryLimit, secondaryLimit } from './http/faults.ts';
export {
  findOperation,
  OPERATIONS_IN_FIXTURE,
  validateRequest,
  validateResponse,
  validateWebhook,
} from './schema/github-schemas.ts';
export type { Fate } from './webhooks/webhooks.ts';
export type { Account, App, Installation, Repository } from './world/model.ts';
export type { ForgeOptions } from './world/world.ts';
