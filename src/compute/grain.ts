// What calls of a divided function take when they are computed in one go, as measured: it decides how many parts a call is
// worth. What a call costs in a unit of its own, its function may tell; without that, calls are told apart by the size of
// their arguments.

/** Milliseconds below which a part costs more to send than sending it gains. */
const LEAST_PART_MS = 1;
// For each worker, so that one that is done early takes over from another.
const PARTS_A_WORKER = 4;
// How much of a new measurement goes into the average.
const WEIGHT = 0.3;

export interface Sized {
  /** In the function's own unit; undefined where it has none. */
  readonly cost: number | undefined;
  /** A whole number from 0 to 63. */
  readonly size: number;
}

export class Grain {
  #msAUnit: number | undefined;
  readonly #msBySize: (number | undefined)[] = [];

  /** A call was computed in one go. */
  learn({ cost, size }: Sized, ms: number): void {
    if (cost === undefined) this.#msBySize[size] = average(this.#msBySize[size], ms);
    else if (cost > 0 && ms / cost < Infinity) this.#msAUnit = average(this.#msAUnit, ms / cost);
  }

  /** Into how many parts a call is worth to be divided; 1 for none. */
  partsOf(call: Sized, workers: number): number {
    const ms = this.#msOf(call);
    const most = PARTS_A_WORKER * workers;
    return ms === undefined ? most : Math.max(1, Math.min(most, Math.floor(ms / LEAST_PART_MS)));
  }

  #msOf({ cost, size }: Sized): number | undefined {
    if (cost === undefined) return this.#msBySize[size];
    return this.#msAUnit === undefined ? undefined : this.#msAUnit * cost;
  }
}

function average(known: number | undefined, ms: number): number {
  return known === undefined ? ms : known + WEIGHT * (ms - known);
}
