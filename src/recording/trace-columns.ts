// The columns of a trace while it is read: they grow by doubling, and to a bound.
import type { Trace } from '../curves/trace.ts';

/** 1.7 GB of columns. */
export const MOST_EVENTS = 50_000_000;

const FIRST_ROOM = 1024;

interface Columns {
  readonly timesUs: Float64Array;
  readonly kinds: Uint8Array;
  readonly functionOf: Uint16Array;
  readonly keys: Float64Array;
  readonly bytes: Float64Array;
  readonly costsNs: Float64Array;
}

export class TraceColumns {
  #columns: Columns = withRoom(FIRST_ROOM);
  #room = FIRST_ROOM;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A row for one more event, all zeros; the caller sees to it that there are not too many. */
  add(): number {
    if (this.#length === this.#room) this.#grow();
    return this.#length++;
  }

  get columns(): Columns {
    return this.#columns;
  }

  trace(rest: Omit<Trace, keyof Columns | 'length'>): Trace {
    return { ...rest, length: this.#length, ...this.#columns };
  }

  #grow(): void {
    const before = this.#columns;
    this.#room = Math.min(MOST_EVENTS, this.#room * 2);
    this.#columns = withRoom(this.#room);
    this.#columns.timesUs.set(before.timesUs);
    this.#columns.kinds.set(before.kinds);
    this.#columns.functionOf.set(before.functionOf);
    this.#columns.keys.set(before.keys);
    this.#columns.bytes.set(before.bytes);
    this.#columns.costsNs.set(before.costsNs);
  }
}

function withRoom(rows: number): Columns {
  return {
    timesUs: new Float64Array(rows),
    kinds: new Uint8Array(rows),
    functionOf: new Uint16Array(rows),
    keys: new Float64Array(rows),
    bytes: new Float64Array(rows),
    costsNs: new Float64Array(rows),
  };
}
