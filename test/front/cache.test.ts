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
  /** Nobody has called for it yet. */
  isGuest: boolean;
}

const OWNERS = 3;

function sumOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { bytes }) => sum + bytes, 0);
}

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
    return sumOf(this.entries.filter((entry) => owner === undefined || entry.owner === owner));
  }

  #find(owner: number, key: MemoKey): Entry | undefined {
    return this.entries.find((entry) => entry.owner === owner && entry.key === key);
  }

  peek(owner: number, key: MemoKey): Answer | undefined {
    return this.#find(owner, key)?.answer;
  }

  get(owner: number, key: MemoKey): Answer | undefined {
    const entry = this.#find(owner, key);
    if (entry === undefined) return undefined;
    entry.isGuest = false;
    this.entries = [...this.entries.filter((one) => one !== entry), entry];
    return entry.answer;
  }

  put(owner: number, key: MemoKey, answer: Answer): void {
    if (this.#maxsize === 0) return;
    const bytes = ENTRY_BYTES + weigh(key) + answer.bytes;
    if (bytes > this.#maxBytes) {
      this.oversize[owner] = (this.oversize[owner] ?? 0) + 1;
      return;
    }
    this.delete(owner, key);
    while (!this.#hasRoom(this.entries, bytes)) {
      this.#evict(this.#isBeyondQuarter(this.guests()) ? this.guests()[0] : this.entries[0]);
    }
    this.entries.push({ owner, key, bytes, answer, isGuest: false });
  }

  putGuest(owner: number, key: MemoKey, answer: Answer): boolean {
    if (this.#find(owner, key) !== undefined) return false;
    const guest = { owner, key, bytes: ENTRY_BYTES + weigh(key) + answer.bytes, answer, isGuest: true };
    // Tried without a trace first: one that does not get in drives nobody out.
    const victims: Entry[] = [];
    const left = () => this.entries.filter((entry) => !victims.includes(entry));
    while (!this.#hasRoom(left(), guest.bytes)) {
      const guests = left().filter((entry) => entry.isGuest);
      const victim = this.#isBeyondQuarter([...guests, guest]) ? guests[0] : left()[0];
      if (victim === undefined) return false;
      victims.push(victim);
    }
    for (const victim of victims) this.#evict(victim);
    this.entries.push(guest);
    return true;
  }

  guests(): Entry[] {
    return this.entries.filter((entry) => entry.isGuest);
  }

  #hasRoom(entries: readonly Entry[], bytes: number): boolean {
    return entries.length + 1 <= this.#maxsize && sumOf(entries) + bytes <= this.#maxBytes;
  }

  #isBeyondQuarter(guests: readonly Entry[]): boolean {
    return guests.length > Math.floor(this.#maxsize / 4) || sumOf(guests) > Math.floor(this.#maxBytes / 4);
  }

  #evict(victim: Entry | undefined): void {
    if (victim === undefined) throw new Error('nobody to evict');
    this.entries = this.entries.filter((entry) => entry !== victim);
    this.evictions[victim.owner] = (this.evictions[victim.owner] ?? 0) + 1;
    this.evicted.push(`${victim.owner} ${victim.bytes}`);
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
  {
    weight: 9,
    arbitrary: fc.record({ what: fc.constant('putGuest' as const), ...call, bytes: fc.nat({ max: 900 }) }),
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
        bound(14),
        bound(6000),
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
            if (step.what === 'put' || step.what === 'putGuest') {
              const answer = answerOf(step.bytes);
              expect(cache[step.what](line, key, answer)).toBe(model[step.what](owner, key, answer));
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

  test('lets results that nobody called for use free room, and at most a quarter of what callers asked for', () => {
    const cache = new FrontCache({ maxsize: 8, maxBytes: null });
    const line = lineOf('f');
    for (let n = 0; n < 6; n++) cache.put(line, n, answerOf(8));
    for (let n = 100; n < 150; n++) cache.putGuest(line, n, answerOf(8));
    expect([...line.entries.keys()]).toEqual([0, 1, 2, 3, 4, 5, 148, 149]);
    cache.put(line, 6, answerOf(8)); // the guests have their quarter and no more: the oldest of all goes
    for (let n = 150; n < 200; n++) cache.putGuest(line, n, answerOf(8));
    expect([...line.entries.keys()]).toEqual([1, 2, 3, 4, 5, 6, 198, 199]);
    expect(line.counters).toMatchObject({ currsize: 8, evictions: 99 });
  });

  test('gives the room that guests have beyond their quarter to results that callers ask for, the oldest first', () => {
    const cache = new FrontCache({ maxsize: 8, maxBytes: null });
    const line = lineOf('f');
    cache.put(line, 0, answerOf(8));
    for (let n = 100; n < 107; n++) cache.putGuest(line, n, answerOf(8));
    for (let n = 1; n < 6; n++) cache.put(line, n, answerOf(8));
    expect([...line.entries.keys()]).toEqual([0, 105, 106, 1, 2, 3, 4, 5]);
  });

  test('takes a result for one that callers ask for, once one did', () => {
    const cache = new FrontCache({ maxsize: 4, maxBytes: null });
    const line = lineOf('f');
    for (let n = 0; n < 4; n++) cache.putGuest(line, n, answerOf(8));
    for (let n = 0; n < 4; n++) cache.get(line, n);
    for (let n = 100; n < 150; n++) cache.putGuest(line, n, answerOf(8));
    expect([...line.entries.keys()]).toEqual([1, 2, 3, 149]);
  });

  test.each([1, 2, 3])('of maxsize %i lets results that nobody called for have free room only', (maxsize) => {
    const cache = new FrontCache({ maxsize, maxBytes: null });
    const line = lineOf('f');
    cache.putGuest(line, 'free', answerOf(8));
    expect(cache.peek(line, 'free')).toBeDefined();
    for (let n = 0; n < maxsize; n++) cache.put(line, n, answerOf(8));
    cache.putGuest(line, 'late', answerOf(8));
    expect([...line.entries.keys()]).toEqual(Array.from({ length: maxsize }, (_, n) => n));
  });

  test('lets no large result that nobody called for drive out others in vain', () => {
    const cache = new FrontCache({ maxsize: null, maxBytes: 4000 });
    const line = lineOf('f');
    for (let n = 0; n < 9; n++) cache.put(line, n, answerOf(200));
    cache.putGuest(line, 'small', answerOf(100));
    cache.putGuest(line, 'large', answerOf(1500));
    cache.putGuest(line, 'huge', answerOf(1e6));
    expect(line.counters).toMatchObject({ currsize: 10, evictions: 0, oversize: 0 });
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
