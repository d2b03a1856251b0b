import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Everything, Lru } from '../../src/compute/lru.ts';

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
const key = fc.nat({ max: KEYS - 1 });

const operation = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant('get' as const), key }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('peek' as const), key }) },
  { weight: 8, arbitrary: fc.record({ what: fc.constant('add' as const), key, bytes: fc.nat({ max: 12 }) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('delete' as const), key }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('clear' as const) }) },
);

const bound = (most: number) => fc.oneof(fc.nat({ max: most }), fc.constant(Infinity));

describe('the table of a memo', () => {
  test('does what an array from oldest to newest does, entry by entry and counter by counter', () => {
    let evictions = 0;
    fc.assert(
      fc.property(
        bound(5),
        bound(30),
        fc.array(operation, { maxLength: 80, size: 'max' }),
        (maxsize, maxBytes, operations) => {
          const table = new Lru({ maxsize, maxBytes });
          const model = new Model(maxsize, maxBytes);
          for (const [n, step] of operations.entries()) {
            if (step.what === 'get') expect(table.get(step.key)?.value).toBe(model.get(step.key));
            if (step.what === 'peek') expect(table.peek(step.key)?.value).toBe(model.peek(step.key));
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
            expect(table.bytes).toBe(model.bytes);
            expect(table.evictions).toBe(model.evictions);
            expect(table.oversize).toBe(model.oversize);
            expect(table.size).toBeLessThanOrEqual(maxsize);
            expect(table.bytes).toBeLessThanOrEqual(maxBytes);
            for (let k = 0; k < KEYS; k++) expect(table.peek(k)?.value).toBe(model.peek(k));
          }
          evictions += model.everEvicted;
        },
      ),
      { numRuns: 500 },
    );
    expect(evictions).toBeGreaterThan(1000);
  });

  test('keeps the entry already there when its key is added again', () => {
    for (const table of [new Lru({ maxsize: 2, maxBytes: 100 }), new Everything()]) {
      table.add('a', 1, 10);
      table.add('a', 2, 20);
      expect(table.get('a')?.value).toBe(1);
      expect(table.size).toBe(1);
    }
  });

  test('holds an entry whose value is undefined', () => {
    for (const table of [new Lru({ maxsize: 2, maxBytes: 100 }), new Everything()]) {
      table.add(undefined, undefined, 1);
      expect(table.get(undefined)).toBeDefined();
      expect(table.get(undefined)?.value).toBeUndefined();
      expect(table.get(null)).toBeUndefined();
      expect(table.delete(undefined)).toBe(true);
      expect(table.size).toBe(0);
    }
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
