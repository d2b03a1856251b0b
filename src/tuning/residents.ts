// What a cache of each size weighs: the bytes of the keys used last, looked at from time to time.
import type { NearDistances } from '../curves/near-distances.ts';

interface Look {
  /** At i, the bytes of the i keys used last; not of all, where there are too many. */
  readonly near: Float64Array;
  /** The same of those in a sample, and which part of all keys they are. */
  readonly sampled: Float64Array;
  readonly rate: number;
}

export class Residents {
  readonly #looks: Look[] = [];

  look(distances: NearDistances): void {
    const [near, sampled] = [sumsOf(distances.nearBytes()), sumsOf(distances.sampledBytes())];
    this.#looks.push({ near, sampled, rate: distances.samplingRate });
  }

  /** The most that a cache of `maxsize` entries was seen to weigh. */
  bytesAt(maxsize: number): number {
    let most = 0;
    for (const { near, sampled, rate } of this.#looks) {
      const known = Math.min(maxsize, near.length - 1);
      const beyond = sumTo(sampled, maxsize * rate) - sumTo(sampled, known * rate);
      most = Math.max(most, (near[known] ?? 0) + beyond / rate);
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

function sumsOf(bytes: readonly number[]): Float64Array {
  const sums = new Float64Array(bytes.length + 1);
  for (const [i, weight] of bytes.entries()) sums[i + 1] = (sums[i] ?? 0) + weight;
  return sums;
}

// Of as many keys, which need not be a whole number; of all when there are fewer.
function sumTo(sums: Float64Array, keys: number): number {
  const last = Math.min(keys, sums.length - 1);
  const whole = Math.floor(last);
  const sum = sums[whole] ?? 0;
  return sum + (last - whole) * ((sums[whole + 1] ?? sum) - sum);
}
