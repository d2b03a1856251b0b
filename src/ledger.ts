// The counters of every function of a pool, by name. Names come from callers, and that one is no function is only
// known once a worker has looked: so their number is bounded, and what is struck off stays in the sum.
import { Counters } from './stats.ts';

const MOST_NAMES = 10_000;

export class Ledger {
  readonly #byName = new Map<string, Counters>();
  /** Of names that were struck off, or came after MOST_NAMES others. */
  readonly #others = new Counters();

  /** The counters to count a call of `name` in. */
  of(name: string): Counters {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    if (this.#byName.size >= MOST_NAMES) return this.#others;
    const counters = new Counters(name);
    this.#byName.set(name, counters);
    return counters;
  }

  /** The counters of `name` if calls of it were counted, else zeros. */
  peek(name: string): Counters {
    return this.#byName.get(name) ?? new Counters(name);
  }

  total(): Counters {
    const total = new Counters();
    for (const counters of this.#all()) total.add(counters);
    return total;
  }

  reset(): void {
    for (const counters of this.#all()) counters.reset();
  }

  /** `name` is no function: its calls count on, but not under it. */
  strike(name: string): void {
    this.#others.add(this.peek(name));
    this.#byName.delete(name);
  }

  #all(): Counters[] {
    return [this.#others, ...this.#byName.values()];
  }
}
