// Reuse distances against an LRU cache of every size, step by step.
import { expect, test } from 'vitest';
import { Random } from '../../src/curves/random.ts';
import { ReuseDistances } from '../../src/curves/reuse-distances.ts';
import { randomSteps, type Step, simulateLru } from './brute-lru.ts';

interface Distances {
  readonly entries: readonly number[];
  readonly bytes: readonly number[];
}

function distancesOf(steps: readonly Step[], mostKept = Infinity): Distances {
  const distances = new ReuseDistances({ inBytes: true, mostKept });
  const entries: number[] = [];
  const bytes: number[] = [];
  for (const step of steps) {
    if (step.kind === 'delete') distances.delete(step.key);
    if (step.kind === 'clear') distances.clear(step.owner);
    if (step.kind !== 'reference') continue;
    entries.push(distances.reference(step.key, step.bytes, step.owner));
    bytes.push(distances.byteDistance);
  }
  return { entries, bytes };
}

function refer(...keys: readonly number[]): Step[] {
  return keys.map((key) => ({ kind: 'reference', key, bytes: 1, owner: 0 }));
}

test('a distance counts the different keys since, the key itself included', () => {
  expect(distancesOf(refer(1, 1, 2, 3, 2, 2, 1)).entries).toEqual([Infinity, 1, Infinity, Infinity, 2, 1, 3]);
});

test('what was deleted is new, and the room it leaves saves others', () => {
  // With room for two, 3 takes the place of 2, so that 1 is still there.
  const steps = [...refer(1, 2), { kind: 'delete', key: 2 } as const, ...refer(3, 1, 2)];
  expect(distancesOf(steps).entries).toEqual([Infinity, Infinity, Infinity, 2, Infinity]);
});

const kinds = [
  { name: 'without deletions', deletions: 0, clears: 0 },
  { name: 'with deletions', deletions: 0.1, clears: 0 },
  { name: 'with many deletions', deletions: 0.4, clears: 0 },
  { name: 'with deletions and clears', deletions: 0.1, clears: 0.05 },
];

test.each(kinds)(
  '1,000 random traces $name hit as an LRU cache does, at every size and number of bytes',
  (kind) => {
    const random = new Random(1);
    for (let round = 0; round < 1000; round++) {
      const largest = 1 + random.below(6);
      const keys = 1 + random.below(12);
      const steps = randomSteps(random, { ...kind, length: 60, keys, largest });
      const { entries, bytes } = distancesOf(steps);
      for (let maxsize = 0; maxsize <= keys + 1; maxsize++) {
        const expected = simulateLru(steps, { maxsize, maxBytes: Infinity });
        expect(entries.map((distance) => distance <= maxsize)).toEqual(expected);
      }
      for (let maxBytes = largest; maxBytes <= keys * largest + 1; maxBytes += 1 + random.below(3)) {
        const expected = simulateLru(steps, { maxsize: Infinity, maxBytes });
        expect(bytes.map((distance) => distance <= maxBytes)).toEqual(expected);
      }
    }
  },
);

test('places are numbered anew again and again, and grow with the keys', () => {
  const random = new Random(2);
  const steps = randomSteps(random, {
    length: 20_000,
    keys: 1500,
    largest: 9,
    deletions: 0.1,
    clears: 0.0005,
  });
  const { entries, bytes } = distancesOf(steps);
  for (const maxsize of [1, 30, 700, 1400, 1500]) {
    expect(entries.map((distance) => distance <= maxsize)).toEqual(
      simulateLru(steps, { maxsize, maxBytes: Infinity }),
    );
    const maxBytes = 9 * maxsize;
    expect(bytes.map((distance) => distance <= maxBytes)).toEqual(
      simulateLru(steps, { maxsize: Infinity, maxBytes }),
    );
  }
});

test.each([3, 5, 10, 40])(
  'with a bound of %i distances up to it are as without one, in bytes too, and its memory is bounded',
  (mostKept) => {
    const random = new Random(mostKept);
    for (const [deletions, clears] of [
      [0, 0],
      [0.1, 0],
      [0.4, 0.005],
    ] as const) {
      const steps = randomSteps(random, {
        length: 20_000,
        keys: 3 * mostKept,
        largest: 6,
        deletions,
        clears,
      });
      const [all, bound] = [distancesOf(steps), distancesOf(steps, mostKept)];
      const isNear = all.entries.map((distance) => distance <= mostKept);
      expect(bound.entries.map((distance) => distance <= mostKept)).toEqual(isNear);
      const near = (values: readonly number[]) => values.filter((_, i) => isNear[i]);
      expect(near(bound.entries)).toEqual(near(all.entries));
      expect(near(bound.bytes)).toEqual(near(all.bytes));
    }
    const distances = new ReuseDistances({ inBytes: true, mostKept });
    for (let key = 0; key < 20_000; key++) {
      distances.reference(key, 1);
      if (key % 3 === 0) distances.delete(key - 1);
    }
    expect(distances.size).toBeLessThan(1100);
  },
);

test('a key that was forgotten leaves no room and takes none', () => {
  const distances = new ReuseDistances({ inBytes: true });
  for (const key of [1, 2, 3]) distances.reference(key, 10);
  distances.forget(2);
  expect(distances.size).toBe(2);
  expect(distances.reference(1, 0)).toBe(2);
  expect(distances.byteDistance).toBe(20);
});
