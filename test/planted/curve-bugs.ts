// Mistakes that could be made in the miss-ratio curves and in the advice on maxsize.
import type { Bug } from './bugs.ts';

export const curves: readonly Bug[] = [
  {
    name: 'a key that comes up takes holes from below it too',
    file: 'src/curves/holed-stack.ts',
    find: 'hole !== undefined && hole > from;',
    replace: 'hole !== undefined;',
    tests: ['test/curves/reuse-distances.test.ts'],
  },
  {
    name: 'the room that a key took leaves no hole where it was',
    file: 'src/curves/holed-stack.ts',
    find: 'this.#set(from, filled);',
    replace: 'this.#set(from, 0);',
    tests: ['test/curves/reuse-distances.test.ts'],
  },
  {
    name: 'holes with a key between them come together when places are numbered anew',
    file: 'src/curves/reuse-distances.ts',
    find: 'isAfterHole = !isKey;',
    replace: 'isAfterHole ||= !isKey;',
    tests: ['test/curves/reuse-distances.test.ts'],
  },
  {
    name: 'distances of a sample are not those among all keys',
    file: 'src/curves/distance-sampler.ts',
    find: 'own + (distance - own) / rate',
    replace: 'distance',
    tests: ['test/curves/distance-sampler.test.ts'],
  },
  {
    name: 'references that the sample has too few of are missed',
    file: 'src/curves/miss-ratio-curve.ts',
    find: 'let hits = references - histogram.finite - histogram.infinite;',
    replace: 'let hits = 0;',
    tests: ['test/curves/distance-sampler.test.ts'],
  },
  {
    name: 'the threshold is taken for the part of the keys that is followed',
    file: 'src/curves/distance-sampler.ts',
    find: 'all === undefined ?',
    replace: 'all !== undefined ?',
    tests: ['test/curves/distance-sampler.test.ts'],
  },
  {
    name: 'the optimum always keeps the newcomer',
    file: 'src/curves/belady.ts',
    find: 'isKept[popHeap(ends) ?? end] = 0;',
    replace: 'isKept[popHeap(ends.filter((one) => one !== end)) ?? end] = 0;',
    tests: ['test/curves/belady.test.ts'],
  },
  {
    name: 'a size is chosen by its own time alone, however few blocks tell of it',
    file: 'src/tuning/sizes.ts',
    find: 'times.ratio(middle, best).high <= TOLERANCE',
    replace: 'times.timeAt(middle).low <= times.timeAt(best).high',
    tests: ['test/tuning/sizes.test.ts'],
  },
  {
    name: 'a miss costs the same whatever its key',
    file: 'src/tuning/references.ts',
    find: 'of === undefined || of.completions === 0 ?',
    replace: 'of === undefined || of.completions >= 0 ?',
    tests: ['test/tuning/sizes.test.ts'],
  },
  {
    name: 'a shared result counts as a call',
    file: 'src/tuning/references.ts',
    find: 'follower.place(key, bytesOf(key), owner);',
    replace: 'follower.reference(key, bytesOf(key), owner);',
    tests: ['test/tuning/sizes.test.ts'],
  },
];
