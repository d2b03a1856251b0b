// The calls of one function in one form: its own table of answers and flights, so that a lone primitive argument is
// its key as it is, and a look-up makes no string.

import type { Answer } from '../answer.ts';
import type { Linked } from '../queue.ts';
import type { Counters } from '../stats.ts';
import type { MemoKey } from '../values/key.ts';
import type { Flight } from './flight.ts';

/** An answer the front cache keeps. */
export class Entry implements Linked<Entry> {
  readonly line: Line;
  readonly key: MemoKey;
  readonly answer: Answer;
  readonly bytes: number;
  /** Of an answer that nobody has called for yet: its place among these. */
  mark: Mark | undefined = undefined;
  // Its links in the order of age.
  next: Entry | undefined;
  previous: Entry | undefined;
  isQueued = false;

  constructor(line: Line, key: MemoKey, answer: Answer, bytes: number) {
    this.line = line;
    this.key = key;
    this.answer = answer;
    this.bytes = bytes;
  }
}

/** Stands for an entry in a queue of its own, as an item stands in one queue at a time. */
export class Mark implements Linked<Mark> {
  readonly entry: Entry;
  next: Mark | undefined;
  previous: Mark | undefined;
  isQueued = false;

  constructor(entry: Entry) {
    this.entry = entry;
  }
}

export class Line {
  readonly counters: Counters;
  /** Kept by the front cache alone. */
  readonly entries: Map<MemoKey, Entry> = new Map();
  /** The computations under way. */
  readonly flights: Map<MemoKey, Flight> = new Map();

  constructor(counters: Counters) {
    this.counters = counters;
  }

  get name(): string {
    return this.counters.name;
  }
}
