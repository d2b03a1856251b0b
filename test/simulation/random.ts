// The one source of chance of a simulation: the same seed, the same choices.
// xoshiro128** 1.1 by David Blackman and Sebastiano Vigna (https://prng.di.unimi.it/xoshiro128starstar.c), its state
// filled from the seed by SplitMix32.

export class Random {
  readonly #state: Uint32Array;

  constructor(seed: number) {
    let z = seed >>> 0;
    this.#state = Uint32Array.from({ length: 4 }, () => {
      z = (z + 0x9e3779b9) >>> 0;
      let mixed = z;
      mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      return (mixed ^ (mixed >>> 15)) >>> 0;
    });
  }

  /** A whole number below 2^32. */
  next(): number {
    const state = this.#state;
    const [a, b, c, d] = [state[0] ?? 0, state[1] ?? 0, state[2] ?? 0, state[3] ?? 0];
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    state[0] = a ^ d ^ b;
    state[1] = b ^ c ^ a;
    state[2] = c ^ a ^ (b << 9);
    state[3] = rotate(d ^ b, 11);
    return result;
  }

  /** At least 0, below 1. */
  real(): number {
    return this.next() / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.real() < probability;
  }

  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.real() * (most - least + 1));
  }

  between(least: number, most: number): number {
    return least + this.real() * (most - least);
  }

  /** Mostly short, sometimes many times the mean. */
  wait(meanMs: number): number {
    return -meanMs * Math.log(1 - this.real());
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error('nothing to choose from');
    return list[this.whole(0, list.length - 1)] as T; // in range
  }

  /** One of the choices, each as likely as its weight among all. */
  weighed<T>(choices: readonly (readonly [weight: number, choice: T])[]): T {
    let left = this.real() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, choice] of choices) {
      left -= weight;
      if (left < 0) return choice;
    }
    return this.pick(choices)[1];
  }
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
