import {
  type AutoApplyPolicy,
  type DeclinedChange,
  type Derivation,
  derive,
  type Mode,
} from '../../../src/governance/index.ts';
import type { Instant } from '../../../src/kernel/instant.ts';
import type { Parameter } from '../../../src/kernel/scalar.ts';
import type { OverrideFile } from '../../../src/liveconfig/index.ts';
import { NOW } from './at.ts';
import { evidenceOf } from './evidence.ts';
import { PARAMETERS } from './learning.ts';
import { buildPolicy } from './policy.ts';

/** What a cycle of a test depends on; everything else is fixed. */
export interface CycleInputs {
  readonly policy: AutoApplyPolicy;
  readonly mode: Mode;
  readonly clock: Instant;
  readonly published: boolean;
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Live values that differ from the base. */
  readonly live: ReadonlyMap<string, Parameter>;
  readonly autoToml: OverrideFile | null;
  readonly learningOverride: OverrideFile | null;
  readonly declined: readonly DeclinedChange[];
}

/** Both loops on evidence documents: file name → JSON value or text. */
export function runCycle(
  documents: Readonly<Record<string, unknown>>,
  overrides: Partial<CycleInputs> = {},
): Derivation {
  const inputs: CycleInputs = {
    policy: buildPolicy(),
    mode: 'bounded_auto',
    clock: NOW,
    published: false,
    parameters: PARAMETERS,
    live: new Map(),
    autoToml: null,
    learningOverride: null,
    declined: [],
    ...overrides,
  };
  const evidence = evidenceOf(documents, inputs.clock);
  return derive({
    ...inputs,
    live: new Map([...inputs.parameters, ...inputs.live]),
    effectiveMode: inputs.mode,
    requestedMode: null,
    baseCommit: null,
    history: null,
    declined: [],
    evidence,
    digests: () => ({
      policy: '11'.repeat(32),
      baseConfig: [{ file: 'config/config.toml', sha256: '22'.repeat(32) }],
      autoToml: null,
      learningOverride: null,
      evidenceFiles: evidence.table.files.length,
      evidenceRoot: null,
    }),
  });
}
