/**
 * A confidence with three decimals, cut off rather than rounded up, so that 0.7499 never looks like 0.750
 * (`upstream-formats.md` W20).
 */
export function formatConfidence(confidence: number): string {
  return (Math.floor(confidence * 1000 + 1e-9) / 1000).toFixed(3);
}
