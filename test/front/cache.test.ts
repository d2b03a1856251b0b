import { getHeapStatistics } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Answer } from '../../src/answer.ts';
import { ENTRY_BYTES, FrontCache } from '../../src/front/cache.ts';
import { Line } from '../../src/front/line.ts';
import { Counters } from '../../src/stats.ts';
import type { MemoKey } from '../../src/values/key.ts';
import { weigh } from '../../src/values/weigh.ts';

function answerOf(bytes: number): Answer {
  return new Answer(bytes, 1, bytes);
}

function lineOf(name: string): Line {
  return new Line(new Counters(name));
}

interface Entry {
  readonly owner: number;
  readonly key: MemoKey;
  readonly bytes: number;
  readonly answer: Answer;
}

const OWNERS = 3;

// The obvious front cache: an array from the oldest to the newest.
class Model {
  entries: Entry[] = [];
  /** By owner. */
  readonly evictions: number[] = new Array(OWNERS).fill(0);
  readonly oversize: number[] = new Array(OWNERS).fill(0);
  /** In the order of their eviction. */
  readonly evicted: string[] = [];
  readonly #maxsize: number;
  readonly #maxBytes: number;

  constructor(maxsize: number | null, maxBytes: number | null) {
    this.#maxsize = maxsize ?? Infinity;
    this.#maxBytes = maxBytes ?? Infinity;
  }

  bytes(owner?: number): number {
    const counted = this.entries.filter((entry) => owner === undefined || entry.owner === owner);
    return counted.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  #find(owner: number, key: MemoKey): Entry | undefined {
    return this.entries.find((entry) => entry.owner === owner && entry.key === key);
  }

  peek(owner: number, key: MemoKey): Answer | undefined {
    return this.#find(owner, key)?.answer;
  }

  get(owner: number, key: MemoKey): Answer | undefined {
    const entry = this.#find(owner, key);
    if (entry !== undefined) this.entries = [...this.entries.filter((one) => one !== entry), entry];
    return entry?.answer;
  }

  put(owner: number, key: MemoKey, answer: Answer): void {
    if (this.#maxsize === 0) return;
    const bytes = ENTRY_BYTES + weigh(key) + answer.bytes;
    if (bytes > this.#maxBytes) {
      this.oversize[owner] = (this.oversize[owner] ?? 0) + 1;
      return;
    }
    this.delete(owner, key);
    this.entries.push({ owner, key, bytes, answer });
    while (this.entries.length > this.#maxsize || this.bytes() > this.#maxBytes) this.#evict();
  }

  #evict(): void {
    const oldest = this.entries.shift();
    if (oldest === undefined) return;
    this.evictions[oldest.owner] = (this.evictions[oldest.owner] ?? 0) + 1;
    this.evicted.push(`${oldest.owner} ${oldest.bytes}`);
  }

  delete(owner: number, key: MemoKey): boolean {
    const entry = this.#find(owner, key);
    this.entries = this.entries.filter((one) => one !== entry);
    return entry !== undefined;
  }

  clear(owner: number): void {
    this.entries = this.entries.filter((entry) => entry.owner !== owner);
  }
}

// The same keys in every line: a call of one function is no call of another.
const call = {
  owner: fc.nat({ max: OWNERS - 1 }),
  key: fc.constantFrom<MemoKey[]>(1, 2, 1n, '"a', '2:n1;n2;', undefined, null, true, `"${'h'.repeat(100)}`),
};

const operation = fc.oneof(
  { weight: 5, arbitrary: fc.record({ what: fc.constant('get' as const), ...call }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('peek' as const), ...call }) },
  {
    weight: 9,
    arbitrary: fc.record({ what: fc.constant('put' as const), ...call, bytes: fc.nat({ max: 900 }) }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('delete' as const), ...call }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('clear' as const), ...call }) },
);

const bound = (most: number) => fc.oneof({ weight: 4, arbitrary: fc.nat({ max: most }) }, fc.constant(null));

describe('the front cache', () => {
  test('holds its bounds, evicts in order and counts as an array from oldest to newest does', () => {
    let evicted = 0;
    fc.assert(
      fc.property(
        bound(6),
        bound(3000),
        fc.array(operation, { maxLength: 80, size: 'max' }),
        (maxsize, maxBytes, operations) => {
          const told: string[] = [];
          const lines = Array.from({ length: OWNERS }, (_, n) => lineOf(String(n)));
          const cache = new FrontCache({ maxsize, maxBytes }, ({ line, bytes }) =>
            told.push(`${line.name} ${bytes}`),
          );
          const model = new Model(maxsize, maxBytes);
          for (const step of operations) {
            const { owner, key } = step;
            const line = lines[owner] ?? lineOf('none');
            if (step.what === 'get') expect(cache.get(line, key)).toBe(model.get(owner, key));
            if (step.what === 'peek') expect(cache.peek(line, key)).toBe(model.peek(owner, key));
            if (step.what === 'delete') expect(cache.delete(line, key)).toBe(model.delete(owner, key));
            if (step.what === 'put') {
              const answer = answerOf(step.bytes);
              cache.put(line, key, answer);
              model.put(owner, key, answer);
            }
            if (step.what === 'clear') {
              cache.clear(line);
              model.clear(owner);
            }
            const total = new Counters();
            for (const [n, { counters }] of lines.entries()) {
              expect(counters.currsize).toBe(model.entries.filter((entry) => entry.owner === n).length);
              expect(counters.bytes).toBe(model.bytes(n));
              expect(counters.evictions).toBe(model.evictions[n]);
              expect(counters.oversize).toBe(model.oversize[n]);
              total.add(counters);
            }
            expect(total.currsize).toBeLessThanOrEqual(maxsize ?? Infinity);
            expect(total.bytes).toBeLessThanOrEqual(maxBytes ?? Infinity);
            for (const entry of model.entries) {
              expect(cache.peek(lines[entry.owner] ?? line, entry.key)).toBe(entry.answer);
            }
          }
          expect(told).toEqual(model.evicted);
          evicted += told.length;
        },
      ),
      { numRuns: 400 },
    );
    expect(evicted).toBeGreaterThan(1000);
  });

  test('of maxsize 0 keeps nothing', () => {
    const cache = new FrontCache({ maxsize: 0, maxBytes: null });
    const line = lineOf('f');
    cache.put(line, 1, answerOf(8));
    expect(cache.get(line, 1)).toBeUndefined();
    expect(line.counters).toMatchObject({ currsize: 0, bytes: 0, evictions: 0, oversize: 0 });
  });

  test('of maxBytes 0 keeps nothing, and counts every result as too large', () => {
    const cache = new FrontCache({ maxsize: null, maxBytes: 0 });
    const line = lineOf('f');
    cache.put(line, 1, answerOf(0));
    expect(cache.get(line, 1)).toBeUndefined();
    expect(line.counters).toMatchObject({ currsize: 0, bytes: 0, oversize: 1 });
  });

  test('without bounds keeps everything', () => {
    const cache = new FrontCache({ maxsize: null, maxBytes: null });
    const line = lineOf('f');
    for (let n = 0; n < 50_000; n++) cache.put(line, n, answerOf(1e9));
    expect(line.counters).toMatchObject({ currsize: 50_000, evictions: 0, oversize: 0 });
    expect(cache.get(line, 0)?.bytes).toBe(1e9);
  });

  test('has room for one entry exactly as large as maxBytes, and for none a byte larger', () => {
    const line = lineOf('f');
    const cache = new FrontCache({ maxsize: null, maxBytes: ENTRY_BYTES + weigh(1) + 100 });
    cache.put(line, 1, answerOf(100));
    expect(line.counters).toMatchObject({ currsize: 1, oversize: 0, bytes: ENTRY_BYTES + weigh(1) + 100 });
    cache.put(line, 2, answerOf(101));
    expect(cache.peek(line, 2)).toBeUndefined();
    expect(line.counters).toMatchObject({ currsize: 1, oversize: 1 });
    expect(cache.peek(line, 1)).toBeDefined();
  });

  test('of a maxsize of a billion takes no memory up front', () => {
    const before = heapUsed();
    const caches = Array.from({ length: 5 }, () => new FrontCache({ maxsize: 1e9, maxBytes: 2 ** 40 }));
    expect(heapUsed() - before).toBeLessThan(5 * 2 ** 20);
    const line = lineOf('f');
    for (const [n, cache] of caches.entries()) cache.put(line, n, answerOf(n));
    expect(caches.map((cache, n) => cache.get(line, n)?.bytes)).toEqual([0, 1, 2, 3, 4]);
  });

  test('replaces the answer of a call that is put again, and evicts no other for it', () => {
    const cache = new FrontCache({ maxsize: 2, maxBytes: null });
    const line = lineOf('f');
    for (const bytes of [10, 20, 30]) {
      cache.put(line, 1, answerOf(bytes));
      cache.put(line, 2, answerOf(bytes));
    }
    expect([cache.get(line, 1)?.bytes, cache.get(line, 2)?.bytes]).toEqual([30, 30]);
    expect(line.counters).toMatchObject({ currsize: 2, evictions: 0 });
  });

  test('gives what was cleared to nobody, and keeps the answers of other functions', () => {
    const cache = new FrontCache({ maxsize: 10, maxBytes: null });
    const [mine, other] = [lineOf('mine'), lineOf('other')];
    for (const key of [1, 2]) {
      cache.put(mine, key, answerOf(8));
      cache.put(other, key, answerOf(8));
    }
    cache.clear(mine);
    expect([1, 2].map((key) => cache.peek(mine, key))).toEqual([undefined, undefined]);
    expect([1, 2].map((key) => cache.peek(other, key)?.bytes)).toEqual([8, 8]);
    expect(mine.counters).toMatchObject({ currsize: 0, bytes: 0, evictions: 0 });
    expect(other.counters.currsize).toBe(2);
  });
});

function heapUsed(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}
