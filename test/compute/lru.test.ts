import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Everything, Lru, type Table } from '../../src/compute/lru.ts';
import { LruSlots } from '../../src/compute/lru-slots.ts';

interface Entry {
  readonly key: number;
  readonly value: number;
  readonly bytes: number;
}

// The obvious LRU: an array from the oldest to the newest.
class Model {
  entries: Entry[] = [];
  evictions = 0;
  everEvicted = 0;
  oversize = 0;
  readonly #maxsize: number;
  readonly #maxBytes: number;

  constructor(maxsize: number, maxBytes: number) {
    this.#maxsize = maxsize;
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.entries.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  peek(key: number): number | undefined {
    return this.entries.find((entry) => entry.key === key)?.value;
  }

  get(key: number): number | undefined {
    const entry = this.entries.find((one) => one.key === key);
    if (entry !== undefined) this.entries = [...this.entries.filter((one) => one !== entry), entry];
    return entry?.value;
  }

  add(key: number, value: number, bytes: number): void {
    if (this.peek(key) !== undefined || this.#maxsize === 0) return;
    if (bytes > this.#maxBytes) {
      this.oversize++;
      return;
    }
    this.entries.push({ key, value, bytes });
    while (this.entries.length > this.#maxsize || this.bytes > this.#maxBytes) {
      this.entries.shift();
      this.evictions++;
      this.everEvicted++;
    }
  }

  delete(key: number): boolean {
    const before = this.entries.length;
    this.entries = this.entries.filter((entry) => entry.key !== key);
    return this.entries.length < before;
  }

  clear(): void {
    this.entries = [];
    this.evictions = 0;
    this.oversize = 0;
  }
}

const KEYS = 8;
const everyKey = Array.from({ length: KEYS }, (_, key) => key);
const key = fc.nat({ max: KEYS - 1 });

const operation = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant('get' as const), key }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('peek' as const), key }) },
  { weight: 8, arbitrary: fc.record({ what: fc.constant('add' as const), key, bytes: fc.nat({ max: 12 }) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('delete' as const), key }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('clear' as const) }) },
);

const bound = (most: number) => fc.oneof(fc.nat({ max: most }), fc.constant(Infinity));

const bounded: readonly (readonly [string, number, (maxsize: number, maxBytes: number) => Lru | LruSlots])[] =
  [
    ['by entries and bytes', 30, (maxsize, maxBytes) => new Lru({ maxsize, maxBytes })],
    ['by entries alone', Infinity, (maxsize) => new LruSlots(maxsize)],
  ];

describe.each(bounded)('the table bounded %s', (_name, mostBytes, makeTable) => {
  test('does what an array from oldest to newest does, entry by entry and counter by counter', () => {
    let evictions = 0;
    fc.assert(
      fc.property(
        bound(5),
        mostBytes === Infinity ? fc.constant(Infinity) : bound(mostBytes),
        fc.array(operation, { maxLength: 80, size: 'max' }),
        (maxsize, maxBytes, operations) => {
          const table = makeTable(maxsize, maxBytes);
          const model = new Model(maxsize, maxBytes);
          for (const [n, step] of operations.entries()) {
            if (step.what === 'get') expect(table.get(step.key)).toBe(model.get(step.key));
            if (step.what === 'peek') expect(table.peek(step.key)).toBe(model.peek(step.key));
            if (step.what === 'delete') expect(table.delete(step.key)).toBe(model.delete(step.key));
            if (step.what === 'add') {
              table.add(step.key, n, step.bytes);
              model.add(step.key, n, step.bytes);
            }
            if (step.what === 'clear') {
              table.clear();
              model.clear();
            }
            expect(table.size).toBe(model.entries.length);
            if (mostBytes !== Infinity) expect(table.bytes).toBe(model.bytes);
            expect(table.evictions).toBe(model.evictions);
            expect(table.oversize).toBe(model.oversize);
            expect(table.size).toBeLessThanOrEqual(maxsize);
            expect(table.bytes).toBeLessThanOrEqual(maxBytes);
            expect([...table.keys()]).toEqual(model.entries.map((entry) => entry.key));
            expect(everyKey.map((k) => table.peek(k))).toEqual(everyKey.map((k) => model.peek(k)));
          }
          evictions += model.everEvicted;
        },
      ),
      { numRuns: 500 },
    );
    expect(evictions).toBeGreaterThan(300);
  });

  test('keeps the value already there when its key is added again', () => {
    const table = makeTable(2, 100);
    table.add('a', 1, 10);
    table.add('a', 2, 20);
    expect(table.get('a')).toBe(1);
    expect(table.size).toBe(1);
  });

  test('stays whole when the stack ends anywhere in it', () => {
    const table = makeTable(5, 1e9);
    for (let frame = 0; frame < 60; frame++) {
      // Frames of many sizes, so that the last call that fits is another one each time.
      const dive = (n: number, ...padding: number[]): number => {
        if (table.get(n % 11) === undefined) table.add(n % 11, -(n % 11), 1);
        return dive(n + 1, ...padding) + 1;
      };
      expect(() => dive(frame, ...Array.from({ length: frame }, () => 0))).toThrow(/call stack/);
      const keys = [...table.keys()];
      expect(table.size).toBe(keys.length);
      expect([4, 5]).toContain(keys.length); // 4 when the stack ended between an eviction and its entry
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.map((key) => table.peek(key))).toEqual(keys.map((key) => -Number(key)));
    }
  });

  test('keeps the order of thousands of entries, through deletions, evictions and clears', () => {
    const table = makeTable(5000, 1e9);
    for (let round = 0; round < 2; round++) {
      for (let key = 0; key < 6000; key++) table.add(key, -key, 1);
      for (let key = 1000; key < 6000; key += 2) table.delete(key);
      for (let key = 6000; key < 8500; key++) table.add(key, -key, 1);
      for (let key = 5999; key > 1000; key -= 2) expect(table.get(key)).toBe(-key);
      const odd = Array.from({ length: 2500 }, (_, n) => 5999 - 2 * n);
      expect([...table.keys()]).toEqual([...Array.from({ length: 2500 }, (_, n) => 6000 + n), ...odd]);
      expect(table.evictions).toBe(1000);
      table.clear();
      expect([table.size, table.evictions, ...table.keys()]).toEqual([0, 0]);
    }
  });
});

describe('the table of a memo', () => {
  const tables: readonly (readonly [string, Table])[] = [
    ['bounded by entries and bytes', new Lru({ maxsize: 2, maxBytes: 100 })],
    ['bounded by entries', new LruSlots(2)],
    ['without a bound', new Everything()],
  ];

  test.each(tables)('tells the keys undefined, null and NaN apart: %s', (_name, table) => {
    for (const key of [undefined, null, Number.NaN]) {
      table.add(key, 'kept', 1);
      expect(table.get(key)).toBe('kept');
      for (const other of [undefined, null, Number.NaN]) {
        expect(table.peek(other)).toBe(Object.is(key, other) ? 'kept' : undefined);
      }
      expect(table.delete(key)).toBe(true);
      expect(table.size).toBe(0);
    }
  });

  test('without a bound takes the new value when its key is added again, as Python’s does', () => {
    const table = new Everything();
    table.add('a', 1);
    table.add('a', 2);
    expect(table.get('a')).toBe(2);
    expect(table.size).toBe(1);
  });

  test('evicts as many entries as one large entry needs', () => {
    const table = new Lru({ maxsize: Infinity, maxBytes: 10 });
    for (const key of [1, 2, 3, 4, 5]) table.add(key, key, 2);
    table.add(6, 6, 7);
    expect([1, 2, 3, 4, 5, 6].filter((key) => table.peek(key) !== undefined)).toEqual([5, 6]);
    expect(table.evictions).toBe(4);
    table.add(7, 7, 11);
    expect(table.peek(7)).toBeUndefined();
    expect(table.size).toBe(2);
  });
});
