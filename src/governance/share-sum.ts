import { type Decimal, decimal } from '../kernel/decimal.ts';

/** A sum of amounts, each as a share of a width, kept exact: thirds have no decimal form, so nothing is divided. */
export class ShareSum {
  readonly #byWidth = new Map<string, { readonly width: Decimal; readonly amount: Decimal }>();

  /** Adds `amount ÷ width`; the width is above 0. */
  add(amount: Decimal, width: Decimal): void {
    const key = width.toFixed();
    const sum = this.#byWidth.get(key)?.amount.plus(amount) ?? amount;
    this.#byWidth.set(key, { width, amount: sum });
  }

  /** Whether the sum is above a share. */
  exceeds(share: number): boolean {
    const terms = [...this.#byWidth.values()];
    const all = terms.reduce((product, { width }) => product.times(width), decimal(1));
    const sum = terms.reduce((total, { amount, width }) => {
      const others = terms.reduce(
        (product, other) => (other.width === width ? product : product.times(other.width)),
        decimal(1),
      );
      return total.plus(amount.times(others));
    }, decimal(0));
    return sum.gt(all.times(decimal(share)));
  }
}
