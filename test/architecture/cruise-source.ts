import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';

/** One broken import rule: which rule, in which file, and what it reached. */
export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

/** What dependency-cruiser saw in `src`, and what it objects to. */
export interface CruisedSource {
  /** Paths relative to the project, sorted. */
  readonly modules: readonly string[];
  readonly violations: readonly Violation[];
}

/** The project's `.dependency-cruiser.cjs`, as data. */
export interface ImportRule {
  readonly name: string;
  readonly comment?: string;
  readonly from: { readonly path?: string };
}

/** Reads the names, comments and `from` patterns of the rules in `<root>/.dependency-cruiser.cjs`. */
export function readImportRules(root: string): readonly ImportRule[] {
  const config: { forbidden: ImportRule[] } = createRequire(import.meta.url)(
    join(root, '.dependency-cruiser.cjs'),
  );
  return config.forbidden;
}

/** Runs the rules of `<root>/.dependency-cruiser.cjs` over `<root>/src`. */
export async function cruiseSource(root: string): Promise<CruisedSource> {
  const options = await extractOptions(join(root, '.dependency-cruiser.cjs'));
  const result = await cruise(
    ['src'],
    { ...options, baseDir: root, validate: true } as ICruiseOptions,
    undefined,
    { tsConfig: extractTsConfig(join(root, 'tsconfig.json')) },
  );
  const { modules, summary } = result.output as ICruiseResult;
  return {
    modules: modules
      .filter((module) => module.source.startsWith('src/') && !module.couldNotResolve)
      .map((module) => module.source)
      .sort(),
    violations: summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}
