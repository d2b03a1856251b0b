import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { type Memoized, memoize } from '../../src/compute/memoize.ts';
import { StopError } from '../../src/compute/stop.ts';
import { setTableMaker, type TableMaker } from '../../src/compute/table-maker.ts';
import { Counter, Recorder } from '../../src/compute/trial-tables.ts';

afterEach(() => setTableMaker(undefined));

type Recursion = Memoized<(n: number) => number>;

/** Memos that are made while `maker` is set have its tables. */
function made<T>(maker: TableMaker, make: () => T): T {
  setTableMaker(maker);
  const value = make();
  setTableMaker(undefined);
  return value;
}

/** Each number asks for the smaller ones listed at its place, in that order. */
function recursion(asks: readonly (readonly number[])[]): Recursion {
  const fn: Recursion = memoize((n: number): number => {
    let sum = 1;
    for (const smaller of asks[n] ?? []) sum += fn(smaller);
    return sum;
  });
  return fn;
}

const fibonacci = Array.from({ length: 41 }, (_, n) => (n < 2 ? [] : [n - 1, n - 2]));

function recorded(make: () => Recursion, args: readonly number[]) {
  const recorder = new Recorder(1000);
  const fn = made(recorder.tableOf, make);
  for (const n of args) fn(n);
  const [found] = recorder.memos;
  if (found === undefined) throw new Error('no memo was made');
  return { place: found[0], ...found[1] };
}

function counted(make: () => Recursion, args: readonly number[], bound: { place: string; maxsize: number }) {
  const counter = new Counter({ ...bound, most: 2_000_000 });
  const fn = made(counter.tableOf, make);
  for (const n of args) fn(n);
  return counter.computations;
}

describe('the largest reuse distance of a run without a bound', () => {
  const asks = fc.array(fc.nat(1000), { maxLength: 4 });
  const graphs = fc
    .array(asks, { minLength: 2, maxLength: 14 })
    .map((all) => all.map((list, n) => (n === 0 ? [] : list.map((ask) => ask % n))));

  test('is the smallest maxsize that computes nothing twice, whatever the recursion', () => {
    fc.assert(
      fc.property(graphs, fc.array(fc.nat(1000), { minLength: 1, maxLength: 3 }), (graph, starts) => {
        const args = starts.map((n) => n % graph.length);
        const make = () => recursion(graph);
        const { place, needed, distinct, computations } = recorded(make, args);
        expect(computations).toBe(distinct);
        let smallest = 0;
        while (counted(make, args, { place, maxsize: smallest }) !== distinct) smallest++;
        expect(smallest).toBe(needed);
      }),
    );
  });

  test('is that of fib(40), and hits are counted beside computations', () => {
    expect(recorded(() => recursion(fibonacci), [40])).toMatchObject({
      distinct: 41,
      computations: 41,
      hits: 38,
      needed: 3,
      maxsize: 128,
    });
  });

  test('leaves room where results were deleted, and begins anew where all were', () => {
    const make = () => recursion([[], [], [], []]);
    const recorder = new Recorder(100);
    const fn = made(recorder.tableOf, make);
    for (const n of [1, 2, 3]) fn(n);
    fn.cacheDelete(2);
    fn(1);
    const [memo] = [...recorder.memos.values()];
    expect(memo).toMatchObject({ needed: 3, distinct: 3 });
    fn.cacheClear();
    for (const n of [1, 2, 1]) fn(n);
    expect(memo).toMatchObject({ needed: 3, distinct: 5, computations: 5, hits: 2 });
  });
});

test('recording ends where there are more keys than may be recorded', () => {
  const recorder = new Recorder(10);
  const fn = made(recorder.tableOf, () => recursion(fibonacci));
  expect(() => fn(40)).toThrow(StopError);
  expect(recorder.isOver).toBe(true);
  expect(() => fn(1)).toThrow(StopError);
});

test('counting ends at the most, and no look-up is answered from then on', () => {
  const { place } = recorded(() => recursion(fibonacci), [40]);
  const counter = new Counter({ place, maxsize: 2, most: 1000 });
  const fn = made(counter.tableOf, () => recursion(fibonacci));
  expect(() => fn(40)).toThrow(StopError);
  expect(() => fn(0)).toThrow(StopError);
  expect([counter.computations, counter.isOver]).toEqual([1000, true]);
});

test('memos are told apart by the order of import, and within a call by what they wrap', () => {
  const recorder = new Recorder(100);
  setTableMaker(recorder.tableOf);
  const plus = (by: number) => memoize((n: number) => n + by);
  const [one, other] = [plus(1), plus(2)];
  recorder.beginCall();
  const times = (by: number) => memoize((n: number) => n * by);
  const made = [times(1), times(2), plus(3)];
  for (const memo of [one, ...made]) memo(1);
  other(1);
  other(2);
  const distinct = [...recorder.memos.values()].map((memo) => memo.distinct);
  expect(distinct).toEqual([1, 2, 2, 1]);
});

test('a memo at another place has no bound while one is tried', () => {
  const counter = new Counter({ place: 'import 2 ', maxsize: 0, most: 1000 });
  const chain = Array.from({ length: 200 }, (_, n) => (n === 0 ? [] : [n - 1]));
  const [free, tried] = made(counter.tableOf, () => [recursion(chain), recursion([[], []])] as const);
  free(199);
  expect(free.cacheInfo()).toMatchObject({ misses: 200, currsize: 200, evictions: 0 });
  tried(1);
  tried(1);
  expect(counter.computations).toBe(2);
});

test('without a maker memos have their usual tables', () => {
  const fn = recursion(fibonacci);
  fn(40);
  expect(fn.cacheInfo()).toMatchObject({ misses: 41, hits: 38 });
});
