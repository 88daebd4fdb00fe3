import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package whose code is in the bundle. */
interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** The text that has to be passed on with it. */
  readonly text: string;
}

/** The packages that some of the bundled files belong to, by name. `locate` turns a path of the bundler into one on disk. */
export function listBundledPackages(
  inputs: readonly string[],
  locate: (path: string) => string,
): readonly BundledPackage[] {
  const folders = new Set(inputs.flatMap((path) => PACKAGE_FOLDER.exec(path)?.[0] ?? []));
  return [...folders].sort().map((folder) => readPackage(locate(folder)));
}

const PACKAGE_FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;

function readPackage(folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  const file = readdirSync(folder)
    .sort()
    .find((entry) => /^licen[cs]e(?:\.|$)/i.test(entry));
  const text = file === undefined ? null : readFileSync(join(folder, file), 'utf8');
  if (name === undefined || version === undefined || license === undefined)
    throw new Error(`${folder} does not say what it is`);
  if (text === null && !PERMITTED_WITHOUT_TEXT.has(name))
    throw new Error(`${name} ships no licence text: look for it, and note it in scripts/bundle/notices.ts`);
  return { name, version, license, text: text ?? PERMITTED_WITHOUT_TEXT.get(name) ?? '' };
}

/** Packages that ship no licence file, and what stands for it. */
const PERMITTED_WITHOUT_TEXT: ReadonlyMap<string, string> = new Map([]);

/** The notices as one text. */
export function formatNotices(packages: readonly BundledPackage[]): string {
  const line = '-'.repeat(100);
  const parts = packages.map(
    ({ name, version, license, text }) =>
      `${line}\n${name} ${version} (${license})\n\n${text.replaceAll('\r\n', '\n').trim()}\n`,
  );
  return `The file peak.js beside this one holds code of these packages.\n\n${parts.join('\n')}`;
}
