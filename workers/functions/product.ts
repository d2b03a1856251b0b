// The product of many small factors: only what is long on both sides is multiplied fast.
import { multiply } from '../../src/kernels/select.ts';

/**
 * Multiplies in pairs of like length, as a balanced tree would, while it holds no more than the result's length:
 * it counts in binary, and where a count would carry, two products become one.
 */
export class Product {
  /** Products of 2^i leaves each for the set bits i of `#leaves`, the longest first. */
  readonly #products: bigint[] = [];
  #leaves = 0;
  #leaf = 1;

  /** Takes one more factor, a whole number from 1 to 2^53 - 1. */
  times(factor: number): void {
    const leaf = this.#leaf * factor;
    if (leaf <= Number.MAX_SAFE_INTEGER) {
      this.#leaf = leaf;
      return;
    }
    this.#addLeaf(BigInt(this.#leaf));
    this.#leaf = factor;
  }

  /** The product of all factors so far; 1 without any. */
  value(): bigint {
    return this.#products.reduceRight((product, next) => multiply(product, next), BigInt(this.#leaf));
  }

  #addLeaf(leaf: bigint): void {
    let product = leaf;
    for (let carry = this.#leaves; carry % 2 === 1; carry = Math.floor(carry / 2)) {
      product = multiply(product, this.#products.pop() ?? 1n);
    }
    this.#products.push(product);
    this.#leaves++;
  }
}
