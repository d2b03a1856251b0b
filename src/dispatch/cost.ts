// What calls cost, as measured: for each function, by the size of its arguments. It decides which calls travel together.
//
// A function's calls differ by orders of magnitude, fibonacci(10) and fibonacci(10^9), so one average would put a minute
// of work behind a microsecond's. Sizes are told apart by powers of two; one not met before has no known cost.
import { sizeClass } from '../values/size-class.ts';
import type { Task } from './dispatcher.ts';

// Names come from callers, so their number is bounded; the calls of further ones have no known cost.
const MOST_FUNCTIONS = 10_000;
// How much of a new measurement goes into the average: less of a longer one, which may be a pause and not the function.
const WEIGHT_OF_LONGER = 0.25;
const WEIGHT_OF_SHORTER = 0.5;

/** What calls alike in function, form and size cost. */
export class Cost {
  /** Milliseconds; undefined before the first measurement. */
  ms: number | undefined;
  /** One of them has made calls of its own, and waited for them. */
  opens = false;

  learn(ms: number): void {
    if (this.ms === undefined) this.ms = ms;
    else this.ms += (ms > this.ms ? WEIGHT_OF_LONGER : WEIGHT_OF_SHORTER) * (ms - this.ms);
  }
}

export class Costs {
  readonly #byFunction = new Map<string, (Cost | undefined)[]>();

  /** The cost of calls like `task`; undefined when there are too many functions to keep apart. */
  of({ name, form, args }: Pick<Task, 'name' | 'form' | 'args'>): Cost | undefined {
    const key = form === undefined ? name : `${form}\0${name}`;
    const costs = this.#byFunction.get(key) ?? this.#add(key);
    if (costs === undefined) return undefined;
    const size = sizeClass(args);
    const known = costs[size];
    if (known !== undefined) return known;
    const cost = new Cost();
    costs[size] = cost;
    return cost;
  }

  #add(key: string): (Cost | undefined)[] | undefined {
    if (this.#byFunction.size >= MOST_FUNCTIONS) return undefined;
    const costs: (Cost | undefined)[] = [];
    this.#byFunction.set(key, costs);
    return costs;
  }
}
