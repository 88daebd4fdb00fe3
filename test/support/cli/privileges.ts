import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Root may read and write everything; without these two capabilities permissions hold for it, too (capabilities(7)). */
const WITHOUT_PRIVILEGE = [
  'setpriv',
  '--inh-caps=-all',
  '--bounding-set=-dac_override,-dac_read_search',
] as const;

/**
 * The words to put before a command so that file permissions hold for it: none for an ordinary user, `setpriv` for root.
 * Null where root cannot be made to obey.
 */
export function obeyingPermissions(): readonly string[] | null {
  const candidates = process.getuid?.() === 0 ? [WITHOUT_PRIVILEGE] : [[]];
  return candidates.find(obeys) ?? null;
}

function obeys(wrapper: readonly string[]): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'peak-probe-'));
  try {
    const file = join(folder, 'file');
    writeFileSync(file, 'x');
    chmodSync(file, 0o000);
    const [command = '', ...args] = [...wrapper, 'cat', file];
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    return status === 1 && /denied/i.test(stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * The words that start a shell in a mount namespace of its own, where a disk can be mounted: for root, else with a user
 * namespace. Null where neither is allowed.
 */
export function mountingDisks(): readonly string[] | null {
  const candidates = [
    ['unshare', '--mount'],
    ['unshare', '--user', '--map-root-user', '--mount'],
  ];
  const probe = 'mkdir -p "$0/disk" && mount -t tmpfs -o size=64k tmpfs "$0/disk"';
  const folder = mkdtempSync(join(tmpdir(), 'peak-probe-'));
  try {
    const works = ([command = '', ...args]: readonly string[]): boolean =>
      spawnSync(command, [...args, 'sh', '-c', probe, folder]).status === 0;
    return candidates.find(works) ?? null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
