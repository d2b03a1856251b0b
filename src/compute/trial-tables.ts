// The tables that memos get in a trial: those that record reuse distances, and those that count computations under a bound.
//
// A memo is known from one run to the next by its place: of those made while modules were imported, which one it was; of
// those made during the call, by the text of the function it wraps, as a function that makes a memo for each call makes
// it of the same text. The figures of a place are those of all its memos together: keys and computations are added up, of
// the sizes that they need the largest is taken.
import { ReuseDistances } from '../curves/reuse-distances.ts';
import type { AnyFunction } from '../types.ts';
import type { MemoKey } from '../values/key.ts';
import { Everything, type Table } from './lru.ts';
import { LruSlots } from './lru-slots.ts';
import { ObservedTable } from './observed-table.ts';
import { StopError } from './stop.ts';
import type { TableMaker } from './table-maker.ts';

/** What was recorded of the memos of one place. */
export interface Recorded {
  /** What they wrap; of several the first one's. */
  readonly fn: AnyFunction;
  /** The bound they have when nothing is tried. */
  readonly maxsize: number | null;
  distinct: number;
  hits: number;
  computations: number;
  /** The largest finite reuse distance, hits recorded at lookup and misses at completion; 0 when nothing came again. */
  needed: number;
}

/** What is to be counted. */
export interface Count {
  readonly place: string;
  readonly maxsize: number;
  /** The computation after so many is not begun, and no look-up answered from then on. */
  readonly most: number;
}

// Memos at places beyond are left as they are.
const MOST_PLACES = 1000;

/** Tells the places of memos apart, as they are made. */
class Places {
  #isCalling = false;
  #imported = 0;
  readonly #texts = new Map<string, string>();

  /** What is made from now on is made during the call. */
  beginCall(): void {
    this.#isCalling = true;
  }

  of(fn: AnyFunction): string | undefined {
    if (!this.#isCalling)
      return this.#imported++ < MOST_PLACES ? `import ${this.#imported} ${fn.name}` : undefined;
    const text = `${fn.name} ${Function.prototype.toString.call(fn)}`;
    const known = this.#texts.get(text);
    if (known !== undefined || this.#texts.size === MOST_PLACES) return known;
    const place = `call ${this.#texts.size + 1} ${fn.name}`;
    this.#texts.set(text, place);
    return place;
  }
}

/** Records every memo, none of which has a bound: so what is found of one does not depend on the others' sizes. */
export class Recorder {
  /** By place, in the order in which they were made. */
  readonly memos: Map<string, Recorded> = new Map();
  readonly #places = new Places();
  readonly #mostKeys: number;
  #keys = 0;
  #isOver = false;

  /** @param mostKeys of all memos together */
  constructor(mostKeys: number) {
    this.#mostKeys = mostKeys;
  }

  /** There were more keys, and the call was stopped. */
  get isOver(): boolean {
    return this.#isOver;
  }

  beginCall(): void {
    this.#places.beginCall();
  }

  readonly tableOf: TableMaker = (fn, { maxsize }) => {
    const place = this.#places.of(fn);
    if (place === undefined) return undefined;
    const recorded = this.memos.get(place) ?? {
      fn,
      maxsize,
      distinct: 0,
      hits: 0,
      computations: 0,
      needed: 0,
    };
    this.memos.set(place, recorded);
    return this.#record(recorded);
  };

  #record(recorded: Recorded): Table {
    let distances = new Distances();
    return new ObservedTable(new Everything(), {
      looked: (key, isHit) => {
        if (this.#isOver) throw new StopError();
        if (isHit) {
          recorded.hits++;
          recorded.needed = Math.max(recorded.needed, distances.use(key));
        } else {
          recorded.computations++;
        }
      },
      added: (key) => {
        if (distances.use(key) !== Number.POSITIVE_INFINITY) return;
        recorded.distinct++;
        this.#keys++;
        this.#isOver ||= this.#keys > this.#mostKeys;
      },
      deleted: (key) => distances.delete(key),
      cleared: () => {
        distances = new Distances();
      },
    });
  }
}

/** Counts the computations of the memos of one place under a bound; the others have none. */
export class Counter {
  readonly #places = new Places();
  readonly #count: Count;
  #isThere = false;
  #computations = 0;
  #isOver = false;

  constructor(count: Count) {
    this.#count = count;
  }

  /** Null where no memo was made at that place. */
  get computations(): number | null {
    return this.#isThere ? this.#computations : null;
  }

  /** There would have been more, and the call was stopped. */
  get isOver(): boolean {
    return this.#isOver;
  }

  beginCall(): void {
    this.#places.beginCall();
  }

  readonly tableOf: TableMaker = (fn) => {
    const place = this.#places.of(fn);
    if (place === undefined) return undefined;
    if (place !== this.#count.place) return new Everything();
    this.#isThere = true;
    return new ObservedTable(new LruSlots(this.#count.maxsize), {
      // Again at every look-up: the function may have caught the first.
      looked: (_, isHit) => {
        if (!isHit && this.#computations === this.#count.most) this.#isOver = true;
        if (this.#isOver) throw new StopError();
        if (!isHit) this.#computations++;
      },
      added: () => {},
      deleted: () => {},
      cleared: () => {},
    });
  };
}

/** Reuse distances of keys of any kind. */
class Distances {
  readonly #numbers = new Map<MemoKey, number>();
  /** Made late: a memo of one call may never be asked. */
  #distances: ReuseDistances | undefined;

  use(key: MemoKey): number {
    this.#distances ??= new ReuseDistances({ inBytes: false });
    const number = this.#numbers.get(key) ?? this.#numbers.size;
    this.#numbers.set(key, number);
    return this.#distances.reference(number, 1);
  }

  delete(key: MemoKey): void {
    const number = this.#numbers.get(key);
    if (number !== undefined) this.#distances?.delete(number);
  }
}
