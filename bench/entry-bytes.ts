// What an entry of each cache costs beside its key and value: the figures behind ENTRY_BYTES in src/front/cache.ts and
// src/compute/memoize.ts. Small integers as values, so that nothing else weighs.
import { memoize } from 'memopool';
import { FrontCache } from '../dist/src/front/cache.js';
import { Line } from '../dist/src/front/line.js';
import { Counters } from '../dist/src/stats.js';
import { Answer } from '../dist/src/wire.js';

const ENTRIES = 200_000;

function heapBytes(): number {
  if (globalThis.gc === undefined) throw new Error('run with node --expose-gc');
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

// The last argument keeps what was filled alive until the heap has been read.
function perEntry(name: string, fill: () => { readonly kept: unknown }): void {
  const before = heapBytes();
  const filled = fill();
  const bytes = (heapBytes() - before) / ENTRIES;
  console.log(
    `${name.padEnd(28)}${bytes.toFixed(0).padStart(6)} bytes an entry`,
    filled.kept === undefined ? '?' : '',
  );
}

console.log(`Node ${process.version}, ${ENTRIES} entries`);
perEntry('front cache', () => {
  const cache = new FrontCache({ maxsize: null, maxBytes: null });
  const line = new Line(new Counters());
  for (let key = 0; key < ENTRIES; key++) cache.put(line, key, new Answer(0, 0, 1));
  return { kept: cache };
});
perEntry('memoize, bounded', () => {
  const fn = memoize((n: number) => n, { maxsize: ENTRIES });
  for (let n = 0; n < ENTRIES; n++) fn(n);
  return { kept: fn };
});
perEntry('memoize, unbounded', () => {
  const fn = memoize((n: number) => n, { maxsize: null });
  for (let n = 0; n < ENTRIES; n++) fn(n);
  return { kept: fn };
});
