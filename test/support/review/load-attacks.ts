import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Attack } from './attack.ts';

const FOLDER = join(import.meta.dirname, '../../attacks');

/** Every folder of `test/attacks/` that holds an attack, with its name, in the order of names. */
export async function loadAttacks(): Promise<readonly (readonly [string, Attack])[]> {
  const names = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'attack.ts')));
  return Promise.all(
    names.sort().map(async (name) => {
      const { attack } = (await import(`../../attacks/${name}/attack.ts`)) as { attack: Attack };
      return [name, attack] as const;
    }),
  );
}
