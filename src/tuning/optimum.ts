// The optimum of a trace at some sizes. Where a trace is long it is found on a sample of its keys, with the sizes as
// much smaller: a miniature simulation (C. Waldspurger et al., USENIX ATC 2017).
import { FutureUses } from '../curves/belady.ts';
import { hashKey } from '../curves/key-hash.ts';
import type { Trace } from '../curves/trace.ts';
import { follow, type KeyCosts } from './references.ts';

/** References to go through for a size, unless that would leave too few keys. */
const REFERENCES = 100_000;
const LEAST_KEYS = 4096;
/** Steps for all sizes together: some two seconds. */
const STEPS = 12_000_000;
/** Of the sample, a size must have room for so many: less is too coarse. */
const LEAST_ROOM = 4;

/** The miss ratio of the best policy there can be at each of `sizes`; null where it would be too coarse or too long. */
export function optimalMissRatios(
  trace: Trace,
  costs: KeyCosts,
  sizes: readonly number[],
): readonly (number | null)[] {
  const { references, distinct } = costs;
  if (references === 0) return sizes.map(() => null);
  const wanted = Math.max(REFERENCES / references, LEAST_KEYS / distinct);
  const threshold = wanted >= 1 ? 2 ** 32 : wanted * 2 ** 32;
  const { uses, keys } = sampleOf(trace, costs, threshold);
  if (keys === 0) return sizes.map(() => null);
  const rate = keys / distinct;
  const every = Math.max(1, Math.ceil((sizes.length * uses.length) / STEPS));
  return sizes.map((size, i) => {
    if (size === 0) return 1;
    const room = size * rate;
    if (i % every !== 0 || (rate < 1 && room < LEAST_ROOM)) return null;
    return Math.min(1, uses.misses(Math.round(room)) / (references * rate));
  });
}

interface Sample {
  readonly uses: FutureUses;
  /** Different ones among the references. */
  readonly keys: number;
}

function sampleOf(trace: Trace, costs: KeyCosts, threshold: number): Sample {
  const uses = new FutureUses();
  const ownerOf = new Map<number, number>();
  const referenced = new Set<number>();
  follow(trace, costs, {
    reference(key, _bytes, owner) {
      if (hashKey(key) >= threshold) return;
      uses.reference(key);
      ownerOf.set(key, owner);
      referenced.add(key);
    },
    place(key, _bytes, owner) {
      if (hashKey(key) >= threshold) return;
      uses.place(key);
      ownerOf.set(key, owner);
    },
    delete: (key) => uses.delete(key),
    clear(cleared) {
      for (const [key, owner] of ownerOf) if (owner === cleared) uses.delete(key);
    },
  });
  return { uses, keys: referenced.size };
}
