import Big from 'big.js';

/**
 * An exact decimal number. Money and limits are compared as the decimals people wrote, never as binary floats:
 * 0.3 → 0.4 is a step of 0.1 (`docs/adr/0002-dependencies.md`).
 */
export type Decimal = Big;

/** The decimal that a finite number's shortest text says. Throws on NaN and infinity: check with `Number.isFinite` first. */
export function decimal(value: number | string): Decimal {
  return new Big(value);
}

/** |a − b|, exactly. */
export function distance(a: number, b: number): Decimal {
  return new Big(a).minus(b).abs();
}

/** a + b on the decimals both numbers show, back as a number. */
export function addExactly(a: number, b: number): number {
  return new Big(a).plus(b).toNumber();
}

/** Decimal text without an exponent, `1.25`. */
export function formatDecimal(value: Decimal): string {
  return value.toFixed();
}
