// One event on its way into a trace, and the letters of kinds in the file.
import { TRACE_KINDS, type TraceKind } from '../curves/trace.ts';

/** An event; one object may stand for all of them in turn, so that none is made for each. */
export interface TraceEvent {
  /** Whole microseconds since the recording began; never less than the one before. */
  timeUs: number;
  kind: TraceKind;
  /** The name of the function. */
  name: string;
  /** From 1 to 2^53 - 1; of `clear` of no matter. */
  key: number;
  /** Of `complete` and `share`: whole, as is the cost. */
  bytes: number;
  costNs: number;
}

/** By kind: a letter each. */
export const LETTERS: Readonly<Record<TraceKind, string>> = {
  hit: 'h',
  join: 'j',
  complete: 'c',
  share: 's',
  evict: 'e',
  delete: 'd',
  clear: 'x',
};

/** Whether events of the kind tell bytes and cost. */
export function isWeighed(kind: TraceKind): boolean {
  return kind === 'complete' || kind === 'share';
}

/** By the code of a letter: the place of its kind in TRACE_KINDS, or undefined. */
export const PLACES: readonly (number | undefined)[] = Array.from({ length: 128 }, (_, code) => {
  const place = TRACE_KINDS.findIndex((kind) => LETTERS[kind].charCodeAt(0) === code);
  return place < 0 ? undefined : place;
});

/** The first word of a trace, and the version of its format. */
export const MAGIC = 'memopool-trace';
export const VERSION = 1;

/** Functions of one trace: a number of 16 bits each, and no more names than a pool counts. */
export const MOST_FUNCTIONS = 10_000;
/** The longest line there can be, in bytes. */
export const LONGEST_LINE = 8192;
/** Characters of a function's name; what is beyond is left out. */
export const LONGEST_NAME = 1000;
