import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './options.ts';

/** The file beside a bundle that holds the licences of what is in it. */
export const LICENCES = 'THIRD-PARTY-LICENCES.txt';

/** The folder of the package that a bundled file belongs to. */
const PACKAGE_FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;

/** The licence texts of all packages in a bundle, by name: their authors ask that these go along. A package without one throws. */
export function formatLicences(inputs: readonly string[]): string {
  const folders = new Set(inputs.flatMap((path) => PACKAGE_FOLDER.exec(path)?.[0] ?? []));
  const texts = [...folders].map((folder) => formatLicence(join(ROOT, folder)));
  return `The code beside this file holds code of these packages.\n\n${texts.sort().join(`\n${'-'.repeat(80)}\n\n`)}`;
}

function formatLicence(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  const file = readdirSync(folder)
    .sort()
    .find((entry) => /^licen[cs]e(?:\.|$)/i.test(entry));
  if (file === undefined) throw new Error(`${folder} has no licence text to pass on`);
  const text = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}
