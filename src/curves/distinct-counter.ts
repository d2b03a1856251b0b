// About how many different keys came: linear counting (K. Whang et al., ACM TODS 15 (1990)), a bit for each hash.
// With n keys the standard error is sqrt(bits (e^t - t - 1)) at t = n / bits: 0.1 % at a million keys.

const BITS_LOG = 20;
const BITS = 2 ** BITS_LOG;
/** Above this share of bits set the count says too little: some 4 million keys, at an error of 0.2 %. */
const FULLEST = 0.98;

export class DistinctCounter {
  readonly #words: Int32Array = new Int32Array(BITS / 32);
  #set = 0;

  /** @param hash 32 bits, unsigned */
  see(hash: number): void {
    const place = hash >>> (32 - BITS_LOG);
    const word = this.#words[place >>> 5] ?? 0;
    const bit = 1 << (place & 31);
    if ((word & bit) !== 0) return;
    this.#words[place >>> 5] = word | bit;
    this.#set++;
  }

  /** Undefined when there were too many to tell. */
  count(): number | undefined {
    return this.#set > FULLEST * BITS ? undefined : -BITS * Math.log1p(-this.#set / BITS);
  }
}
