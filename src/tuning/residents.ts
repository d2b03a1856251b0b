// What a cache of each size weighs: the bytes of the keys used last, looked at from time to time.
import type { DistanceSampler } from '../curves/distance-sampler.ts';

interface Look {
  /** At i, the bytes of the i keys used last. */
  readonly sums: Float64Array;
  /** Which part of all keys they are. */
  readonly rate: number;
}

export class Residents {
  readonly #looks: Look[] = [];

  look(sampler: DistanceSampler): void {
    const bytes = sampler.bytesByRecency();
    const sums = new Float64Array(bytes.length + 1);
    for (const [i, weight] of bytes.entries()) sums[i + 1] = (sums[i] ?? 0) + weight;
    this.#looks.push({ sums, rate: sampler.samplingRate });
  }

  /** The most that a cache of `maxsize` entries was seen to weigh. */
  bytesAt(maxsize: number): number {
    let most = 0;
    for (const { sums, rate } of this.#looks) {
      const last = Math.min(maxsize * rate, sums.length - 1);
      const whole = Math.floor(last);
      const part = (last - whole) * ((sums[whole + 1] ?? 0) - (sums[whole] ?? 0));
      most = Math.max(most, ((sums[whole] ?? 0) + (part || 0)) / rate);
    }
    return Math.round(most);
  }

  /** The most entries, up to `most`, that weigh no more than `budgetBytes`; null for no bound. */
  mostWithin(budgetBytes: number | null, most: number): number {
    if (budgetBytes === null || this.bytesAt(most) <= budgetBytes) return most;
    let [low, high] = [0, most];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.bytesAt(middle) <= budgetBytes) low = middle;
      else high = middle;
    }
    return low;
  }
}
