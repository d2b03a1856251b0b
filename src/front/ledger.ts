// The functions of a pool by name, each with its counters and its lines. Names come from callers, and that one is no
// function is only known once a worker has looked: so their number is bounded, and what is struck off stays in the sum.
import { Counters } from '../stats.ts';
import type { ResultForm } from '../types.ts';
import { Line } from './line.ts';

const MOST_NAMES = 10_000;

/** One function: what is counted of it, and a line for every form its result was asked in. */
export class FunctionRecord {
  readonly counters: Counters;
  /** The calls that ask for no form, which are nearly all. */
  readonly plain: Line;
  readonly #formed = new Map<ResultForm, Line>();

  constructor(counters: Counters) {
    this.counters = counters;
    this.plain = new Line(counters);
  }

  line(form: ResultForm | undefined): Line {
    if (form === undefined) return this.plain;
    const known = this.#formed.get(form);
    if (known !== undefined) return known;
    const line = new Line(this.counters);
    this.#formed.set(form, line);
    return line;
  }

  lines(): Line[] {
    return [this.plain, ...this.#formed.values()];
  }
}

export class Ledger {
  readonly #byName = new Map<string, FunctionRecord>();
  /** The record found last: callers mostly call the same function again. */
  #last: FunctionRecord | undefined;
  /** Of names that were struck off, or came after MOST_NAMES others. */
  readonly #others = new Counters();

  /** The record to count a call of `name` in; beyond MOST_NAMES one that is not kept, and so never hits. */
  of(name: string): FunctionRecord {
    const known = this.peek(name);
    if (known !== undefined) return known;
    if (this.#byName.size >= MOST_NAMES) return new FunctionRecord(this.#others);
    const record = new FunctionRecord(new Counters(name));
    this.#byName.set(name, record);
    return record;
  }

  /** The record of `name` if calls of it were counted. */
  peek(name: string): FunctionRecord | undefined {
    if (this.#last?.counters.name === name) return this.#last;
    this.#last = this.#byName.get(name);
    return this.#last;
  }

  records(): Iterable<FunctionRecord> {
    return this.#byName.values();
  }

  total(): Counters {
    const total = new Counters();
    total.add(this.#others);
    for (const { counters } of this.#byName.values()) total.add(counters);
    return total;
  }

  /** The computations under way. */
  flightCount(): number {
    let count = 0;
    for (const record of this.#byName.values()) for (const line of record.lines()) count += line.flights.size;
    return count;
  }

  reset(): void {
    this.#others.reset();
    for (const { counters } of this.#byName.values()) counters.reset();
  }

  /** `name` is no function: once none of its calls is under way, they count on, but not under it. */
  strike(name: string): void {
    const record = this.#byName.get(name);
    if (record === undefined || record.lines().some((line) => line.flights.size > 0)) return;
    this.#others.add(record.counters);
    this.#byName.delete(name);
    this.#last = undefined;
  }
}
