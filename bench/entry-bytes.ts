// What an entry of each cache costs beside its key and value: the figures behind ENTRY_BYTES in src/front/cache.ts and
// src/compute/memoize.ts. Small integers as values, so that nothing else weighs.
import { LRUCache } from 'lru-cache';
import { memoize } from 'memopool';
import { Answer } from '../src/answer.ts';
import { FrontCache } from '../src/front/cache.ts';
import { Line } from '../src/front/line.ts';
import { Counters } from '../src/stats.ts';
import { report } from './harness/report.ts';
import type { Measured } from './harness/row.ts';

const ENTRIES = 200_000;

function heapBytes(): number {
  if (globalThis.gc === undefined) throw new Error('run with node --expose-gc');
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers; // lru-cache links its entries in typed arrays
}

/** The function returns what it filled, which is kept alive until the heap has been read. */
function perEntry(fill: () => { readonly size: number }): number {
  const before = heapBytes();
  const filled = fill();
  const bytes = (heapBytes() - before) / ENTRIES;
  if (filled.size !== ENTRIES) throw new Error(`expected ${ENTRIES} entries, got ${filled.size}`);
  return bytes;
}

const lru = perEntry(() => {
  const cache = new LRUCache<number, number>({ max: ENTRIES });
  for (let key = 0; key < ENTRIES; key++) cache.set(key, 1);
  return cache;
});
const map = perEntry(() => {
  const table = new Map<number, number>();
  for (let key = 0; key < ENTRIES; key++) table.set(key, 1);
  return table;
});
const front = perEntry(() => {
  const cache = new FrontCache({ maxsize: null, maxBytes: null });
  const line = new Line(new Counters());
  for (let key = 0; key < ENTRIES; key++) cache.put(line, key, new Answer(0, 0, 1));
  return { size: line.entries.size, kept: cache };
});

function memoized(maxsize: number | null): { readonly size: number } {
  const fn = memoize((n: number) => n, { maxsize });
  for (let n = 0; n < ENTRIES; n++) fn(n);
  return {
    get size(): number {
      return fn.cacheInfo().currsize;
    },
  };
}

const row = (what: string, ours: number, peer: string, theirs: number): Measured => ({
  what,
  ours,
  peer,
  theirs,
  unit: 'bytes',
  better: 'lower',
});
report('entry-bytes', [
  row('an entry of the front cache', front, 'lru-cache', lru),
  row(
    'an entry of memoize, bounded',
    perEntry(() => memoized(ENTRIES)),
    'lru-cache',
    lru,
  ),
  row(
    'an entry of memoize, unbounded',
    perEntry(() => memoized(null)),
    'a Map',
    map,
  ),
]);
