// Random numbers that a seed gives again: for generated workloads, random orders and bootstraps; not for secrets.
// The generator is sfc32 of C. Doty-Humphrey's PractRand: three chaotic words and a counter, so that no seed leads to a
// period below 2^32, and its output passes the test suites that a bootstrap would notice.

const WORD = 2 ** 32;
// Draws thrown away after seeding, for words that differ in one bit to differ in all.
const WARM_UP = 16;

export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param seed a whole number; two safe ones that differ give different numbers */
  constructor(seed: number) {
    this.#a = 0x9e3779b9;
    this.#b = seed | 0;
    this.#c = Math.floor(seed / WORD) | 0;
    for (let i = 0; i < WARM_UP; i++) this.#word();
  }

  /** Uniform in [0, 1), of 53 bits. */
  next(): number {
    const high = this.#word() >>> 5;
    const low = this.#word() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** A whole number from 0 to `count - 1`; `count` at most 2^32, above which the bias would no longer be nothing. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  #word(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum;
  }
}
