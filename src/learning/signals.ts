/**
 * How does a report become a signal? The bridges and the emitter, apart from `index.ts` because they load zod, which the
 * loops themselves do not need.
 */
export type { BoundedParameter } from './bridges/build-signal.ts';
export { buildMacroWeightingSignal, type MacroSummary } from './bridges/macro.ts';
export { buildTestHealthLeverageSignal, type TestHealthSummary } from './bridges/test-health.ts';
export { buildTriggerTimingSignal, type TriggerTrainingSummary } from './bridges/trigger-training.ts';
export { findSignalFaults, formatSignalFile } from './emit.ts';
export { LearningSignal } from './schema.ts';
