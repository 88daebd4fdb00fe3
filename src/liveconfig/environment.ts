import type { TomlTable } from './toml.ts';
import { isTable } from './toml.ts';

/** The modes in which a session applies live overrides (seed.md §4). `paper` is none, by design. */
const LIVE_LIKE_MODES = ['live', 'live_dry_run', 'shadow', 'paper_live', 'testnet'] as const;

/** Whether a mode is live-like. Case does not matter; anything unknown is not. */
export function isLiveLikeMode(mode: string | null): boolean {
  return mode !== null && (LIVE_LIKE_MODES as readonly string[]).includes(mode.toLowerCase());
}

/** `environment.mode` of a base configuration, or null where there is no such text. */
export function environmentMode(base: TomlTable): string | null {
  const environment = Object.hasOwn(base, 'environment') ? base['environment'] : undefined;
  if (!isTable(environment) || !Object.hasOwn(environment, 'mode')) return null;
  const mode = environment['mode'];
  return typeof mode === 'string' ? mode : null;
}
