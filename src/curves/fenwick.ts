// Sums over the first places of a row of numbers that change: O(log n) a change and a sum.
// P. Fenwick, Software: Practice and Experience 24 (1994).

export class Fenwick {
  /** At i, the sum of the places from i - (i & -i) + 1 to i. Places begin at 1. */
  readonly #sums: Float64Array;

  /** @param places how many there are, all 0 at first */
  constructor(places: number) {
    this.#sums = new Float64Array(places + 1);
  }

  /** Adds to each place what `weights` has for it: O(n) for all of them, where all are 0 before. */
  fill(weights: Float64Array): void {
    const sums = this.#sums;
    sums.set(weights);
    sums[0] = 0;
    for (let i = 1; i < sums.length; i++) {
      const above = i + (i & -i);
      if (above < sums.length) sums[above] = (sums[above] ?? 0) + (sums[i] ?? 0);
    }
  }

  add(place: number, by: number): void {
    const sums = this.#sums;
    for (let i = place; i < sums.length; i += i & -i) sums[i] = (sums[i] ?? 0) + by;
  }

  /** The sum of the places from 1 to `place`. */
  sumTo(place: number): number {
    const sums = this.#sums;
    let sum = 0;
    for (let i = place; i > 0; i &= i - 1) sum += sums[i] ?? 0;
    return sum;
  }

  clear(): void {
    this.#sums.fill(0);
  }
}
