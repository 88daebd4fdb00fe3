import { parsePolicy } from '../../src/governance/index.ts';
import { POLICY_PATH } from '../../src/kernel/governed-paths.ts';
import { type InitOptions, listLaidFiles, renderTemplate } from '../../src/setup/index.ts';

/**
 * What this repository has of its own, and `peak init` does not lay: its policy (with `src/**` as machinery), its schemas, and more
 * lines in `.gitattributes` and `.gitignore` (test/setup holds that the laid lines are among them).
 */
const OWN: readonly string[] = [
  POLICY_PATH,
  '.github/peak/promotion.schema.json',
  '.gitattributes',
  '.gitignore',
];

/** This repository's workflow, manifests and the like, from the templates that `peak init` lays into others, path → text. */
export function generateOwnFiles(read: (path: string) => string | null): ReadonlyMap<string, string> {
  const policy = parsePolicy(read(POLICY_PATH));
  const operators = policy.ok ? policy.value.approvals.operators : [];
  const options: InitOptions = { profile: 'development', operators, action: './', owner: null };
  return new Map(
    listLaidFiles(options.profile).flatMap(({ path, template }): [string, string][] => {
      const text = template === null || OWN.includes(path) ? null : read(template);
      return text === null ? [] : [[path, renderTemplate(text, options)]];
    }),
  );
}
